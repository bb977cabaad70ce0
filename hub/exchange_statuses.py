"""Which HTTP status each refusal of the exchange gets; a part of the one table in `hub/statuses.py`."""

from registry.exchange import errors as exchange
from verification.errors import Refusal

STATUS: dict[type[Refusal], int] = {
    exchange.ExchangeError: 409,
    exchange.CaseFileRefused: 422,
    exchange.CaseSourceSilent: 502,
    exchange.CaseDiffers: 409,
    exchange.CaseUnknown: 409,
    exchange.CaseClosed: 409,
    exchange.RetrievalError: 409,
    exchange.AboutUnclear: 422,
    exchange.ScenarioUnknown: 422,
    exchange.MaterialNotAsked: 403,
    exchange.MaterialHandedIn: 403,
    exchange.BasisRefused: 403,
    exchange.ModeRefused: 403,
    exchange.GrantUnknown: 404,
    exchange.GrantOver: 409,
    exchange.GrantOpensNothing: 422,
    exchange.GrantRefused: 422,
    exchange.OperatorMissing: 422,
    exchange.NotLive: 404,
    exchange.CopyUntil: 422,
    exchange.StandInRefused: 422,
    exchange.CheckSettled: 409,
    exchange.UsedTooOften: 429,
    exchange.PresentationError: 409,
    exchange.PresentationUnknown: 404,
    exchange.PresentationOver: 409,
    exchange.ConfirmationOver: 409,
    exchange.InspectorUnnamed: 422,
    exchange.PersonsError: 409,
    exchange.PowerMissing: 403,
    exchange.MandateRefused: 422,
    exchange.MandateEnded: 409,
}
