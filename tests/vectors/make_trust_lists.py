"""Rebuild the frozen trust lists: `python -m tests.vectors.make_trust_lists`.

Out:   trust_lists/*.jws (exact tokens, signed by the sample trust-list key) and trust_lists.sums (payload digests)

The bytes are frozen: a change here that alters one of them is a new format, not an edit.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

import keys_sample
from keys_sample.profiles import BODIES
from signing import jws
from signing import trust as signing_trust
from verification import certificates, digests, public_keys, trust, trust_list_text
from verification.jws import unverified_payload
from verification.legal_dates import Validity
from verification.public_keys import Algorithm, PublicKey
from verification.trust import OpenedList
from verification.trust_list import (
    Authority,
    Entitlement,
    ListedKey,
    LogKey,
    Name,
    Successor,
    Suspension,
    TrustList,
)

HERE = Path(__file__).parent
SAMPLES = Path(keys_sample.__file__).parent
TYPE = "11410000000000000T"
MONTH = timedelta(days=30)
FIRST, SECOND = datetime(2026, 3, 1, 16, tzinfo=UTC), datetime(2026, 3, 20, 1, 30, tzinfo=UTC)
EVER = Validity(None, None)


def certificate(name: str) -> x509.Certificate:
    """A sample certificate."""
    return certificates.read((SAMPLES / f"{name}.pem").read_bytes())


class SteadyKey:
    """A sample P-256 key that signs the same bytes in the same way each time (RFC 6979)."""

    algorithm = Algorithm.ES256
    chain: tuple[x509.Certificate, ...] = ()

    def __init__(self, name: str) -> None:
        self._private = load_pem_private_key((SAMPLES / f"{name}.key").read_bytes(), None)
        self.certificate: x509.Certificate | None = certificate(name)
        self.key_id = certificates.thumbprint(certificate(name))
        self.public_key: PublicKey = public_keys.of_certificate(certificate(name))

    def sign(self, data: bytes) -> bytes:
        """The signature over the data."""
        assert isinstance(self._private, ec.EllipticCurvePrivateKey)
        return self._private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def key(name: str, **more) -> ListedKey:
    """A sample certificate as the list names it."""
    return ListedKey(certificate(name), more.pop("validity", EVER), **more)


def office() -> Authority:
    """Renamed once; one right in its own name, one that ended, one for its principal."""
    name, code = BODIES["defence"].name, BODIES["defence"].code
    return Authority(
        code=code,
        names=(
            Name(BODIES["defence-former"].name, Validity(None, date(2025, 12, 31))),
            Name(name, Validity(date(2026, 1, 1), None)),
        ),
        nameplates=(Name(BODIES["defence-former"].name, Validity(date(2026, 1, 1), date(2026, 6, 30))),),
        region="410800",
        successors=(),
        seals=(key("defence-former-seal", validity=Validity(None, date(2026, 1, 31))), key("defence-seal")),
        code_keys=(key("defence-code", validity=Validity(date(2026, 1, 1), None)),),
        may_issue=(
            Entitlement((f"{TYPE}90*",), "410800", None, EVER, None, "示国动办〔2025〕1号"),
            Entitlement(
                (f"{TYPE}911",), "410802", "乙级", Validity(None, date(2025, 6, 30)), None, "示国动办〔2024〕7号"
            ),
            Entitlement((f"{TYPE}912",), None, None, EVER, TYPE, "示例省国动办〔2025〕3号"),
        ),
    )


def former() -> Authority:
    """Gone, with a successor and a seal that was suspended, restored, and given up."""
    times = Suspension(datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC))
    seal = key(
        "planning-seal",
        validity=Validity(date(2020, 1, 1), date(2025, 12, 31)),
        suspensions=(times,),
        distrusted_after=datetime(2025, 11, 30, tzinfo=UTC),
    )
    return Authority(
        code="11410800000000051C",
        names=(Name("示例市城乡规划局", Validity(None, date(2025, 12, 31))),),
        nameplates=(),
        region="410800",
        successors=(Successor(BODIES["planning"].code, date(2026, 1, 1)),),
        seals=(seal,),
        code_keys=(),
        may_issue=(Entitlement((f"{TYPE}*",), None, None, Validity(None, date(2025, 12, 31)), None, "样本依据"),),
    )


def content() -> TrustList:
    """The list, before it has a number."""
    log = public_keys.known(load_pem_public_key((SAMPLES / "log.pub").read_bytes()))
    return TrustList(
        sequence=1,
        issued_at=FIRST,
        next_update=FIRST + MONTH,
        previous=None,
        status_base="https://hub.example/v1/status/",
        authorities=(office(), former()),
        issuers=(certificate("issuing"),),
        tsa=(key("tsa"),),
        ocsp=(key("ocsp"),),
        status_keys=(key("hub-seal"),),
        log_keys=(LogKey("hub.example/log", log, EVER),),
    )


def tokens() -> dict[str, str]:
    """Both versions, signed."""
    first = signing_trust.following(content(), None, at=FIRST, lasts=MONTH)
    token = _signed(first)
    known = OpenedList(first, digests.sha256(trust_list_text.to_bytes(first)), certificate("trust-list"), stale=False)
    return {"first": token, "second": _signed(signing_trust.following(content(), known, at=SECOND, lasts=MONTH))}


def _signed(listed: TrustList) -> str:
    key = SteadyKey("trust-list")
    return jws.sign(key, trust_list_text.to_bytes(listed), trust.TYPE, chain=(certificate("trust-list"),))


def sums(made: dict[str, str]) -> str:
    """One line per list: its name and its digest."""
    return "".join(f"{name} {digests.sha256(unverified_payload(token))}\n" for name, token in made.items())


if __name__ == "__main__":
    made = tokens()
    (HERE / "trust_lists").mkdir(exist_ok=True)
    for name, token in made.items():
        (HERE / "trust_lists" / f"{name}.jws").write_text(token, encoding="ascii")
    (HERE / "trust_lists.sums").write_text(sums(made), encoding="utf-8")
