"""Ask or tell the database one statement that never changes, compiled once and said to its driver directly.

In:    a statement of bound parameters, none of them a list; its values by name
Out:   rows as named tuples; or nothing, for what is inserted
Why:   on the busiest addresses the general way costs more than the statement: a compiled form that is looked up, an
       execution context and a result for each of the eight. Types and refusals stay those of the general way, and who
       listens to it for writes hears these, too.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError

_Change = Callable[[Any], Any]


class Narrow:
    """One statement, for every engine it is said to; `columns`: of an INSERT, the only ones it fills."""

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        self.statement, self.columns = statement, columns
        self._forms: dict[str, _Form] = {}

    def first(self, connection: Connection, given: Mapping[str, object]) -> Any:  # noqa: ANN401 - its columns by name
        """The first row, or None."""
        found = self.all(connection, given)
        return found[0] if found else None

    def all(self, connection: Connection, given: Mapping[str, object]) -> Sequence[Any]:
        """Every row."""
        form = self._form(connection)
        return [form.read(row) for row in form.say(connection, given).fetchall()]

    def tell(self, connection: Connection, given: Mapping[str, object]) -> None:
        """Insert."""
        form = self._form(connection)
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, None, form.text, given, None, False)
        form.say(connection, given)

    def _form(self, connection: Connection) -> "_Form":
        name = connection.dialect.name
        if name not in self._forms:
            self._forms[name] = _Form(self.statement, connection.dialect, self.columns)
        return self._forms[name]


class _Form:
    """A statement as one engine takes it."""

    def __init__(self, statement: Any, dialect: Dialect, columns: Sequence[str] | None) -> None:  # noqa: ANN401
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.text, self.places = str(compiled), compiled.positiontup
        self.errors: Any = dialect.loaded_dbapi.Error
        self.usual = {name: value for name, value in compiled.params.items() if value is not None}
        changes = {name: _written(one.type, dialect) for name, one in compiled.binds.items()}
        self.changes = {name: change for name, change in changes.items() if change is not None}
        shown = list(getattr(statement, "selected_columns", ()))
        self.reads = [_given(one.type, dialect) for one in shown]
        self.make = _maker([one.name for one in shown])

    def say(self, connection: Connection, given: Mapping[str, object]) -> Any:  # noqa: ANN401 - the driver's cursor
        values: dict[str, Any] = {**self.usual, **given}
        for name, change in self.changes.items():
            values[name] = change(values[name])
        told: Any = values if self.places is None else [values[name] for name in self.places]
        driver: Any = connection.connection.driver_connection
        try:
            return driver.execute(self.text, told)
        except self.errors as refused:
            raise DBAPIError.instance(
                self.text, None, refused, self.errors, hide_parameters=True, dialect=connection.dialect
            ) from refused

    def read(self, row: Sequence[Any]) -> Any:  # noqa: ANN401 - a named tuple of its columns
        return self.make(change(value) if change else value for change, value in zip(self.reads, row, strict=True))


def _maker(names: Sequence[str]) -> Callable[[Any], Any]:
    kind: Any = namedtuple
    made: Callable[[Any], Any] = kind("Narrowed", names, rename=True)._make
    return made


def _written(kind: Any, dialect: Dialect) -> _Change | None:  # noqa: ANN401 - the library's own types
    change: _Change | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return change


def _given(kind: Any, dialect: Dialect) -> _Change | None:  # noqa: ANN401
    change: _Change | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return change
