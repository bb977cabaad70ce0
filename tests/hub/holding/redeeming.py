"""A process that redeems codes, one after the other, and says so after each; it is there to be killed."""

import sys
from pathlib import Path

from hub.demo_people import HOUSING
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.exchange import presentations
from registry.store.database import Database
from tests.registry.exchange.conftest import NOW, parts_of

OFFICE = Caller(Kind.CLIENT, "cli_redeems", HOUSING, frozenset({Scope.VERIFY}))


def main(url, folder):
    parts = parts_of(Database(url), Path(folder))
    print("ready", flush=True)
    for code in sys.stdin:
        print(presentations.redeem(parts.db, parts.keyring, code.strip(), None, by=OFFICE, at=NOW).id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
