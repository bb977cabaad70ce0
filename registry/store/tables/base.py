"""The metadata all tables share: how constraints are named, and how a table says that the ledger guards it.

A guarded table's rows stand, digest by digest, in ledger entries: who changes one outside the product is found
by the audit. A column marked `info={"logged": False}` is left out of that digest (counters, wrapped keys); one that
came to its table later is marked `LATER`, is NULL in older rows, and is left out where it is NULL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

METADATA = MetaData(naming_convention=NAMING)
GUARDED = {"guarded": True}
LATER = {"info": {"later": True}}


class Row(SQLModel):
    """What every table extends."""

    metadata = METADATA


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new row by its columns' values: written and named like a row, without the cost of an object that is watched."""

    kind: type[Row]
    values: Mapping[str, Any]
