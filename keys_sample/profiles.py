"""What each sample certificate is: its name, its issuer, what it may do.

Out:   the table `SAMPLES`; one line for each certificate, an issuer before those it issues
Spec:  RFC 5280; EN 319 412-1/-3 (seals of legal persons), RFC 3161 §2.3 (TSA), RFC 6960 §4.2.2.2 (OCSP), RFC 9336
"""

from dataclasses import dataclass
from enum import StrEnum

from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from verification.certificates import TRUST_LIST_SIGNING

ARC = "1.3.6.1.4.1.32473.1"  # enterprise number 32473 is reserved for examples (RFC 5612)
CODE_SIGNING = ObjectIdentifier(f"{ARC}.2")
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")


class KeyKind(StrEnum):
    """The kinds of key that stand under a certificate."""

    P256 = "P-256"
    P384 = "P-384"
    RSA = "RSA-3072"


class Role(StrEnum):
    """What a certificate is for."""

    ROOT = "root"
    ISSUER = "issuer"
    SEAL = "seal"
    CODE = "code"
    HUB = "hub"
    TSA = "tsa"
    OCSP = "ocsp"
    TRUST_LIST = "trust-list"


PURPOSE = {
    Role.SEAL: DOCUMENT_SIGNING,
    Role.HUB: DOCUMENT_SIGNING,
    Role.CODE: CODE_SIGNING,
    Role.TSA: ExtendedKeyUsageOID.TIME_STAMPING,
    Role.OCSP: ExtendedKeyUsageOID.OCSP_SIGNING,
    Role.TRUST_LIST: TRUST_LIST_SIGNING,
}


@dataclass(frozen=True, slots=True)
class Body:
    """A fictional authority."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One certificate of the collection; `name` is its file name."""

    name: str
    role: Role
    title: str
    issuer: str = "issuing"
    key: KeyKind = KeyKind.P256
    body: Body | None = None


BODIES = {
    "defence": Body("示例市国防动员办公室", "114108000000000004"),
    "defence-former": Body("示例市人民防空办公室", "114108000000000004"),
    "housing": Body("示例市住房和城乡建设局", "11410800000000027U"),
    "planning": Body("示例市自然资源和规划局", "11410800000000035N"),
    "market": Body("示例市市场监督管理局", "11410800000000043H"),
}
RSA_SEALS = {"housing"}


def _of_body(slug: str, body: Body) -> tuple[Sample, Sample]:
    key = KeyKind.RSA if slug in RSA_SEALS else KeyKind.P256
    seal = Sample(f"{slug}-seal", Role.SEAL, f"{body.name} 电子印章", key=key, body=body)
    return seal, Sample(f"{slug}-code", Role.CODE, f"{body.name} 二维码签名", body=body)


SAMPLES = (
    Sample("root", Role.ROOT, "根证书", issuer="root", key=KeyKind.P384),
    Sample("issuing", Role.ISSUER, "签发证书", issuer="root", key=KeyKind.P384),
    Sample("tsa", Role.TSA, "时间戳服务", issuer="root"),
    Sample("trust-list", Role.TRUST_LIST, "信任列表签名", issuer="root"),
    Sample("ocsp", Role.OCSP, "在线证书状态服务"),
    Sample("hub-seal", Role.HUB, "电子证照枢纽 平台印章"),
    *(sample for slug, body in BODIES.items() for sample in _of_body(slug, body)),
)
