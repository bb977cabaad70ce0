"""registry/store/clashes.py: who came second is told by name, and nothing else is called a race"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from registry.directory import authority_seed
from registry.store import clashes
from registry.store.errors import AlreadyExists
from tests.conftest import AT

TAKEN = "INSERT INTO authority_name SELECT * FROM authority_name LIMIT 1"
KEPT = "DELETE FROM ledger_entry"
NOBODY = "UPDATE authority_name SET authority = 'nobody'"
WRONG = "INSERT INTO budget_level (name, whole_at) VALUES ('a', NULL)"


class TestLost:
    """lost()"""

    @pytest.fixture(autouse=True)
    def register(self, db):
        authority_seed.load(db, authority_seed.demo(), by="operator", at=AT)

    def test_a_key_that_is_taken(self, db):
        """The refusal that was named, on either engine."""
        with pytest.raises(AlreadyExists), clashes.lost(AlreadyExists(kind="name")), db.writing() as tx:
            tx.connection().execute(text(TAKEN))

    @pytest.mark.parametrize("statement", [KEPT, NOBODY, WRONG])
    def test_a_trigger_a_missing_parent_and_an_empty_column_are_no_race(self, db, statement):
        """They are faults of the program or of somebody at the database, and are told as such."""
        with pytest.raises(IntegrityError), clashes.lost(AlreadyExists(kind="name")), db.writing() as tx:
            tx.connection().execute(text(statement))
