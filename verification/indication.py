"""Tell a report's signature checks in the words of the European standard, for programs that speak it.

In:    the checks of a report
Out:   main indication and sub-indication of the signature alone: nothing about the register or the certificate's state
Spec:  ETSI EN 319 102-1 §5.1.3 (tables 5, 6); TS 119 102-2 §4.2.4
"""

from collections.abc import Iterable

from verification.report_parts import Axis, Check, Outcome, Step

PASSED, FAILED, INDETERMINATE = "TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"
_FORMAT, _CONSTRAINTS, _NO_CHAIN = "FORMAT_FAILURE", "SIG_CONSTRAINTS_FAILURE", "NO_CERTIFICATE_CHAIN_FOUND"
_WHOLE = {Axis.READABLE, Axis.INTACT, Axis.SEALED}
_FAILURES = {  # by code, else by step
    "form.weak_digest": (INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE"),
    "form.weak_key": (INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE"),
    "form.certificate_reference": (INDETERMINATE, "NO_SIGNING_CERTIFICATE_FOUND"),
    "form.certificate_unreadable": (INDETERMINATE, "NO_SIGNING_CERTIFICATE_FOUND"),
    "sealed.outside": (INDETERMINATE, "OUT_OF_BOUNDS_NO_POE"),
    "sealed.expired": (INDETERMINATE, "OUT_OF_BOUNDS_NO_POE"),
    "sealed.not_yet_valid": (INDETERMINATE, "NOT_YET_VALID"),
    "sealed.key_outside": (INDETERMINATE, "OUT_OF_BOUNDS_NO_POE"),
    "sealed.suspended": (INDETERMINATE, "TRY_LATER"),
    "sealed.distrusted": (INDETERMINATE, "REVOKED_NO_POE"),
    "sealed.path_refused": (INDETERMINATE, "CERTIFICATE_CHAIN_GENERAL_FAILURE"),
    "sealed.stray_certificate": (INDETERMINATE, "CERTIFICATE_CHAIN_GENERAL_FAILURE"),
    "sealed.other_purpose": (INDETERMINATE, "CHAIN_CONSTRAINTS_FAILURE"),
    "sealed": (INDETERMINATE, _NO_CHAIN),
    "unchanged": (FAILED, "HASH_FAILURE"),
    "signed": (FAILED, "SIG_CRYPTO_FAILURE"),
    "certified": (INDETERMINATE, _CONSTRAINTS),
    "whole": (INDETERMINATE, _CONSTRAINTS),
    "single.none": (INDETERMINATE, "SIGNED_DATA_NOT_FOUND"),
}


def of(checks: Iterable[Check]) -> dict[str, str | None]:
    """The two indications of the signature checks."""
    counted = [check for check in checks if check.step.axis in _WHOLE]
    failed = next((check for check in counted if check.outcome is Outcome.FAILED), None)
    if failed is not None:
        main, sub = _FAILURES.get(failed.code) or _FAILURES.get(failed.step.value) or (FAILED, _FORMAT)
        return {"indication": main, "subindication": sub}
    seen = {check.step for check in counted if check.outcome is Outcome.PASSED}
    if {Step.READABLE, Step.SIGNED, Step.SEALED} <= seen:
        return {"indication": PASSED, "subindication": None}
    return {"indication": INDETERMINATE, "subindication": _NO_CHAIN if Step.SIGNED in seen else "GENERIC"}
