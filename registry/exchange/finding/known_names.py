"""Gather the dated names that are known of a number: an authority's own history, and what its certificates say.

Out:   names with the first day on which each is known; asked only when a given name is not the stated one
"""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import bindparam, select
from sqlmodel import col

from registry.exchange.finding.about import Named
from registry.exchange.finding.names import Dated
from registry.store import statements
from registry.store.database import Reading
from registry.store.envelopes import Keyring
from registry.store.tables.authorities import AuthorityName
from registry.store.tables.documents import KeptStatement
from registry.store.tables.life import Certificate, CertificateHolder

CREDIT_CODE = "001"
MOST = 50  # certificates of one holder that are opened for their names
_STATED = (
    select(
        col(Certificate.issued_on), col(Certificate.statement),
        col(KeptStatement.sealed), col(KeptStatement.key_id), col(KeptStatement.wrapped_key),
    )
    .join(CertificateHolder, col(CertificateHolder.certificate) == col(Certificate.identifier))
    .join(KeptStatement, col(KeptStatement.digest) == col(Certificate.statement))
    .where(col(CertificateHolder.mark) == bindparam("mark"), col(Certificate.state) == "valid")
    .order_by(col(Certificate.at).desc())
    .limit(MOST)
)  # fmt: skip


def of(look: Reading, keyring: Keyring, named: Named, mark: bytes) -> Sequence[Dated]:
    """Every name that is known of a number."""
    return [*_of_authority(look, named), *_stated(look, keyring, named, mark)]


def _of_authority(look: Reading, named: Named) -> Iterator[Dated]:
    kind, code = named.spelled
    if kind == CREDIT_CODE:
        wanted = select(col(AuthorityName.name), col(AuthorityName.first_day)).where(
            col(AuthorityName.authority) == code
        )
        yield from (Dated(row.name, row.first_day) for row in look.connection().execute(wanted))


def _stated(look: Reading, keyring: Keyring, named: Named, mark: bytes) -> Iterator[Dated]:
    for row in look.connection().execute(_STATED, {"mark": mark}):
        told = statements.opened(keyring, row.statement, row.key_id, row.wrapped_key, row.sealed)
        issued: date = row.issued_on
        for stated in told["holders"]:
            if (stated["code_kind"], (stated["code"] or "").strip().upper()) == named.spelled:
                yield Dated(stated["name"], issued)
