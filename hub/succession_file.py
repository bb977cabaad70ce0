"""Read the file by which an operator records a succession; what is wrong with it is told by place, never repeated."""

from datetime import date

from pydantic import Field, ValidationError

from hub.routes.holders_shapes import PartyIn
from hub.wire import In
from registry.exchange.errors import SuccessionRefused
from registry.exchange.persons.successions import Succession, SuccessionKind


class SuccessionIn(In):
    """Which body succeeded which, how, since when, by which document."""

    predecessor: PartyIn
    successor: PartyIn
    kind: SuccessionKind
    first_day: date
    basis: str = Field(min_length=1, max_length=200)


def read(content: bytes) -> Succession:
    """The succession a file tells."""
    try:
        told = SuccessionIn.model_validate_json(content)
    except ValidationError as wrong:
        places = sorted({".".join(map(str, one["loc"])) or "file" for one in wrong.errors(include_input=False)})
        raise SuccessionRefused(reason=", ".join(places)) from None
    return Succession(told.predecessor.read(), told.successor.read(), told.kind, told.first_day, told.basis)
