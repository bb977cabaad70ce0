"""Judge whether the log knows an act: evidence beside what was signed, the log's keys from the trust list.

In:    the statement's digest or the act's leaf, evidence in either form or nothing, who is trusted
Out:   facts for the report, or the reason why the check failed or cannot be made

Trust: the entry inside the evidence must itself say what was done; any other true entry proves nothing.
"""

from verification import log_evidence, notes
from verification.errors import CheckFailed, CheckUnknown, Refusal
from verification.inclusion import Logged
from verification.notes import NoteKey
from verification.report import Facts
from verification.trust_list import TrustList
from verification.trusted import Trust
from verification.values import written

ISSUED = "issued"
_UNKNOWN = {"unknown-log": "unknown_log", "pending": "pending"}


def judge(digest: str, evidence: bytes | None, trust: Trust) -> Facts:
    """The issue of exactly this statement stands in a log that is trusted."""
    found = of_act(evidence, trust, event=ISSUED)
    if found.entry is None or found.entry.facts.get("statement") != digest:
        raise CheckFailed(reason="other_entry")
    return facts(found)


def of_act(evidence: bytes | None, trust: Trust, *, event: str, leaf: bytes | None = None) -> Logged:
    """An act of a kind, told by evidence in either form; `leaf`: exactly this act, whether or not it is opened."""
    if evidence is None:
        raise CheckUnknown(reason="not_asked")
    if not isinstance(trust, TrustList):
        raise CheckUnknown(reason="no_list")
    found = _checked(evidence, trust, leaf)
    if found.entry.event != event if found.entry is not None else leaf is None:
        raise CheckFailed(reason="other_entry")
    return found


def facts(found: Logged) -> Facts:
    """Where an act stands, since when."""
    tree = found.checkpoint.tree
    told: dict[str, str | int] = {"origin": tree.origin, "index": found.index, "size": tree.size}
    if found.entry is not None:
        told["at"] = written(found.entry.at)
    if found.stamped is not None:
        told["stamped"] = written(found.stamped.at)
    return told


def keys(trust: TrustList) -> tuple[NoteKey, ...]:
    """The keys of the logs that a trust list names."""
    found = (notes.log_key(listed.origin, listed.public_key) for listed in trust.log_keys)
    return tuple(key for key in found if key is not None)


def _checked(evidence: bytes, trust: TrustList, leaf: bytes | None) -> Logged:
    try:
        return log_evidence.check(evidence, keys(trust), leaf=leaf, trust=trust)
    except Refusal as refused:
        reason = refused.facts.get("reason")
        if reason in _UNKNOWN:
            raise CheckUnknown(reason=_UNKNOWN[str(reason)]) from None
        failed = "other_entry" if reason == "other-entry" else "broken"
        raise CheckFailed(reason=failed, **({} if failed == "other_entry" else {"told": refused.code})) from None
