"""Take files and give them back, with nothing else: the least that moving them over HTTP costs here.

In:    `python -m hub.bench.handing_floor FOLDER PORT`
Out:   PUT /N: written to the folder and fsynced; GET /N: the file
"""

import os
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response

from hub import server
from hub.settings import Settings


def application(folder: Path) -> FastAPI:
    """The bare handlers."""
    app = FastAPI()

    @app.put("/{number}")
    async def take(number: int, request: Request) -> None:
        with (folder / f"plain-{number}").open("wb") as file:
            async for piece in request.stream():
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    @app.get("/{number}")
    def give(number: int) -> Response:
        return Response((folder / f"plain-{number}").read_bytes(), media_type="application/pdf")

    return app


if __name__ == "__main__":
    settings = Settings(port=int(sys.argv[2]), _env_file=None)
    uvicorn.Server(server.config(application(Path(sys.argv[1])), settings)).run()
