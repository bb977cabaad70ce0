"""Put sealed objects on an object store, and fetch, list and remove them there; every failure gets a name of ours.

In:    names and sealed bytes; the place is `s3://bucket/prefix`
Out:   the same bytes; `StorageFull`, `DocumentsAway`, or FileNotFoundError for an absent object

Trust: none. Contents and names are checked by who reads them.
"""

import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from registry.store.errors import DocumentsAway, RegistryError, StorageFull

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_ERRNO = re.compile(r"\(os error (\d+)\)")


@dataclass(frozen=True, slots=True)
class Found:
    """An object that lies on the shelf."""

    name: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class S3Access:
    """How to reach an S3-compatible store; empty values are looked for where its own tools look."""

    endpoint: str = ""  # https://host[:port]; http:// only where the deployment says so
    region: str = ""
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)
    virtual_hosted: bool = False  # bucket in the host name instead of the path
    seconds: int = 20  # an operation that takes longer, retries included, has failed


class Shelf:
    """Objects by name, written once and never changed.

    Durable when `put` returns, as far as the store keeps its word. Not trusted with anything else: an attacker here
    can withhold and delete, not read and not forge.
    """

    def __init__(self, store: "ObjectStore") -> None:
        self._store = store

    def put(self, name: str, sealed: bytes | bytearray) -> None:
        """Write an object that did not exist."""
        with named_refusals(absent_is_away=True):
            try:
                obstore.put(self._store, name, sealed, mode="create")
            except AlreadyExistsError:  # a request that was retried finds what it wrote the first time
                self._same(name, sealed)

    def get(self, name: str) -> bytes:
        """Read an object; FileNotFoundError when it is not there."""
        with named_refusals():
            return bytes(obstore.get(self._store, name).bytes())

    def listed(self, folder: str) -> Iterator[Found]:
        """List a folder's objects."""
        with named_refusals(absent_is_away=True):
            for page in obstore.list(self._store, folder):
                for meta in page:
                    yield Found(meta["path"], meta["size"], meta["last_modified"])

    def remove(self, names: Iterable[str]) -> None:
        """Remove objects; one that is gone already is no error."""
        with named_refusals(absent_is_away=True):
            obstore.delete(self._store, list(names))

    def _same(self, name: str, sealed: bytes | bytearray) -> None:
        if self.get(name) != sealed:
            raise RuntimeError("two objects got one name: the source of randomness repeats itself")


def open_bucket(place: str, access: S3Access) -> Shelf:
    """Open a bucket, or a folder in it; nothing is asked of it yet."""
    parts = urlsplit(place)
    if parts.scheme != "s3" or not parts.netloc:
        raise RuntimeError("a bucket is written s3://bucket/prefix")
    whole = timedelta(seconds=access.seconds)
    wanted = {
        "endpoint": access.endpoint,
        "region": access.region,
        "access_key_id": access.access_key_id,
        "secret_access_key": access.secret_access_key,
    }
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        virtual_hosted_style_request=access.virtual_hosted,
        client_options={"allow_http": access.endpoint.startswith("http://"), "timeout": whole},
        retry_config={"max_retries": 3, "retry_timeout": whole},
        **{name: value for name, value in wanted.items() if value},  # type: ignore[arg-type]
    )
    return Shelf(store)


@contextmanager
def named_refusals(*, absent_is_away: bool = False) -> Iterator[None]:
    """Give the failures of disk and network their names; an absent object stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        if absent_is_away:
            raise DocumentsAway(reason="no-such-place") from None
        raise
    except (OSError, BaseError) as error:
        raise _refusal(error) from error


def _refusal(error: Exception) -> RegistryError:
    told = _ERRNO.search(str(error))
    number = error.errno if isinstance(error, OSError) else int(told[1]) if told else None
    if number in _FULL:
        return StorageFull()
    if isinstance(error, PermissionError | PermissionDeniedError | UnauthenticatedError):
        return DocumentsAway(reason="not-permitted")
    return DocumentsAway(reason=errno.errorcode.get(number or 0, "unreachable"))
