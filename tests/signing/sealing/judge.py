"""A strict outside judge in the suite: pyHanko's AdES validation, offline, revocation data for every certificate."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from verification import certificates

from .conftest import AT, certificate, opened


def spec(root: bytes) -> SignatureValidationSpec:
    """pyHanko as a strict judge: our root, nothing from the network, revocation data for every certificate."""
    anchors = SimpleTrustManager.build([asn1_x509.Certificate.load(root)])
    policy = CertValidationPolicySpec(trust_manager=anchors, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO))
    offline = RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    return SignatureValidationSpec(policy, revinfo_gathering_policy=offline, key_usage_settings=usage)


def judged(document: bytes, *, at: datetime) -> tuple[str, bool]:
    """What the judge says at a time, with nothing but the file and the root."""
    reader = opened(document)
    (signature,) = reader.embedded_signatures
    rules = replace(spec(certificates.der(certificate("root"))), local_knowledge=ades._dss_to_local_knowledge(reader))
    signature.compute_integrity_info()
    found = asyncio.run(
        ades.ades_with_time_validation(
            signature.signed_data,
            rules,
            raw_digest=signature.compute_digest(),
            timing_info=ValidationTimingInfo(at, at, point_in_time_validation=True),
        )
    )
    return found.ades_subindic.name, found.api_status.bottom_line


def judged_in_future(document: bytes, year: int) -> str:
    """What the judge will say in a year to come, if somebody keeps the file time-stamped until then."""
    (signature,) = opened(document).embedded_signatures
    found = asyncio.run(
        ades.simulate_future_ades_lta_validation(
            signature,
            PdfSignatureValidationSpec(spec(certificates.der(certificate("root")))),
            future_validation_time=datetime(year, 1, 1, tzinfo=UTC),
            current_reference_time=AT + timedelta(hours=1),
        )
    )
    return str(found.ades_subindic.name)
