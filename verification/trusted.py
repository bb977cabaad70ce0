"""Decide whose a signing certificate is, and whether it was trusted at the time it signed.

In:    a signature with the certificates that came with it, the time that is judged; a trust list, or roots
Out:   the owner, or the reason why the certificate is not trusted

Order: with a list, a certificate is trusted because it is listed; with roots, because a path leads to one of them.
Trust: certificates that merely travel along are not signed by the seal, so each must be vouched for (known, or issued
       by one that is), else a byte in them could change unnoticed.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from verification import certificates
from verification.certificates import Path
from verification.errors import CertificateRefused, CheckFailed
from verification.pdf.cms import Cms
from verification.report import Facts
from verification.trust_list import ListedKey, Standing, TrustList
from verification.vouching import vouched

DOCUMENT_SIGNING = {  # RFC 9336, and two older names for the same
    ObjectIdentifier("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),
    ObjectIdentifier("1.2.840.113583.1.1.5"),
}
_ORGANISATION = re.compile(r"[A-Z]{2}:CN-([0-9A-Z]{18})")  # EN 319 412-1 §5.1.4
_STANDINGS = {Standing.OUTSIDE: "outside", Standing.SUSPENDED: "suspended", Standing.DISTRUSTED: "distrusted"}


@dataclass(frozen=True, slots=True)
class Roots:
    """Trust anchors without a list: whoever a path leads to them from is believed to be whom its certificate names."""

    certificates: Path


Trust: TypeAlias = TrustList | Roots


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose seal it is; a certificate may leave the code out."""

    code: str | None
    certificate: str

    def facts(self) -> Facts:
        """What the report tells."""
        return {"certificate": self.certificate} | ({} if self.code is None else {"authority": self.code})


def known(trust: Trust) -> Path:
    """Every certificate that is trusted to issue, stamp or answer."""
    if isinstance(trust, Roots):
        return trust.certificates
    return (*trust.issuers, *(key.certificate for key in (*trust.tsa, *trust.ocsp)))


def seal(trust: Trust, signed: Cms, stored: Path, *, at: datetime) -> Owner:
    """The owner of a seal that was trusted at a time; `stored`: certificates that may stand between it and a root."""
    name = certificates.thumbprint(signed.signer)
    if isinstance(trust, Roots):
        _lead(trust, signed, stored, at=at)
        _require_purpose(signed.signer, DOCUMENT_SIGNING, needed=False)
        return Owner(_code_of(signed.signer), name)
    found = trust.seal(name)
    if found is None:
        raise CheckFailed(reason="unknown_seal", certificate=name)
    require_usable(found[1], at=at)
    _vouch(signed, trust.issuers)
    return Owner(found[0].code, name)


def hub_seal(trust: Trust, signed: Cms, stored: Path, *, at: datetime) -> Owner:
    """The hub itself, by a key of its own that was trusted at a time; by roots alone, whom the certificate names."""
    if isinstance(trust, Roots):
        return seal(trust, signed, stored, at=at)
    name = certificates.thumbprint(signed.signer)
    found = next((key for key in trust.status_keys if key.thumbprint == name), None)
    if found is None:
        raise CheckFailed(reason="unknown_seal", certificate=name)
    require_usable(found, at=at)
    _vouch(signed, trust.issuers)
    return Owner(None, name)


def stamper(trust: Trust, token: Cms, stored: Path, *, at: datetime) -> str:
    """The name of a time-stamp authority's certificate that was trusted at a time."""
    name = certificates.thumbprint(token.signer)
    if isinstance(trust, Roots):
        _lead(trust, token, stored, at=at)
        _require_purpose(token.signer, {ExtendedKeyUsageOID.TIME_STAMPING}, needed=True)  # RFC 3161 §2.3
        return name
    found = next((key for key in trust.tsa if key.thumbprint == name), None)
    if found is None:
        raise CheckFailed(reason="unknown_seal", certificate=name)
    require_usable(found, at=at)
    _vouch(token, trust.issuers)
    return name


def _lead(roots: Roots, signed: Cms, stored: Path, *, at: datetime) -> None:
    try:
        certificates.path(signed.signer, (*signed.others, *stored), roots.certificates, at=at)
    except CertificateRefused as refused:
        reason = str(refused.facts["reason"]).replace("-", "_")
        told = reason if reason in ("unknown_issuer", "expired", "not_yet_valid") else "path_refused"
        raise CheckFailed(reason=told, certificate=certificates.thumbprint(signed.signer)) from None
    _vouch(signed, (*roots.certificates, *stored))


def _require_purpose(signer: x509.Certificate, purposes: set[ObjectIdentifier], *, needed: bool) -> None:
    named = certificates.purposes(signer)
    meant = bool(named & purposes) or not (named or needed)
    if not meant or not certificates.signs_content(signer):
        raise CheckFailed(reason="other_purpose", certificate=certificates.thumbprint(signer))


def require_usable(key: ListedKey, *, at: datetime) -> Facts:
    """The name of a listed key's certificate, if the key was trusted at a time."""
    standing = key.standing(at)
    if standing is not Standing.USABLE:
        raise CheckFailed(reason=_STANDINGS[standing], certificate=key.thumbprint)
    return {"certificate": key.thumbprint}


def _vouch(signed: Cms, familiar: Path) -> None:
    if not vouched(signed.others, (signed.signer,), familiar):
        raise CheckFailed(reason="stray_certificate", certificate=certificates.thumbprint(signed.signer))


def _code_of(certificate: x509.Certificate) -> str | None:
    named = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    found = _ORGANISATION.fullmatch(str(named[0].value)) if named else None
    return found and found[1]
