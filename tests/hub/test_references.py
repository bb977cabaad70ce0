"""GET /V/{reference}: what a phone's camera opens"""

from datetime import timedelta

import pytest

from registry.directory.authorities import record
from registry.directory.authorities.history import Name
from registry.directory.wording import Basis, Wording
from registry.life import completion
from tests.hub import office
from tests.hub.test_status import Desk
from verification.legal_dates import legal_date


@pytest.fixture
def database_url(all_worlds, tmp_path):
    """SQLite alone, with the office: nothing here depends on the engine."""
    yield from all_worlds.url("sqlite", office.FURNISHED, tmp_path)


@pytest.fixture
def desk(parts):
    return Desk(parts)


class TestFound:
    """A reference that is registered"""

    @pytest.mark.parametrize("letter", "Vv")
    @pytest.mark.parametrize("case", [str.upper, str.lower])
    def test_tells_who_and_what_and_whether(self, desk, letter, case):
        """In any case of its letters: authority, type, state, time of asking, host."""
        row = desk.issue()
        answer = desk.http.get(f"/{letter}/{case(row.reference)}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        for told in (
            row.reference,
            "示例市人民防空办公室",
            office.OFFICE,
            office.LETTER,
            "已登记 · 有效",
            "127.0.0.1:8000",
        ):
            assert told in answer.text
        assert "2026-03-02 09:30:00" in answer.text

    def test_tells_nothing_about_the_holder(self, desk):
        """No name, no code, no number, no identifier, no date of the certificate's own."""
        row = desk.issue()
        page = desk.http.get(f"/V/{row.reference}").text
        for kept in (office.COMPANY["name"], office.COMPANY["code"], row.number, row.identifier, row.statement):
            assert kept not in page
        assert office.fields()["building_name"] not in page

    def test_runs_this_hosts_modules_alone_and_is_kept_nowhere(self, desk):
        """Nothing but style and verifier of this host is loaded; caches and search engines keep nothing."""
        answer = desk.http.get(f"/V/{desk.issue().reference}")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'; connect-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.text.count("<script") == 1
        assert '<script type="module" src="/verifier/page.mjs"></script>' in answer.text
        assert "style=" not in answer.text
        assert (answer.headers["cache-control"], answer.headers["x-robots-tag"]) == ("no-store", "noindex, nofollow")
        assert "set-cookie" not in answer.headers

    def test_says_what_a_renamed_authority_is_called_now(self, desk):
        """The name on the paper stays; the new one stands beside it."""
        row = desk.issue()
        day = legal_date(desk.at) + timedelta(days=1)
        name = Name(Wording("示例市新名办公室"), day, Basis("示例文件", None, day))
        desk.at += timedelta(days=1)
        record.rename(desk.parts.db, office.OFFICE, name, by="operator", at=desk.at)
        page = desk.http.get(f"/V/{row.reference}").text
        assert "示例市人民防空办公室" in page
        assert "现名 now: 示例市新名办公室" in page


class TestUnknown:
    """A reference that is not"""

    def test_malformed_and_unknown_get_the_same_page(self, desk):
        """Whatever was typed, and nothing of it comes back."""
        row = desk.issue()
        unknown = desk.http.get("/V/2222222222")
        assert unknown.status_code == 404
        assert "没有登记" in unknown.text
        odd = ["x", "%3Cscript%3E", row.reference + "A", row.reference[:-1], "a/b", "%EF%BC%92" * 10, "%C3%9F" * 10, ""]
        for written in odd:
            answer = desk.http.get(f"/v/{written}")
            assert (answer.status_code, answer.text) == (404, unknown.text), written
            assert answer.headers["content-security-policy"] == unknown.headers["content-security-policy"]

    def test_what_was_never_finished_is_not_registered(self, desk):
        """An intent, and what became of it when it was voided."""
        row = desk.leave_lying()
        assert desk.http.get(f"/V/{row.reference}").status_code == 404
        completion.void(desk.parts.db, row.identifier, "test", by="doctor", at=desk.at)
        assert desk.http.get(f"/V/{row.reference}").status_code == 404
