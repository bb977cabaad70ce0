"""registry/store/log/erasing.py"""

import pytest
from sqlalchemy import text

from registry.directory import authority_seed
from registry.store import ledger
from registry.store.log import erasing, proofs
from registry.store.log.audit import whole
from registry.store.log.errors import EntryErased
from tests.registry.store.log.desk import AT, KNOWN, sequencer
from verification import inclusion


@pytest.fixture
def references(db):
    """A register of authorities, in the log."""
    authority_seed.load(db, authority_seed.demo(), by="operator", at=AT)
    sequencer(db).turn(at=AT)
    with db.reading() as look:
        found = look.connection().execute(text("SELECT leaf FROM ledger_entry ORDER BY id")).scalars().all()
    return [bytes(leaf).hex() for leaf in found]


class TestErase:
    """erasing.erase()"""

    def test_reads_as_erased_and_everything_else_is_sound(self, db, references):
        """Rows of every kind that the erased entries named are named again by the act of erasure."""
        for reference in references:
            erasing.erase(db, reference, basis="DECREE-2026-7", by="operator", at=AT)
        sequencer(db).turn(at=AT.replace(hour=3))
        report = whole.audit(db, KNOWN)

        assert (report.findings, report.erased) == ([], len(references))
        with db.reading() as look:
            assert ledger.find(look, references[0]).body is None
            proof = proofs.prove(look, references[0])
        assert inclusion.check(proof, KNOWN, leaf=bytes.fromhex(references[0])).index == 0

    def test_twice_is_refused(self, db, references):
        """What is gone cannot go again."""
        erasing.erase(db, references[0], basis="DECREE-2026-7", by="operator", at=AT)
        with pytest.raises(EntryErased):
            erasing.erase(db, references[0], basis="DECREE-2026-7", by="operator", at=AT)

    def test_emptied_behind_the_product_s_back_is_found(self, db, references):
        """The trigger allows it; the audit asks for the act."""
        with db.writing() as tx:
            emptied = "UPDATE ledger_entry SET salt = NULL, body = NULL, subject = NULL WHERE id = 1"
            tx.connection().execute(text(emptied))
        assert whole.audit(db, KNOWN).first.code == "entry.emptied"
