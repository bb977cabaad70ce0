"""Make the sample keys and certificates: `python -m keys_sample.make_keys [FOLDER] [--overwrite]`.

In:    the table of profiles; of the folder, only the RSA keys, which cannot be derived
Out:   NAME.pem (certificate), NAME.key (PKCS#8), NAME.p12 (RSA seal), root.crl, log.key, log.pub

Order: a file that differs from what would be written is never touched without --overwrite.
Trust: keys are derived from their names, so anyone can compute them; the same files come out every time.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import AuthorityInformationAccessOID as Access
from cryptography.x509.oid import NameOID

from keys_sample.profiles import PURPOSE, SAMPLES, KeyKind, Role, Sample
from verification.certificates import SAMPLE_NAME, SAMPLE_POLICY

CertifiedKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
LogKey: TypeAlias = ed25519.Ed25519PrivateKey | mldsa.MLDSA44PrivateKey
Extension: TypeAlias = tuple[x509.ExtensionType, bool]

HERE = Path(__file__).parent
PASSWORD = b"sample"
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
BASE = "http://pki.sample.invalid"  # .invalid is never resolved (RFC 2606)
_P12 = ".p12"


def make(folder: Path) -> dict[str, bytes]:
    """Every file by name; the folder lends its RSA keys, if it has them."""
    keys = {sample.name: _key(sample, folder) for sample in SAMPLES}
    certificates: dict[str, x509.Certificate] = {}
    files: dict[str, bytes] = {}
    for sample in SAMPLES:
        certificates[sample.name] = made = _certificate(sample, keys, certificates)
        files[f"{sample.name}.key"] = _private(keys[sample.name])
        files[f"{sample.name}.pem"] = made.public_bytes(Encoding.PEM)
        if sample.key is KeyKind.RSA:
            files[sample.name + _P12] = _pkcs12(sample, keys[sample.name], certificates)
    files["root.crl"] = _empty_list(certificates["root"], keys["root"])
    return files | dict(_log_files())


def write(folder: Path, *, overwrite: bool = False) -> list[str]:
    """Write what is missing; the names of files that differ come back (and are replaced, if so asked)."""
    folder.mkdir(parents=True, exist_ok=True)
    differing = []
    for name, data in make(folder).items():
        place = folder / name
        if not place.exists():
            place.write_bytes(data)
        elif not _same(name, place.read_bytes(), data):
            differing.append(name)
            if overwrite:
                place.write_bytes(data)
    return differing


def main(arguments: list[str]) -> int:
    """The command line; 1: files differ and were left alone."""
    parser = argparse.ArgumentParser(prog="make_keys", description="Make the sample keys; existing files stay.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE)
    parser.add_argument("--overwrite", action="store_true", help="replace files that differ")
    asked = parser.parse_args(arguments)
    differing = write(asked.folder, overwrite=asked.overwrite)
    told = "replaced" if asked.overwrite else "differs, left alone (--overwrite replaces it)"
    sys.stdout.writelines(f"{name}: {told}\n" for name in differing)
    return int(bool(differing) and not asked.overwrite)


def _key(sample: Sample, folder: Path) -> CertifiedKey:
    if sample.key is KeyKind.RSA:
        return _rsa(f"{sample.name}.key", folder)
    curve = ec.SECP384R1() if sample.key is KeyKind.P384 else ec.SECP256R1()
    return ec.derive_private_key(int.from_bytes(_seed(f"key {sample.name}")), curve)


def _rsa(name: str, folder: Path) -> rsa.RSAPrivateKey:
    for place in (folder / name, HERE / name):
        if place.exists():
            found = load_pem_private_key(place.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
            if isinstance(found, rsa.RSAPrivateKey):
                return found
    return rsa.generate_private_key(65537, 3072)


def _certificate(sample: Sample, keys: dict[str, CertifiedKey], made: dict[str, x509.Certificate]) -> x509.Certificate:
    subject = _name(sample)
    issuer = subject if sample.role is Role.ROOT else made[sample.issuer].subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(keys[sample.name].public_key())
        .serial_number(int.from_bytes(_seed(f"serial {sample.name}")[:16]) >> 1 | 1)
        .not_valid_before(FIRST)
        .not_valid_after(LAST)
    )
    for extension, critical in _extensions(sample, keys):
        builder = builder.add_extension(extension, critical)
    return builder.sign(keys[sample.issuer], hashes.SHA384(), ecdsa_deterministic=True)


def _name(sample: Sample) -> x509.Name:
    body = sample.body
    parts = [
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, body.name if body else f"电子证照枢纽 {SAMPLE_NAME}"),
        *([(NameOID.ORGANIZATION_IDENTIFIER, f"UC:CN-{body.code}")] if body else []),
        (NameOID.COMMON_NAME, f"{sample.title} {SAMPLE_NAME}"),
    ]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _extensions(sample: Sample, keys: dict[str, CertifiedKey]) -> Iterator[Extension]:
    issues = sample.role in (Role.ROOT, Role.ISSUER)
    length = None if sample.role is Role.ROOT else 0
    yield x509.BasicConstraints(ca=issues, path_length=length if issues else None), True
    yield _usage(sample.role), True
    yield x509.SubjectKeyIdentifier.from_public_key(keys[sample.name].public_key()), False
    if sample.role is not Role.ROOT:
        yield x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[sample.issuer].public_key()), False
        yield from _addresses(sample)
    yield x509.CertificatePolicies([x509.PolicyInformation(SAMPLE_POLICY, None)]), False
    if sample.role in PURPOSE:
        yield x509.ExtendedKeyUsage([PURPOSE[sample.role]]), sample.role is Role.TSA  # RFC 3161 §2.3: critical
    if sample.role is Role.OCSP:
        yield x509.OCSPNoCheck(), False


def _usage(role: Role) -> x509.KeyUsage:
    issues = role in (Role.ROOT, Role.ISSUER)
    return x509.KeyUsage(
        digital_signature=not issues and role is not Role.SEAL,
        content_commitment=role in (Role.SEAL, Role.HUB),  # EN 319 412-2 §4.3.2 type A: a seal commits to content only
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )


def _addresses(sample: Sample) -> Iterator[Extension]:
    found = [x509.AccessDescription(Access.CA_ISSUERS, _address(f"{sample.issuer}.crt"))]
    if sample.issuer != "root":
        found.insert(0, x509.AccessDescription(Access.OCSP, _address("ocsp")))
    yield x509.AuthorityInformationAccess(found), False
    if sample.issuer == "root":
        point = x509.DistributionPoint([_address("root.crl")], None, None, None)
        yield x509.CRLDistributionPoints([point]), False


def _address(last: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(f"{BASE}/{last}")


def _empty_list(root: x509.Certificate, key: CertifiedKey) -> bytes:
    """The root's revocation list: it has withdrawn nothing."""
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.subject).last_update(FIRST).next_update(LAST)
    builder = builder.add_extension(identifier, False).add_extension(x509.CRLNumber(1), False)
    return builder.sign(key, hashes.SHA384(), ecdsa_deterministic=True).public_bytes(Encoding.PEM)


