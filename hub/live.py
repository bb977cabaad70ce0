"""Who reads a certificate: its issuer, or another office under a look-up that it names in `Hub-Retrieval`.

Order: without the header the caller reads as itself; with it the look-up is asked first, and the reading recorded.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header

from hub.callers import Known
from hub.deps import Db, Now
from registry.directory.access.callers import Caller
from registry.exchange import live

Named = Annotated[
    str | None,
    Header(alias="Hub-Retrieval", max_length=40, description="another office's certificate: a look-up that found it"),
]


def _reader(part: str) -> Callable[..., Caller]:
    def reader(identifier: str, by: Known, db: Db, now: Now, named: Named = None) -> Caller:
        return by if named is None else live.reader(db, named, identifier, part, by=by, at=now)

    return reader


Record = Annotated[Caller, Depends(_reader("record"))]
Document = Annotated[Caller, Depends(_reader("document"))]
Proof = Annotated[Caller, Depends(_reader("proof"))]
Status = Annotated[Caller, Depends(_reader("status"))]
