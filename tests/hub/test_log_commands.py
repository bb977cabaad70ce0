"""`hub log …`: what an auditor and an operator type."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from hub import auditing, log_keeping
from hub.commands.line import app
from registry.directory import authority_seed
from registry.store.log.audit import protected
from registry.store.log.checkpoints import published
from tests.hub import office
from verification import checkpoints, entries, log_evidence, picture
from verification.errors import NoteRefused
from verification.pdf import opened

AUDIT = Path(auditing.__file__).parents[1] / "registry" / "store" / "log" / "audit"


@pytest.fixture
def issued(parts):
    """A certificate that stands in the log."""
    authority_seed.load(parts.db, authority_seed.demo(), by="operator", at=parts.now())
    office.open_office(parts)
    identifier = office.certificate(parts)
    parts.sequencer.turn(at=parts.now())
    return identifier


@pytest.fixture
def hub(parts, settings):
    """The command line of that hub."""
    known = {"HUB_HOME": str(settings.home), "HUB_DATABASE_URL": settings.database_url, "LC_ALL": "en_US.UTF-8"}

    def run(*arguments):
        return CliRunner().invoke(app, ["log", *map(str, arguments)], env=known, catch_exceptions=False)

    return run


class TestAudit:
    """hub log audit"""

    def test_an_honest_register_is_sound(self, hub, issued):
        """Every act names the rows it wrote: documents, statements, holders' marks, everything."""
        done = hub("audit")
        assert (done.exit_code, done.output[:1]) == (0, "✓"), done.output

        told = json.loads(hub("audit", "--json").output)
        assert told["sound"]
        assert told["compared"]["certificate"] == told["compared"]["statement"] == 1
        assert set(told["open"]) == set(protected.OPEN)

    def test_a_changed_row_is_named_with_the_act_that_wrote_it(self, hub, parts, issued):
        """In words that whoever mends the database understands."""
        with parts.db.writing() as tx:
            on = " ON certificate" if parts.db.dialect == "postgresql" else ""
            tx.connection().execute(text(f"DROP TRIGGER certificate_no_update{on}"))
            tx.connection().execute(text("UPDATE certificate SET number = 'x'"))
        done = hub("audit")

        assert done.exit_code == 1
        assert f"In table certificate the row {issued} was changed" in done.output
        assert "written by the act “issued”" in done.output

    def test_a_checkpoint_from_elsewhere_proves_a_cut(self, hub, parts, issued, tmp_path):
        """The file is named in the sentence."""
        kept = tmp_path / "carried-away"
        kept.write_bytes(hub("checkpoint").output.encode())
        (parts.settings.checkpoint_folder / "checkpoint").unlink()
        for one in parts.settings.checkpoint_folder.iterdir():
            one.unlink()
        assert hub("audit").output.count("!") == 2
        assert hub("audit", "--checkpoint", kept).output.count("!") == 1
        with parts.db.writing() as tx:
            from tests.registry.store.log.test_audit import _disarm

            _disarm(parts.db, tx.connection())
            for table in ("log_checkpoint", "log_place", "log_tile", "ledger_entry"):
                tx.connection().execute(text(f"DELETE FROM {table}"))
        done = hub("audit", "--checkpoint", kept)
        assert done.exit_code == 1
        assert "carried-away" in done.output

    def test_every_finding_has_a_sentence_in_both_languages(self):
        """The codes of the source are those of the texts, with the same facts."""
        source = "".join(path.read_text(encoding="utf-8") for path in AUDIT.glob("*.py"))
        used = set(re.findall(r'note\(\s*"([a-z_.]+)"', source))
        used |= {f"checkpoint.{one}" for one in ("not_signed", "changed", "other_tree", "missing_before")}
        zh, en = auditing._sentences("zh"), auditing._sentences("en")
        assert zh.keys() == en.keys()
        assert used == {code for code in zh if "." in code and not code.startswith("hidden.")}
        facts = {code: (set(re.findall(r"{(\w+)}", zh[code])), set(re.findall(r"{(\w+)}", en[code]))) for code in zh}
        assert [code for code, (one, other) in facts.items() if one != other] == []


class TestProve:
    """hub log prove, export, keys, checkpoint"""

    @pytest.mark.parametrize("form", [(), ("--tlog-proof",)])
    def test_evidence_by_certificate_and_by_reference(self, hub, parts, issued, tmp_path, form):
        """Both are the same file, in either form, and closed it opens nothing."""
        hub("prove", issued, "--out", tmp_path / "proof", *form)
        known = log_keeping.keys(parts)
        found = log_evidence.check((tmp_path / "proof").read_bytes(), known)

        assert found.entry.subject == issued
        assert hub("prove", found.leaf.hex(), *form).output == (tmp_path / "proof").read_text()
        closed = hub("prove", found.leaf.hex(), "--closed", *form).output.encode()
        assert log_evidence.check(closed, known, leaf=found.leaf).entry is None

    def test_a_range_is_opened_for_an_auditor(self, hub, parts, issued):
        """Each line's body is what its leaf says; the checkpoint comes last."""
        lines = [json.loads(line) for line in hub("export", 0, 9).output.splitlines()]

        assert [line["place"] for line in lines[:-1]] == list(range(10))
        for line in lines[:-1]:
            committed = entries.commitment(bytes.fromhex(line["salt"]), line["body"].encode())
            assert entries.leaf_hash(committed).hex() == line["leaf"]
        assert checkpoints.opened(lines[-1]["checkpoint"].encode(), log_keeping.keys(parts)).tree.size > 9

    def test_a_checkpoint_on_paper_finds_its_way_back(self, hub, parts, issued, tmp_path):
        """The page's code is what the audit takes; a history that was cut is told by it."""
        assert hub("checkpoint", "--page", tmp_path / "page.pdf").exit_code == 0
        (text_,) = picture.codes((tmp_path / "page.pdf").read_bytes())
        (tmp_path / "scanned").write_text(text_, encoding="utf-8")
        (words,) = opened.page_texts((tmp_path / "page.pdf").read_bytes())
        with parts.db.reading() as look:
            row = published(look)
        assert f"Entries {row.size}\r\n" in words
        told = hub("audit", "--checkpoint", tmp_path / "scanned", "--json")
        assert (told.exit_code, str(tmp_path / "scanned") in json.loads(told.output)["outside"]) == (0, True)

    def test_a_witness_is_believed_by_the_key_the_auditor_brings(self, hub, issued):
        """A key that vouched for nothing leaves the doubt where it is; what is no key is refused."""
        key = hub("keys").output.splitlines()[0]
        told = hub("audit", "--witness", key)
        assert (told.exit_code, "Only a foreign witness would notice" in told.output) == (0, True)
        with pytest.raises(NoteRefused):
            hub("audit", "--witness", "x")

    def test_keys_are_told_as_other_programs_take_them(self, hub, issued):
        """One line each, the log's name first."""
        assert all(line.startswith("127.0.0.1:8000/log+") for line in hub("keys").output.splitlines())
