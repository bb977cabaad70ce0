"""Sign a page as pyHanko's manual does: the floor that `sealing` is compared with.

Kind to it: its time-stamps come from our own authority, in process, and its status data lie at hand; it opens no
connection and waits for nobody.
"""

import io
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import crl, ocsp, pem, tsp, x509  # type: ignore[import-untyped]
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext

from signing import key_files
from signing.timestamp import Authority


class Documented:
    """A `SimpleSigner` over a sample key, with everything it asks for."""

    def __init__(self, keys: Path, name: str, drawn: bytes, answer: bytes, *, at: datetime) -> None:
        self._keys, self._drawn, self._answer, self._at = keys, drawn, answer, at
        files = (str(keys / f"{name}.key"), str(keys / f"{name}.pem"))
        self._signer = signers.SimpleSigner.load(*files, ca_chain_files=(str(keys / "issuing.pem"),))  # type: ignore[no-untyped-call]
        self._stamper = _InProcess(keys, at=at)

    def b_b(self) -> object:
        """A bare signature."""
        return self._sign(None)

    def b_lt(self) -> object:
        """A signature with time-stamp and validation data."""
        context = ValidationContext(
            trust_roots=[self._certificate("root")],
            other_certs=[self._certificate(name) for name in ("issuing", "tsa", "ocsp")],
            ocsps=[ocsp.OCSPResponse.load(self._answer)],
            crls=[crl.CertificateList.load(self._der("root.crl"))],
            allow_fetching=False,
            moment=self._at,
            revocation_mode="require",
        )
        return self._sign(self._stamper, embed_validation_info=True, validation_context=context)

    def _sign(self, stamper: TimeStamper | None, **more: Any) -> object:  # noqa: ANN401 - handed through
        meta = signers.PdfSignatureMetadata(
            field_name="Seal", md_algorithm="sha256", certify=True, subfilter=fields.SigSeedSubFilter.PADES, **more
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(self._drawn))
        return signers.sign_pdf(writer, meta, signer=self._signer, timestamper=stamper)

    def _certificate(self, name: str) -> Any:  # noqa: ANN401 - asn1crypto has no types
        return x509.Certificate.load(self._der(f"{name}.pem"))

    def _der(self, name: str) -> bytes:
        return bytes(pem.unarmor((self._keys / name).read_bytes())[2])


class _InProcess(TimeStamper):
    """pyHanko's client, with our authority behind it."""

    def __init__(self, keys: Path, *, at: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        key = key_files.load(keys / "tsa.key", certificates_at=keys / "tsa.pem")
        self._authority, self._at = Authority(key, entropy=secrets.token_bytes), at

    async def async_request_tsa_response(self, req: Any) -> Any:  # noqa: ANN401 - asn1crypto has no types
        return tsp.TimeStampResp.load(self._authority.respond(req.dump(), at=self._at))
