"""Name every refusal of the signing package."""

from verification.errors import Refusal


class SigningError(Refusal):
    """A page, key or signature could not be made."""

    code = "signing.error"


class GlyphMissing(SigningError):
    """A text holds a character that no font of the page can show."""

    code = "signing.glyph_missing"


class TemplateFails(SigningError):
    """A page template does not compile, or reaches for something outside its own files."""

    code = "signing.template_fails"


class KeyUnusable(SigningError):
    """A private key cannot be used."""

    code = "signing.key_unusable"


class KeyMissing(KeyUnusable):
    """There is no key where one should be (facts: key: the file's or token object's name)."""

    code = "signing.key_missing"


class KeyExists(KeyUnusable):
    """A key of this name lies there already; none is written over (facts: key)."""

    code = "signing.key_exists"


class KeyPinWrong(KeyUnusable):
    """The password or PIN does not open the key, or is needed and was not given (facts: key)."""

    code = "signing.key_pin_wrong"


class KeyBroken(KeyUnusable):
    """The key cannot be read, or is not the one its certificate speaks of (facts: key, reason)."""

    code = "signing.key_broken"


class KeyExpired(KeyUnusable):
    """The key's certificate is not valid at this time (facts: key, valid_from, valid_to)."""

    code = "signing.key_expired"


class KeyNotForThis(KeyUnusable):
    """The key's certificate or algorithm does not allow this use (facts: key, use)."""

    code = "signing.key_not_for_this"


class KeyUnreachable(KeyUnusable):
    """The token or the remote signer that holds the key does not answer; trying again may help (facts: key)."""

    code = "signing.key_unreachable"


class PartnerSilent(SigningError):
    """Somebody outside whom sealing needs gave no usable answer; trying again may help."""

    code = "signing.partner_silent"


class TimeStampUnavailable(PartnerSilent):
    """The time-stamp authority does not answer (facts: authority)."""

    code = "signing.time_stamp_unavailable"


class TimeStampDeclined(PartnerSilent):
    """The time-stamp authority answers that it gives no token (facts: authority, status)."""

    code = "signing.time_stamp_declined"


class TimeStampWrong(PartnerSilent):
    """What came is not a token of the pinned authority over what was sent (facts: authority, reason)."""

    code = "signing.time_stamp_wrong"


class StatusAnswerWrong(PartnerSilent):
    """A status answer is of another certificate, from a stranger, or not for now (facts: certificate, reason)."""

    code = "signing.status_answer_wrong"


class StatusAnswerMissing(PartnerSilent):
    """No status answer young enough is at hand for a certificate, and the type demands one (facts: certificate)."""

    code = "signing.status_answer_missing"


class StatusAnswerAwaited(PartnerSilent):
    """The same, and the type lets the document wait until one comes (facts: certificate)."""

    code = "signing.status_answer_awaited"


class CertificateWithdrawn(KeyUnusable):
    """The issuer says that a certificate is revoked or was never issued (facts: certificate, standing)."""

    code = "signing.certificate_withdrawn"


class DocumentUnfit(SigningError):
    """A document cannot be sealed."""

    code = "signing.document_unfit"


class NotPdf(DocumentUnfit):
    """The bytes are not a PDF that can be read (facts: reason)."""

    code = "signing.not_pdf"


class PdfTooLarge(DocumentUnfit):
    """The PDF has more bytes than are sealed (facts: found, largest)."""

    code = "signing.pdf_too_large"


class PdfEncrypted(DocumentUnfit):
    """The PDF is encrypted: nobody could read what is sealed without its password."""

    code = "signing.pdf_encrypted"


class PdfSigned(DocumentUnfit):
    """The PDF bears a signature already; a certification must be the first."""

    code = "signing.pdf_signed"


class PdfActive(DocumentUnfit):
    """The PDF holds something that could change what it shows (facts: found)."""

    code = "signing.pdf_active"


class SealBroken(SigningError):
    """What was sealed does not pass our own check and was thrown away (facts: failed)."""

    code = "signing.seal_broken"


class CodeRefused(SigningError):
    """A QR code or status list cannot be made of this (facts: reason)."""

    code = "signing.code_refused"
