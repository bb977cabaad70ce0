"""Serve the least that a look-up must cost: a bare handler on the hub's own server, two rows, a commit, one signature.

In:    `python -m hub.bench.retrieving_floor DATABASE-URL PORT`, a migrated database
Out:   POST /v1/retrievals: a signature over its body; SQLAlchemy Core, no token, no rule, no receipt
"""

import json
import secrets
import sys
from typing import Any

import uvicorn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

from hub import clock, server
from hub.settings import Settings
from registry.store.database import Database
from registry.store.tables.documents import KeptStatement
from registry.store.tables.ledger import LedgerEntry

_ENTRY = LedgerEntry.__table__.insert().inline()  # type: ignore[attr-defined]
_ROW = KeptStatement.__table__.insert().inline()  # type: ignore[attr-defined]


def application(db: Database) -> FastAPI:
    """The bare handler."""
    app, key = FastAPI(), ec.generate_private_key(ec.SECP256R1())

    @app.post("/v1/retrievals", status_code=201)
    def handle(asked: dict[str, Any]) -> dict[str, Any]:
        at, body, name = clock.now(), json.dumps(asked).encode(), secrets.token_bytes(32)
        told = {"leaf": name, "commitment": name, "event": "retrieved", "at": at, "subject": name.hex()}
        with db.engine.begin() as link:
            link.execute(_ROW, {"digest": f"sha256:{name.hex()}", "sealed": body * 2, "at": at})
            link.execute(_ENTRY, {**told, "salt": name[:16], "body": body})
        return {"id": name.hex(), "receipt": key.sign(body, ec.ECDSA(hashes.SHA256())).hex(), "asked": asked}

    return app


if __name__ == "__main__":
    settings = Settings(port=int(sys.argv[2]), _env_file=None)
    uvicorn.Server(server.config(application(Database(sys.argv[1])), settings)).run()
