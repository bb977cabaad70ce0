"""Ask an address of the settings over HTTP, and take a short, timely answer or none.

In:    method, address, body; how long to wait in all, how many bytes to take
Out:   status, headers, body; `NoAnswer` (an OSError) for silence, a redirect, too much or too slow

Trust: addresses come from an operator, never from a file, a certificate or a partner's answer; no proxy variables.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass


class NoAnswer(OSError):
    """Nothing came that could be used."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    method: str,
    address: str,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float,
    largest: int,
) -> Answer:
    """Ask once."""
    import httpx2

    ends = time.monotonic() + seconds
    body = bytearray()
    try:
        with (
            httpx2.Client(timeout=seconds, follow_redirects=False, trust_env=False) as http,
            http.stream(method, address, content=content or None, headers=dict(headers or {})) as answer,
        ):
            for part in answer.iter_bytes():
                body += part
                if len(body) > largest or time.monotonic() > ends:
                    raise NoAnswer("too much or too slow")
            return Answer(answer.status_code, dict(answer.headers), bytes(body))
    except (httpx2.HTTPError, httpx2.InvalidURL) as failure:
        raise NoAnswer(type(failure).__name__) from None


def ask_well(
    method: str,
    address: str,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float,
    largest: int,
) -> bytes:
    """The body of an answer of status 200."""
    found = ask(method, address, content, headers, seconds=seconds, largest=largest)
    if found.status != 200:
        raise NoAnswer(f"status {found.status}")
    return found.body
