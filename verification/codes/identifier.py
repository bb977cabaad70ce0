"""What a certificate identifier (电子证照标识) is: six segments, read one by one.

    1.2.156.3005.2 . 11410000000000000T901 . 114108000000000004 . 2023000012 . 001 . 0
    root             type: definer 18 + 3    issuer               serial       version check

The check (ISO/IEC 7064 MOD 37,36) runs over the segments without their dots: it finds every wrong character, but
not a moved dot. So the lengths are fixed, and both credit codes inside must be right by themselves.
Old identifiers name the issuer by its division (340100); `read` takes them with a note, `parse` does not.
Spec:  modelled on GB/T 36904.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from verification.codes import credit_code, division_code
from verification.codes.places import ALPHANUMERIC, DIGITS, fit
from verification.codes.reading import Note, Read, tidied
from verification.errors import CodeRefused, NoVersionLeft, WrongCheckDigit, WrongShape

KIND = "identifier"
ROOT = "1.2.156.3005.2"
_TYPE = (ALPHANUMERIC,) * 18 + (DIGITS,) * 3
_ISSUER = (ALPHANUMERIC,) * 18
_SERIAL = (ALPHANUMERIC,) * 32
_LAST_VERSION = 999


@dataclass(frozen=True, slots=True)
class CertificateIdentifier:
    """The five parts after the root; made by `make`, `parse` or `read`."""

    type_code: str
    issuer: str
    serial: str
    version: int

    @property
    def check(self) -> str:
        """The check character over the parts, dots left out."""
        return check_character(f"{self.type_code}{self.issuer}{self.serial}{self.version:03}")

    @property
    def text(self) -> str:
        """The identifier as it is written."""
        return f"{ROOT}.{self.type_code}.{self.issuer}.{self.serial}.{self.version:03}.{self.check}"

    def next_version(self) -> "CertificateIdentifier":
        """The identifier of this certificate's next version: same serial, version one higher."""
        if self.version >= _LAST_VERSION:
            raise NoVersionLeft(kind=KIND, expected=f"001-{_LAST_VERSION}")
        return replace(self, version=self.version + 1)


def make(type_code: str, *, issuer: str, serial: str, version: int = 1) -> CertificateIdentifier:
    """The identifier of a new certificate, fit for issuing."""
    identifier = CertificateIdentifier(type_code, issuer, serial, version)
    _check_segments(type_code, issuer, serial, f"{version:03}")
    _check_credit_codes(identifier)
    return identifier


def parse(text: str) -> CertificateIdentifier:
    """The identifier exactly as it must be to be issued."""
    identifier = _segments(text)
    _check_credit_codes(identifier)
    return identifier


def read(text: str) -> Read[CertificateIdentifier]:
    """The identifier as old systems hold it, with notes."""
    tidy = tidied(text, kind=KIND)
    identifier = _segments(tidy.value)
    doubts = _type_doubts(identifier.type_code) + _issuer_doubts(identifier.issuer)
    return Read(identifier, tidy.notes + doubts)


def check_character(characters: str) -> str:
    """ISO/IEC 7064 MOD 37,36 of digits and capitals."""
    product = 36
    for character in characters:
        product = (product + ALPHANUMERIC.index(character)) % 36 or 36
        product = product * 2 % 37
    return ALPHANUMERIC[(37 - product) % 36]


def _segments(text: str) -> CertificateIdentifier:
    parts = text.removeprefix(f"{ROOT}.").split(".")
    if not text.startswith(f"{ROOT}.") or len(parts) != 5:
        raise WrongShape(kind=KIND, expected=f"{ROOT}.type.issuer.serial.version.check")
    type_code, issuer, serial, version, check = parts
    _check_segments(type_code, issuer, serial, version)
    fit(check, (ALPHANUMERIC,), kind=f"{KIND}.check")
    identifier = CertificateIdentifier(type_code, issuer, serial, int(version))
    if check != identifier.check:
        raise WrongCheckDigit(kind=KIND, position=len(text), expected=identifier.check)
    return identifier


def _check_segments(type_code: str, issuer: str, serial: str, version: str) -> None:
    fit(type_code, _TYPE, kind=f"{KIND}.type")
    fit(issuer, _ISSUER, kind=f"{KIND}.issuer", least=6)
    fit(serial, _SERIAL, kind=f"{KIND}.serial", least=1)
    fit(version, (DIGITS,) * 3, kind=f"{KIND}.version")
    if version == "000":
        raise WrongShape(kind=f"{KIND}.version", expected=f"001-{_LAST_VERSION}")


def _check_credit_codes(identifier: CertificateIdentifier) -> None:
    for part, code in (("type", identifier.type_code[:18]), ("issuer", identifier.issuer)):
        try:
            credit_code.parse(code)
        except CodeRefused as refusal:
            raise type(refusal)(**(refusal.facts | {"kind": f"{KIND}.{part}"})) from None


def _type_doubts(type_code: str) -> tuple[Note, ...]:
    return () if _accepts(credit_code.parse, type_code[:18]) else (Note.TYPE_DOUBTFUL,)


def _issuer_doubts(issuer: str) -> tuple[Note, ...]:
    if _accepts(credit_code.parse, issuer):
        return ()
    return (Note.ISSUER_IS_DIVISION if _accepts(division_code.parse, issuer) else Note.ISSUER_DOUBTFUL,)


def _accepts(parse_code: Callable[[str], object], text: str) -> bool:
    try:
        parse_code(text)
    except CodeRefused:
        return False
    return True
