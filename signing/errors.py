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
