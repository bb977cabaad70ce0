"""hub issue, and finishing what was left lying: worker, housekeeping, hub doctor --repair"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from hub.commands.line import app
from hub.housekeeping import Housekeeper, resume
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.life import drafts
from registry.life.errors import AlreadyIssued, ApprovalMissing, NotApproved
from registry.store.errors import KeyUsedForAnother, NotFound
from registry.store.tables.life import Certificate
from tests.hub import office
from tests.hub.test_status import Desk, leave_lying
from verification import digests

ORDER = {
    "authority": office.OFFICE,
    "order": {"type_code": office.LETTER, "holders": [office.COMPANY], "fields": office.fields(), "case_number": "7"},
    "approval": {"drafted_by": "经办甲", "approved_by": "审批乙"},
}


class Hub:
    """The command line on the machine of a hub that can issue."""

    def __init__(self, parts, folder):
        self.parts, self.folder = parts, folder
        office.open_office(parts)

    def run(self, *words):
        return CliRunner().invoke(app, [str(word) for word in words])

    def issue(self, *words, fails=False):
        result = self.run("issue", *words, "--json")
        assert (result.exit_code != 0) == fails, result.output
        return result if fails else json.loads(result.stdout)

    def file(self, **changes):
        path = self.folder / "order.json"
        path.write_text(json.dumps(ORDER | changes), encoding="utf-8")
        return path

    def approved(self):
        by = Caller(Kind.OFFICER, "off_another", office.OFFICE, frozenset({Scope.APPROVE}))
        return drafts.approve(self.parts.db, office.draft(self.parts), by=by, at=self.parts.now()).id

    def rows(self):
        with self.parts.db.reading() as look:
            return list(look.exec(select(Certificate)))


@pytest.fixture
def database_url(all_worlds, tmp_path):
    """SQLite alone, with the office: nothing here depends on the engine."""
    yield from all_worlds.url("sqlite", office.FURNISHED, tmp_path)


@pytest.fixture
def hub(parts, database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("HUB_HOME", str(parts.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", database_url)
    return Hub(parts, tmp_path)


class TestFile:
    """hub issue FILE"""

    def test_order_to_pdf(self, hub):
        """The record as over HTTP, and the document beside it, as it is kept; nobody else may read it."""
        out = hub.folder / "letter.pdf"
        told = hub.issue(hub.file(), "--out", out)
        assert (told["state"], told["level"], told["authority"]) == ("valid", "B-LT", office.OFFICE)
        assert told["number"]
        assert digests.sha256(out.read_bytes()) == told["document"]
        assert (told["file"], out.stat().st_mode & 0o777) == (str(out), 0o600)

    def test_for_people(self, hub):
        """Identifier, number and level, one a line; into a folder the file is called by its reference."""
        result = hub.run("issue", hub.file(), "--out", hub.folder)
        row = hub.rows()[0]
        assert result.exit_code == 0, result.output
        for told in (row.identifier, row.number, "B-LT", f"{row.reference}.pdf"):
            assert told in result.stdout.replace("\n", "")
        assert (hub.folder / f"{row.reference}.pdf").is_file()

    def test_the_same_key_issues_once(self, hub):
        """A repeat gives the same certificate; another file under the key is refused."""
        first = hub.issue(hub.file(), "--key", "k1")
        assert hub.issue(hub.file(), "--key", "k1") == first
        other = ORDER["approval"] | {"approved_by": "审批丙"}
        assert isinstance(hub.issue(hub.file(approval=other), "--key", "k1", fails=True).exception, KeyUsedForAnother)
        assert len(hub.rows()) == 1

    def test_nobody_approved(self, hub):
        """The operator is no second pair of eyes."""
        assert isinstance(hub.issue(hub.file(approval=None), fails=True).exception, ApprovalMissing)
        assert hub.rows() == []

    @pytest.mark.parametrize(
        ("changes", "place", "code"),
        [
            ({"authority": ""}, "/authority", "field.missing"),
            ({"more": 1}, "/more", "field.extra_forbidden"),
            ({"order": {"type_code": "x"}}, "/order/type_code", "field.wrong"),
            ({"order": ORDER["order"] | {"fields": {}}}, "/fields/building_name", "field.missing"),
        ],
    )
    def test_defects_with_their_places(self, hub, changes, place, code):
        """What is wrong with the file is told by its place, and nothing is issued."""
        told = json.loads(hub.issue(hub.file(**changes), fails=True).stderr)
        assert told["code"] == "draft.defective"
        assert place in {one["pointer"] for one in told["errors"]}
        assert all(one["title"] for one in told["errors"])
        assert hub.rows() == []

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
    def test_not_json(self, hub, content):
        """One sentence, no traceback."""
        path = hub.folder / "order.json"
        path.write_bytes(content)
        assert hub.issue(path, fails=True).exception.code == "request.malformed"

    def test_what_cannot_be_written_is_refused_before(self, hub):
        """The file exists, the folder does not, or nothing is to be issued: usage, exit 2."""
        there = hub.folder / "there.pdf"
        there.write_bytes(b"")
        for words in ((hub.file(), "--out", there), (hub.file(), "--out", hub.folder / "no" / "x.pdf"), ()):
            assert hub.issue(*words, fails=True).exit_code == 2
        assert hub.rows() == []


class TestDraft:
    """hub issue --draft"""

    def test_approved_once(self, hub):
        """An approved draft becomes a certificate, and no second one."""
        draft = hub.approved()
        told = hub.issue("--draft", draft)
        assert (told["state"], told["draft"]) == ("valid", draft)
        assert isinstance(hub.issue("--draft", draft, fails=True).exception, AlreadyIssued)

    def test_not_approved_and_not_theirs(self, hub):
        """Nobody approves by issuing; under another authority's name the draft is not there."""
        assert isinstance(hub.issue("--draft", office.draft(hub.parts), fails=True).exception, NotApproved)
        refused = hub.issue("--draft", hub.approved(), "--authority", "11410800000000027U", fails=True)
        assert isinstance(refused.exception, NotFound)
        assert hub.rows() == []


class TestLeftLying:
    """What a crash leaves is finished without anybody asking, or when an operator asks"""

    def test_a_worker_finishes_it_when_it_starts(self, parts):
        """The first thing it does; younger intents are somebody's work."""
        desk = Desk(parts)
        row = desk.leave_lying()
        assert resume(desk.parts) == {}
        later = replace(desk.parts, now=lambda: desk.at + timedelta(minutes=3))
        keeper = Housekeeper(later, every=60)
        keeper.start()
        keeper.end()
        assert desk.row(row.identifier).state == "valid"

    def test_doctor_shows_and_repairs(self, hub, parts):
        """What lies there is counted; --repair says what became of each; then none does."""
        row = leave_lying(parts)
        found = told(hub.run("doctor", "--json"))
        assert found["intents"][0] == "doubtful"
        assert found["intents"][1].startswith("1 ")

        done = told(hub.run("doctor", "--repair", "--json"))
        assert done[f"intent {row.identifier}"] == ("sound", "valid")
        assert done["intents"][0] == "sound"
        assert "intent " not in hub.run("doctor", "--repair", "--json").stdout


def told(result):
    return {one["check"]: (one["state"], one["told"]) for one in json.loads(result.stdout)}
