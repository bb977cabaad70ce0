"""Annotated copies (加注件): made under a look-up, judged by anybody, worth no more than they say"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from hub.demo_people import ESTATE, HOUSING
from hub.trust_publishing import publish_trust_list
from registry.directory.access.scopes import Scope
from registry.exchange.errors import CopyUntil, NotLive
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.copies import AnnotatedCopy
from registry.store.tables.documents import Document
from registry.store.tables.ledger import LedgerEntry
from tests.hub.test_retrievals import joined
from tests.registry.exchange.conftest import NEW, NOW, REGISTRATION, STORY, parts_of
from verification import certificates, copies, trust, verify
from verification.evidence import Evidence, Registered, State, StateSeen
from verification.pdf import opened
from verification.report import Outcome, Step
from verification.trusted import Roots

pytestmark = pytest.mark.furnished(STORY)
ASKED = {
    "matter": REGISTRATION,
    "case_number": "示例-2026-0099",
    "purpose": "办理首次登记",
    "materials": ["land-title"],
    "operator": {"account": "ck-009", "name": "示例登记员"},
    "basis": {"kind": "statutory"},
    "about": {"holders": [{"name": NEW.name, "code_kind": NEW.code_kind, "code": NEW.code}]},
}


@pytest.fixture
def parts(db, tmp_path):
    """A hub that knows the demo's story."""
    return parts_of(db, tmp_path)


@pytest.fixture
def office(parts):
    """The headers of the registry's system."""
    return joined(parts, ESTATE, Scope.RETRIEVE)


@pytest.fixture
def found(client, office):
    """A look-up: its id and the certificate it found."""
    answer = client.post("/v1/retrievals", json=ASKED, headers=office).json()
    return answer["id"], answer["results"][0]["identifier"]


@pytest.fixture
def made(client, office, found):
    """The file of a copy."""
    key, certificate = found
    body = {"certificate": certificate, "until": "2026-06-30"}
    answer = client.post(f"/v1/retrievals/{key}/copies", json=body, headers=office)
    assert answer.status_code == 201, answer.text
    return client.get(f"/v1/retrievals/{key}/copies/{certificate}", headers=office).content


def listed(parts):
    roots = [certificates.read((parts.settings.signing_folder / "root.pem").read_bytes())]
    signed = publish_trust_list(parts, by="hub").signed
    return trust.open_list(signed, roots=roots, at=NOW, unsafe_allow_samples=True).list


def judged(document, trusted, *, at=NOW, state=None):
    """The report, with what the register would say of the original."""
    seen = None if state is None else StateSeen(state, at, at + timedelta(hours=1))
    told = Evidence(registered=Registered("sha256:" + "0" * 64), state=seen)
    return verify.verify(document, trust=trusted, evidence=told, at=at)


