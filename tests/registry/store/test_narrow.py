"""registry/store/narrow.py: the same answers, types and refusals as the general way"""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import bindparam, event, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from registry.store import once
from registry.store.narrow import Narrow
from registry.store.tables.access import Client
from registry.store.tables.authorities import Authority

CODE, AT = "11990000MB0000001X", datetime(2026, 5, 6, 2, 3, 4, 5, tzinfo=UTC)
ASKED = select(col(Client.id), col(Client.closed_at), col(Client.at), col(Client.name)).where(
    col(Client.authority) == bindparam("authority"), col(Client.at) <= bindparam("at")
)


def client(name="cli_1", **more):
    told = {"id": name, "authority": CODE, "name": "示例 'x' ; %s ?", "scopes": "verify", "at": AT}
    return Client(**told | more)


@pytest.fixture
def filled(db):
    """Two clients."""
    with db.writing() as tx:
        once.add(tx, Authority(code=CODE, level="city", first_day=date(2020, 1, 1), at=AT))
        once.add(tx, client())
        once.add(tx, client("cli_2", closed_at=AT))
    return db


def test_rows_are_those_of_the_general_way(filled):
    """Instants are aware, texts whole, absent values None; by name and by place."""
    given = {"authority": CODE, "at": AT}
    with filled.reading() as look:
        general = look.connection().execute(ASKED.order_by(col(Client.id)), given).all()
        narrow = Narrow(ASKED.order_by(col(Client.id))).all(look.connection(), given)

    assert [tuple(row) for row in narrow] == [tuple(row) for row in general]
    assert (narrow[0].id, narrow[0].closed_at, narrow[1].closed_at) == ("cli_1", None, AT)


def test_no_row_is_none_and_limits_are_kept(filled):
    """What the statement itself says needs not be given."""
    one = Narrow(ASKED.limit(1))
    with filled.reading() as look:
        assert one.first(look.connection(), {"authority": "other", "at": AT}) is None
        assert len(one.all(look.connection(), {"authority": CODE, "at": AT})) == 1


def test_values_are_values(filled):
    """Whatever is given never becomes part of the statement."""
    with filled.reading() as look:
        assert Narrow(ASKED).all(look.connection(), {"authority": f"{CODE}' OR '1'='1", "at": AT}) == []


def test_a_naive_instant_is_refused(filled):
    """The types are asked, as always."""
    with filled.reading() as look, pytest.raises(RuntimeError):
        Narrow(ASKED).all(look.connection(), {"authority": CODE, "at": AT.replace(tzinfo=None)})


def written(db, *names):
    """Write clients in one transaction."""
    with db.writing() as tx:
        for name in names:
            once.add(tx, client(name))


def test_refusals_have_the_librarys_names_and_hide_values(filled):
    """A key twice; the transaction leaves nothing."""
    with pytest.raises(IntegrityError) as refused:
        written(filled, "cli_3", "cli_1")

    assert "示例" not in str(refused.value)
    with filled.reading() as look:
        assert len(Narrow(ASKED).all(look.connection(), {"authority": CODE, "at": AT})) == 2


def test_who_listens_for_writes_hears_these(filled):
    """A test that cuts the power at every write meets them all."""
    heard = []

    def hear(_connection, _cursor, statement, *_):
        heard.append(statement.split()[0])

    event.listen(filled.engine, "before_cursor_execute", hear)
    with filled.writing() as tx:
        once.add(tx, client("cli_3"))
    event.remove(filled.engine, "before_cursor_execute", hear)

    assert heard == ["INSERT"]
