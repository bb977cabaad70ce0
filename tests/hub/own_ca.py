"""A certificate authority of an operator's own, no sample: it certifies what `hub keys new` asks for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

LASTS = timedelta(days=3650)
SERVES = {"tsa": "root", "trust-list": "root"}  # who certifies; the others are the issuing CA's


class Ca:
    """A root and an issuing CA, and a list of what was withdrawn: nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.since = folder, datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
        self.keys = {name: ec.generate_private_key(ec.SECP384R1()) for name in ("root", "issuing")}
        self.made = {}
        for name in ("root", "issuing"):
            self.made[name] = self._issuer(name)
            self._keep(name, self.made[name])
        (folder / "root.crl").write_bytes(self._withdrawn())

    def certify(self, name: str) -> None:
        """Certify the request that lies in the folder."""
        asked = x509.load_pem_x509_csr((self.folder / f"{name}.csr").read_bytes())
        assert asked.is_signature_valid
        by = SERVES.get(name, "issuing")
        builder = self._begun(asked.subject, asked.public_key(), by)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        for one in asked.extensions:
            builder = builder.add_extension(one.value, one.critical)
        if name == "ocsp":
            builder = builder.add_extension(x509.OCSPNoCheck(), False)
        self._keep(name, builder.sign(self.keys[by], hashes.SHA384()))

    def _issuer(self, name: str) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"示例运营 {name}")])
        builder = self._begun(subject, self.keys[name].public_key(), "root")
        length = None if name == "root" else 0
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=length), True)
        usage = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "encipher_only", "decipher_only"), False,
        )  # fmt: skip
        builder = builder.add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), True)
        return builder.sign(self.keys["root"], hashes.SHA384())

    def _begun(self, subject: x509.Name, key, by: str) -> x509.CertificateBuilder:
        issuer = self.made[by].subject if by in self.made else subject
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(self.since)
        builder = builder.not_valid_after(self.since + LASTS)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.keys[by].public_key())
        return builder.add_extension(above, False)

    def _withdrawn(self) -> bytes:
        root = self.keys["root"]
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key())
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.made["root"].subject)
        builder = builder.last_update(self.since).next_update(self.since + LASTS)
        builder = builder.add_extension(above, False).add_extension(x509.CRLNumber(1), False)
        return builder.sign(root, hashes.SHA384()).public_bytes(Encoding.PEM)

    def _keep(self, name: str, made: x509.Certificate) -> None:
        (self.folder / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM))