def _log_files() -> Iterator[tuple[str, bytes]]:
    """The log's keys stand alone: checkpoints name them, no certificate does."""
    ed = ed25519.Ed25519PrivateKey.from_private_bytes(_seed("key log"))
    for name, key in (("log", ed), ("log-mldsa44", mldsa.MLDSA44PrivateKey.from_seed_bytes(_seed("key log-mldsa44")))):
        yield f"{name}.key", _private(key)
        yield f"{name}.pub", key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _pkcs12(sample: Sample, key: CertifiedKey, made: dict[str, x509.Certificate]) -> bytes:
    above = [made["issuing"], made["root"]]
    closed = BestAvailableEncryption(PASSWORD)
    return pkcs12.serialize_key_and_certificates(sample.name.encode(), key, made[sample.name], above, closed)


def _same(name: str, found: bytes, made: bytes) -> bool:
    if not name.endswith(_P12):
        return found == made
    one, other = pkcs12.load_pkcs12(found, PASSWORD), pkcs12.load_pkcs12(made, PASSWORD)  # its salt is random
    return (one.cert, one.additional_certs) == (other.cert, other.additional_certs)


def _private(key: CertifiedKey | LogKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _seed(name: str) -> bytes:
    return hashlib.sha256(f"{SAMPLE_NAME} {name}".encode()).digest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
