"""Read what is given beside the files: who is trusted, a status list, proofs from the log.

In:    roots (PEM), a signed trust list, or both; evidence files of any kind, told apart by how they begin
Out:   means for verifying

Trust: a list given together with roots is checked against them; a list given alone is taken as it is, because
       whoever gives it trusts it. Nothing is fetched.
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509

from verification import log_evidence, report
from verification.brought import Means
from verification.evidence import Evidence
from verification.status_list import StatusList
from verification.trust_list import TrustList
from verification.trusted import Roots, Trust

POLICIES = {"offline": (report.OFFLINE, report.CODE), "strict": (report.STRICT, report.CODE_STRICT)}


def means(trust: Sequence[str], evidence: Sequence[str], policy: str, *, at: datetime) -> Means:
    """What the named files say."""
    trusted = _trust([Path(name).read_bytes() for name in trust], at=at)
    given = [Path(name).read_bytes() for name in evidence]
    proofs = [data for data in given if log_evidence.begins(data)]
    lists = [data for data in given if not log_evidence.begins(data)]
    if len(proofs) > 1 or len(lists) > 1:
        raise ValueError("one status list and one proof from the log, please")
    file, code = POLICIES[policy]
    status = _status(lists[0], trusted, at) if lists else None
    return Means(trusted, status, Evidence(log=proofs[0] if proofs else None), file=file, code=code)


def _status(data: bytes, trust: Trust, at: datetime) -> StatusList:
    from verification import status_list

    if not isinstance(trust, TrustList):
        raise ValueError("a status list needs a trust list")
    return status_list.read(data, trust, at=at)


def _trust(given: Iterable[bytes], *, at: datetime) -> Trust:
    roots, lists = [], []
    for data in given:
        if b"-----BEGIN CERTIFICATE-----" in data:
            roots += x509.load_pem_x509_certificates(data)
        else:
            lists.append(data.decode("ascii", errors="replace").strip() if data[:1] != b"{" else data)
    if not lists:
        return Roots(tuple(roots))
    if len(lists) > 1:
        raise ValueError("one trust list, please")
    return _listed(lists[0], roots, at=at)


def _listed(given: str | bytes, roots: Sequence[x509.Certificate], *, at: datetime) -> TrustList:
    from verification import jws, trust, trust_list_text

    if isinstance(given, bytes):
        return trust_list_text.from_bytes(given)
    if not roots:
        return trust_list_text.from_bytes(jws.unverified_payload(given, limit=trust.LIMIT))
    opened = trust.open_list(given, roots=roots, at=at, unsafe_allow_samples=True)
    if opened.stale:
        sys.stderr.write("verification: the trust list is out of date\n")
    return opened.list