class TestCopies:
    """POST and GET /v1/retrievals/{retrieval}/copies"""

    def test_the_page_shows_what_the_matter_allows_and_its_mark(self, made):
        """Fields, purpose, office, last day; neither the statement nor any other field travels along."""
        (text_,) = opened.page_texts(made)
        flat = "".join(text_.split())
        names = [name for name, _ in opened.open_file(made).attachments]

        assert names == ["copy.json"]
        for said in ("仅用于办理首次登记", "示例市自然资源和规划局", "有效至2026-06-30", "出让/市场化商品房", "加注件"):
            assert said in flat
        assert flat.count("仅用于办理首次登记") > 5
        assert "持证主体Holder示例*" in flat.replace("，", "")
        assert NEW.name not in flat  # the matter's form does not take it
        for hidden in ("118.60", "36800.00", "示例记载事项"):
            assert hidden.encode() not in made
            assert hidden not in flat

    def test_made_once(self, client, office, found, made, db):
        """Asked for again, with or without its key, it is the same file; the act stands in the ledger once."""
        key, certificate = found
        body = {"certificate": certificate, "until": "2026-05-31"}
        for headers in (office, office | {"Idempotency-Key": "a"}, office | {"Idempotency-Key": "a"}):
            again = client.post(f"/v1/retrievals/{key}/copies", json=body, headers=headers)
            assert (again.status_code, again.json()["until"]) == (201, "2026-06-30")
        assert client.get(f"/v1/retrievals/{key}/copies/{certificate}", headers=office).content == made
        with db.reading() as look:
            assert len(look.exec(select(LedgerEntry).where(LedgerEntry.event == Event.COPIED)).all()) == 1

    def test_whoever_else_asks(self, client, parts, found, made):
        """Another authority finds neither look-up nor copy."""
        key, certificate = found
        other = joined(parts, HOUSING, Scope.RETRIEVE)
        answers = [
            client.post(f"/v1/retrievals/{key}/copies", json={"certificate": certificate}, headers=other),
            client.get(f"/v1/retrievals/{key}/copies/{certificate}", headers=other),
        ]
        assert [one.status_code for one in answers] == [404, 404]

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"certificate": "1.2.156.3005.2.x"}, 404, "retrieval.not_live"),
            ({"until": "2020-01-01"}, 422, "copy.until"),
            ({"until": "2030-01-01"}, 422, "copy.until"),
            ({"colour": "red"}, 422, "request.invalid"),
        ],
    )
    def test_what_is_refused(self, client, office, found, body, status, code):
        """A certificate the look-up did not find, a day out of bounds, an unknown word."""
        key, certificate = found
        answer = client.post(f"/v1/retrievals/{key}/copies", json={"certificate": certificate} | body, headers=office)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    def test_not_of_what_was_looked_up_for_less(self, client, office, parts):
        """A look-up that took values only opens no copy; one whose minutes are over opens none any more."""
        answer = client.post("/v1/retrievals", json=ASKED | {"mode": "data"}, headers=office).json()
        key, certificate = answer["id"], answer["results"][0]["identifier"]
        refused = client.post(f"/v1/retrievals/{key}/copies", json={"certificate": certificate}, headers=office)
        assert refused.json()["code"] == "retrieval.not_live"

        answer = client.post("/v1/retrievals", json=ASKED, headers=office).json()
        by = caller(parts)
        late = NOW + timedelta(minutes=16)
        with pytest.raises(NotLive):
            parts.copier.make(parts.db, answer["id"], certificate, until=None, by=by, at=late)
        with pytest.raises(NotFound):
            parts.copier.find(parts.db, answer["id"], certificate, by=by)

    def test_a_usual_copy_ends_after_thirty_days(self, client, office, found):
        """Where nobody named a day."""
        key, certificate = found
        answer = client.post(f"/v1/retrievals/{key}/copies", json={"certificate": certificate}, headers=office)
        assert answer.json()["until"] == "2026-06-05"


def caller(parts):
    from registry.directory.access.callers import Caller
    from registry.directory.access.scopes import Kind

    return Caller(Kind.CLIENT, "cli_estate", ESTATE, frozenset({Scope.RETRIEVE}))


class TestVerified:
    """What a stranger is told of a copy"""

    def test_copy_of_what_and_how_the_original_stands(self, parts, made, found):
        """Genuine, of which certificate; the original's state is asked of whoever knows it."""
        trusted = listed(parts)
        report = judged(made, trusted, state=State.VALID)

        assert report.accepted()
        assert (report.subject, report.headline().code) == ("copy", "genuine.valid")
        assert report.plain()["annotated"]["of"] == found[1]
        assert report.plain()["annotated"]["until"] == "2026-06-30"
        assert judged(made, trusted).headline().code == "genuine.unchecked"

    def test_a_copy_of_a_revoked_certificate(self, parts, made):
        """The copy is genuine and says that its original does not hold."""
        report = judged(made, listed(parts), state=State.REVOKED)
        assert (report.accepted(), report.headline().code) == (False, "genuine.not_valid")
        assert report.headline().sentence("zh", "copy").startswith("加注件真实，但原证照当前无效")

    @pytest.mark.parametrize("state", [State.VALID, State.REVOKED, None])
    def test_after_its_last_day_it_is_evidence_and_never_invalid(self, parts, made, state):
        """Whatever became of the original."""
        report = judged(made, listed(parts), at=NOW + timedelta(days=90), state=state)
        assert (report.accepted(), report.headline().code) == (True, "genuine.over")
        assert "2026-06-30" in report.headline().sentence("zh", "copy")

    def test_by_roots_alone(self, parts, made):
        """Sealed by whom the certificate names; that it is the hub, nobody can tell without the list."""
        roots = Roots((certificates.read((parts.settings.signing_folder / "root.pem").read_bytes()),))
        report = judged(made, roots)
        assert report.accepted()
        assert report.check(Step.OWNER).code == "owner.no_list"

    @pytest.mark.parametrize("place", range(0, 100, 7))
    def test_one_byte_changed(self, parts, made, place):
        """Anywhere: it does not hold."""
        at = len(made) * place // 100
        report = judged(made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :], listed(parts), state=State.VALID)
        assert not report.accepted()

    def test_an_office_cannot_make_one_itself(self, parts, made):
        """The same page and words under an authority's own seal: no copy of the hub."""
        from hub import key_places, pressing
        from signing.seal import Sealer

        words = dict(opened.open_file(made).attachments)["copy.json"]
        drawn = drawn_again(words)
        means = replace(pressing.means(parts.settings, parts.db, at=NOW), self_check=lambda *_: ())
        key = key_places.open_key(parts.settings.signing_folder, "file:planning-seal")
        forged = Sealer(key, means).apply(drawn, at=NOW).document
        report = judged(forged, listed(parts), state=State.VALID)

        assert (report.accepted(), report.headline().code) == (False, "foreign.issuer")

    def test_a_later_day_written_in(self, parts, made):
        """The words inside are sealed with the page; another day in them is another file."""
        told = copies.from_bytes(dict(opened.open_file(made).attachments)["copy.json"])
        assert told.until == date(2026, 6, 30)
        assert copies.from_bytes(replace(told, until=date(2027, 1, 1)).to_bytes()).until == date(2027, 1, 1)
        assert judged(drawn_again(told.to_bytes()), listed(parts)).check(Step.SINGLE).outcome is Outcome.FAILED

    def test_over_http(self, client, parts, made):
        """A stranger's upload: whose copy it is, and that its original holds."""
        publish_trust_list(parts, by="hub")
        answer = client.post("/v1/verifications", files={"file": ("x.pdf", made)})
        assert answer.status_code == 200, answer.text
        report = answer.json()
        assert (report["subject"], report["headline"]["code"]) == ("copy", "genuine.valid")
        assert report["annotated"]["purpose"] == "办理首次登记"


