"""Name every refusal of the exchange: cases, look-ups, grants, presentations.

Trust: what was not found, is not the asker's to know, or does not fit the name that was given answers alike; facts
       name codes, modes and days, never a person.
"""

from registry.store.errors import RegistryError


class ExchangeError(RegistryError):
    """The exchange declines."""

    code = "exchange.refused"


class CaseFileRefused(ExchangeError):
    """A file of cases cannot be read at all (facts: reason, limit)."""

    code = "case.file_refused"


class CaseSourceSilent(ExchangeError):
    """The address that cases are pulled from gave nothing that can be used (facts: reason)."""

    code = "case.source_silent"


class CaseDiffers(ExchangeError):
    """The case is registered for another matter."""

    code = "case.differs"


class CaseUnknown(ExchangeError):
    """The case is not registered, and this authority looks nothing up without it."""

    code = "case.unknown"


class CaseClosed(ExchangeError):
    """The case is over, so nothing more is looked up for it."""

    code = "case.closed"


class RetrievalError(ExchangeError):
    """Nothing is looked up like this."""

    code = "retrieval.refused"


class AboutUnclear(RetrievalError):
    """A look-up says by exactly one lead whom or what it is about."""

    code = "retrieval.about_unclear"


class ScenarioUnknown(RetrievalError):
    """The matter has no such scenario (facts: matter)."""

    code = "retrieval.scenario_unknown"


class MaterialNotAsked(RetrievalError):
    """The matter does not ask for this material in this scenario (facts: matter)."""

    code = "retrieval.material_not_asked"


class MaterialHandedIn(RetrievalError):
    """The matter has this material handed in; it is not looked up (facts: material)."""

    code = "retrieval.handed_in"


class BasisRefused(RetrievalError):
    """The matter does not let this material be looked up on that basis (facts: material, allowed)."""

    code = "retrieval.basis_refused"


class ModeRefused(RetrievalError):
    """The matter shows less of this material than was asked for (facts: material, allowed)."""

    code = "retrieval.mode_refused"


class GrantUnknown(RetrievalError):
    """There is no such grant for this authority."""

    code = "retrieval.grant_unknown"


class GrantOver(RetrievalError):
    """The grant opens nothing now (facts: reason: withdrawn, used, expired, matter)."""

    code = "retrieval.grant_over"


class OperatorMissing(RetrievalError):
    """A system says which of its office's people looks up; a person is known already (facts: expected)."""

    code = "retrieval.operator"


class NotLive(RetrievalError):
    """The named look-up does not open this: it is over, another's, about something else, or shows less."""

    code = "retrieval.not_live"


class UsedTooOften(RetrievalError):
    """This certificate was looked up by this authority too often of late (facts: seconds)."""

    code = "retrieval.used_too_often"


class PersonsError(ExchangeError):
    """Holders and those who act for them: this is declined."""

    code = "holder.refused"


class PowerMissing(PersonsError):
    """Who acts for another may not do this (facts: power)."""

    code = "holder.power_missing"


class MandateRefused(PersonsError):
    """A mandate needs a power, another party, and a last day that is not before its first."""

    code = "mandate.refused"


class MandateEnded(PersonsError):
    """The mandate was ended before."""

    code = "mandate.ended"


class SuccessionRefused(PersonsError):
    """A succession is between two bodies, makes no circle, and is withdrawn once (facts: reason)."""

    code = "succession.refused"


class GrantRefused(PersonsError):
    """A grant ends within a year and is about a certificate or a type, not both."""

    code = "grant.refused"


class GrantOpensNothing(PersonsError):
    """The matter asks for none of the fields that the grant names."""

    code = "grant.opens_nothing"


class PresentationError(ExchangeError):
    """A shown code shows nothing."""

    code = "presentation.refused"


class PresentationUnknown(PresentationError):
    """The hub made no such code."""

    code = "presentation.unknown"


class PresentationOver(PresentationError):
    """The code shows nothing to this caller now (facts: reason: used, expired, other_office, withdrawn)."""

    code = "presentation.over"


class ConfirmationOver(PresentationError):
    """The holder can decide no more (facts: reason: decided, expired, withdrawn)."""

    code = "presentation.confirmation_over"


class InspectorUnnamed(PresentationError):
    """An inspector redeems under an enforcement card and a task."""

    code = "presentation.inspector_unnamed"


class CopyUntil(ExchangeError):
    """A copy may be used from today on for so many days at most (facts: limit)."""

    code = "copy.until"


class StandInRefused(ExchangeError):
    """This may not stand in for the material (facts: material, taken)."""

    code = "check.stand_in_refused"


class CheckSettled(ExchangeError):
    """The check is done already (facts: state)."""

    code = "check.settled"
