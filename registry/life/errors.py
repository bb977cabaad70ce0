"""Name every refusal on the way from a draft to a certificate."""

from registry.directory.catalog_errors import Defective
from registry.store.errors import RegistryError


class LifeError(RegistryError):
    """A draft or a certificate is not in the state this needs."""

    code = "life.error"


class DraftDefective(Defective):
    """A draft has defects, each told by its place (facts: count)."""

    code = "draft.defective"


class DemandsUnmet(Defective):
    """What the certificate needs of its project is not there, or no more; each told by its place (facts: count)."""

    code = "certificate.demands_unmet"


class OwnDraft(LifeError):
    """Who filed a draft does not decide on it (facts: draft)."""

    code = "draft.own"


class DraftDecided(LifeError):
    """The draft was decided on before, or withdrawn (facts: draft, state)."""

    code = "draft.decided"


class NotApproved(LifeError):
    """The draft is not approved, so nothing is issued from it (facts: draft, state)."""

    code = "draft.not_approved"


class ApprovalMissing(LifeError):
    """A machine's order does not say who approved it, or names one person twice (facts: expected)."""

    code = "draft.approval_missing"


class AlreadyIssued(LifeError):
    """A certificate was issued from this draft (facts: draft, identifier)."""

    code = "certificate.already_issued"


class NumberTaken(LifeError):
    """The number belongs to another certificate of this issuer already."""

    code = "certificate.number_taken"


class NumbersUsedUp(LifeError):
    """The word has no number left (facts: limit)."""

    code = "certificate.numbers_used_up"


class ClockBehind(LifeError):
    """The clock stands behind the newest issue: it was set back, or another machine's runs ahead (facts: seconds)."""

    code = "certificate.clock_behind"


class SealingInProgress(LifeError):
    """The certificate is being sealed at this moment; ask again (facts: identifier)."""

    code = "certificate.sealing"


class IssuingVoided(LifeError):
    """The certificate could not be made, and its intent was voided (facts: identifier, reason)."""

    code = "certificate.voided"


class IssuedMeanwhile(LifeError):
    """Others issued at the same moment and took what this was to have; try again."""

    code = "certificate.contended"


class NoDocument(LifeError):
    """The hub keeps no document of this certificate: it was sealed elsewhere, or is not sealed yet."""

    code = "certificate.no_document"


class PlatformMissing(LifeError):
    """The document is made on an outside platform, and the hub has none."""

    code = "platform.missing"


class PlatformPending(LifeError):
    """The outside platform has not finished the document yet (facts: platform)."""

    code = "platform.pending"


class PlatformSilent(LifeError):
    """The outside platform does not answer (facts: platform)."""

    code = "platform.silent"


class PlatformRefused(LifeError):
    """The outside platform refuses to make the document (facts: platform)."""

    code = "platform.refused"


class PlatformWrong(LifeError):
    """What the outside platform answered is not this order's document (facts: platform, reason)."""

    code = "platform.wrong"


class PaperRefused(LifeError):
    """Paper in this state does not become that (facts: found, wanted)."""

    code = "paper.refused"


class BlankTaken(LifeError):
    """The blank form's number stands on another certificate already."""

    code = "paper.blank_taken"