def drawn_again(words):
    """A page with the words of a copy inside, as anybody may draw one."""
    from signing import page

    inside = page.Attachment(name="copy.json", content=words, media_type="application/json", description="x")
    template = page.Template({page.ENTRY: b'#set text(font: "Noto Serif SC")\n= x'})
    return page.render(template, face={}, parts=page.Parts(attachments=(inside,)), at=NOW)


class TestHostile:
    """What callers may write into a copy's marks"""

    @pytest.mark.parametrize("purpose", ["#panic()", "*粗*$x$ #sys.inputs", "\\u{0} ]]#[", "a" * 200, "<script>"])
    def test_a_purpose_is_text_whatever_it_says(self, client, office, purpose):
        """Typst's own marks are printed, not obeyed."""
        answer = client.post("/v1/retrievals", json=ASKED | {"purpose": purpose}, headers=office).json()
        key, certificate = answer["id"], answer["results"][0]["identifier"]
        answer = client.post(f"/v1/retrievals/{key}/copies", json={"certificate": certificate}, headers=office)
        assert answer.status_code == 201, answer.text
        document = client.get(f"/v1/retrievals/{key}/copies/{certificate}", headers=office).content
        shown = "".join(opened.page_texts(document)[0].split())
        assert "".join(purpose.split()) in shown


class TestCrash:
    """What a copy leaves that could not be written down"""

    def test_no_entry_no_copy(self, parts, found):
        """A full ledger: neither row nor document; the sealed object is the sweep's."""
        with parts.db.writing() as tx:
            tx.connection().execute(text("ALTER TABLE ledger_entry RENAME TO ledger_gone"))
        with pytest.raises(Exception, match="ledger_entry"):
            parts.copier.make(parts.db, *found, until=None, by=caller(parts), at=NOW)
        with parts.db.writing() as tx:
            tx.connection().execute(text("ALTER TABLE ledger_gone RENAME TO ledger_entry"))

        with parts.db.reading() as look:
            assert look.exec(select(AnnotatedCopy)).all() == []
            before = len(look.exec(select(Document)).all())
        made = parts.copier.make(parts.db, *found, until=None, by=caller(parts), at=NOW)
        with parts.db.reading() as look:
            assert len(look.exec(select(Document)).all()) == before + 1
        assert parts.copier.find(parts.db, *found, by=caller(parts))[1] == made.document

    def test_a_day_out_of_bounds_makes_nothing(self, parts, found):
        """Refused before anything is drawn."""
        with pytest.raises(CopyUntil):
            parts.copier.make(parts.db, *found, until=date(2020, 1, 1), by=caller(parts), at=NOW)
