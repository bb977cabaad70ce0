"""The wire shapes of the ledger's feed."""

from pydantic import Field

from hub.wire import Out
from registry.store.tables.ledger import LedgerEntry


class LedgerEntryOut(Out):
    """One entry, opened: SHA-256(salt ‖ body) is its commitment, SHA-256(0x00 ‖ commitment) its leaf."""

    place: int
    event: str = Field(examples=["issued"])
    leaf: str = Field(description="its reference", examples=["5f" * 32])
    commitment: str = Field(description="what the public log shows of it", examples=["a0" * 32])
    salt: str | None = Field(description="hexadecimal; null: lawfully erased", examples=["00" * 16])
    body: str | None = Field(description="canonical JSON; null: lawfully erased", examples=['{"event":"issued"}'])

    @classmethod
    def of(cls, place: int, row: LedgerEntry) -> "LedgerEntryOut":
        """An entry at its place."""
        return cls(
            place=place,
            event=row.event,
            leaf=row.leaf.hex(),
            commitment=row.commitment.hex(),
            salt=row.salt.hex() if row.salt else None,
            body=row.body.decode() if row.body else None,
        )


class FeedOut(Out):
    """Some entries, in the order of the log."""

    items: list[LedgerEntryOut]
    size: int = Field(description="of the newest checkpoint")
    next: int | None = Field(description="the next place; null: no checkpoint covers more yet")
