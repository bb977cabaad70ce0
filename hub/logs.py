"""Write the program's log as JSON lines on standard error: codes, counts and request ids, no personal data.

A flood of equal lines (a scanner, a broken client) is cut to ten a minute for each logger and message.
"""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import TextIO

REQUESTS = "hub.request"
_PER_MINUTE = 10


class FloodGate(logging.Filter):
    """Let ten equal lines a minute through; every request keeps its own line."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Decide on one line."""
        if record.name == REQUESTS:
            return True
        key = (record.name, str(record.msg)[:80])
        since, count = self._seen.get(key, (0.0, 0))
        moment = time.monotonic()
        if moment - since > 60:
            since, count = moment, 0
        if len(self._seen) > 500:
            self._seen.clear()
        self._seen[key] = (since, count + 1)
        return count < _PER_MINUTE


class JsonLine(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the named values of `extra={"told": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str, *, stream: TextIO | None = None) -> None:
    """Send our lines and the libraries' to one place, as JSON lines."""
    lines = logging.StreamHandler(stream or sys.stderr)
    lines.setFormatter(JsonLine())
    lines.addFilter(FloodGate())
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)  # `hub migrate` says what was done
