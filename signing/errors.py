"""Name every refusal of the signing package."""

from verification.errors import Refusal


class SigningError(Refusal):
    """A page, key or signature could not be made."""

    code = "signing.error"
