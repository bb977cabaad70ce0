"""Name every refusal of this package, and the root all packages' refusals share.

A refusal carries a stable code and facts (field names, positions, expected forms), never a personal value:
the hub turns both into a sentence in the caller's language.
"""

from typing import ClassVar


class Refusal(Exception):
    """Something was asked that the product declines, with the reason."""

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: str | int) -> None:
        self.facts = facts
        told = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{self.code}: {told}" if told else self.code)


class VerificationError(Refusal):
    """A text or a file cannot be read as what it claims to be."""

    code = "verification.error"


class NotCanonical(VerificationError):
    """A value or its bytes are not canonical JSON (facts: reason, path)."""

    code = "canonical.refused"


class CodeRefused(VerificationError):
    """A code is not what its standard says (facts: kind, expected, and where it can be told, position)."""

    code = "code.refused"


class WrongLength(CodeRefused):
    """The code, or one part of it, has too few or too many characters (facts: kind, found, expected)."""

    code = "code.wrong_length"


class WrongCharacter(CodeRefused):
    """A character may not stand at its position (facts: kind, position, expected)."""

    code = "code.wrong_character"


class WrongShape(CodeRefused):
    """The parts of the code do not stand where they belong (facts: kind, expected)."""

    code = "code.wrong_shape"


class WrongCheckDigit(CodeRefused):
    """The check character does not agree with the rest: somewhere the code was mistyped (facts: kind, position)."""

    code = "code.wrong_check_digit"


class NoSuchDate(CodeRefused):
    """The date inside the code is not in the calendar (facts: kind, position, expected)."""

    code = "code.no_such_date"


class DateInFuture(CodeRefused):
    """The date inside the code has not come yet (facts: kind, position)."""

    code = "code.date_in_future"


class NoVersionLeft(CodeRefused):
    """The identifier has used up its version numbers (facts: kind, expected)."""

    code = "code.no_version_left"


class DateOutOfRange(VerificationError):
    """A legal date lies outside the calendar this product keeps (facts: first, last)."""

    code = "date.out_of_range"


class ValidityReversed(VerificationError):
    """A validity would end before it begins."""

    code = "date.validity_reversed"


class FormRefused(VerificationError):
    """A signed text does not have the form it claims (facts: path, expected)."""

    code = "form.refused"


class UnknownFormat(FormRefused):
    """The text names another format, or a newer one (facts: path, expected)."""

    code = "form.unknown_format"


class UnknownMember(FormRefused):
    """The text has a member that its format does not know (facts: path)."""

    code = "form.unknown_member"


class MissingMember(FormRefused):
    """The text lacks a member that its format demands (facts: path)."""

    code = "form.missing_member"


class WrongType(FormRefused):
    """A member is of another type than its format says (facts: path, expected)."""

    code = "form.wrong_type"


class WrongForm(FormRefused):
    """A member is of the right type, but not written as its format says (facts: path, expected)."""

    code = "form.wrong_form"


class ForbiddenMember(FormRefused):
    """A statement would speak about its own file or its status, which come after it (facts: path)."""

    code = "form.forbidden_member"


class Contradiction(FormRefused):
    """Two members of one text do not agree (facts: path, expected: the path it must agree with)."""

    code = "form.contradiction"


class WrongSalt(VerificationError):
    """A salt or a hash has the wrong number of bytes (facts: found, expected)."""

    code = "entry.wrong_salt"


class LogRefused(VerificationError):
    """A log's texts or proofs are not what they claim."""

    code = "log.refused"


class NoteRefused(LogRefused):
    """Bytes are not a signed note (facts: reason)."""

    code = "log.note_refused"


class CheckpointRefused(LogRefused):
    """A checkpoint cannot be read, or no known key of its log signed it (facts: reason)."""

    code = "log.checkpoint_refused"


class TileRefused(LogRefused):
    """A tile's address or its length is wrong, or the tree has no such place (facts: reason)."""

    code = "log.tile_refused"


class ProofRefused(LogRefused):
    """A proof does not prove what it should (facts: reason)."""

    code = "log.proof_refused"


class KeyRefused(VerificationError):
    """A public key is of a kind or size that is not checked with (facts: found)."""

    code = "key.refused"


class CertificateRefused(VerificationError):
    """A certificate cannot be read, or no path leads from it to a given root (facts: reason, certificate)."""

    code = "certificate.refused"


class TokenRefused(VerificationError):
    """A signed token (JWS) is not what it claims, whatever its content says (facts: reason)."""

    code = "token.refused"


class TrustListRefused(VerificationError):
    """A trust list is not accepted."""

    code = "trust_list.refused"


class NotDelegated(TrustListRefused):
    """The root has not charged the signer with the trust list (facts: certificate)."""

    code = "trust_list.not_delegated"


class SampleTrust(TrustListRefused):
    """The list rests on sample keys, which anyone has (facts: certificate)."""

    code = "trust_list.sample"


class OlderTrustList(TrustListRefused):
    """A newer list is known already (facts: found, known)."""

    code = "trust_list.older"


class ForkedTrustList(TrustListRefused):
    """The list does not follow the one that is known (facts: found, known)."""

    code = "trust_list.forked"


class TrustListFromFuture(TrustListRefused):
    """The list says it will be issued only later: it is not from now, or the clock is wrong (facts: issued_at)."""

    code = "trust_list.from_future"


class DerRefused(VerificationError):
    """Bytes are not DER, or not the members their format has (facts: reason)."""

    code = "der.refused"


class CborRefused(VerificationError):
    """Bytes are not deterministic CBOR (facts: reason)."""

    code = "cbor.refused"


class Base45Refused(VerificationError):
    """A text is not base45 (facts: reason)."""

    code = "base45.refused"


class CodeTokenRefused(VerificationError):
    """A QR code's text is not what it claims, whatever it says (facts: reason)."""

    code = "code_token.refused"


class StatusListRefused(VerificationError):
    """A status list is not accepted, or has no such entry (facts: reason)."""

    code = "status_list.refused"


class CheckFailed(VerificationError):
    """A check of a document did not pass; `verify` turns this into a line of its report (facts: reason, evidence)."""

    code = "check.failed"


class CheckUnknown(VerificationError):
    """A check of a document could not be made; `verify` turns this into a line of its report (facts: reason)."""

    code = "check.unknown"
