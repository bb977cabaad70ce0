"""POST /v1/verifications with a code, a picture of one, or facts; on the demo's certificates"""

import json
import re
import socket
import statistics
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from hub import clock, demo, demo_sheet
from hub.app import build_app
from hub.parts import assemble
from hub.settings import Settings
from registry.directory.access.errors import TooManyTries
from registry.life import matching
from registry.store import statements
from registry.store.tables.life import Certificate
from tests.verification import pictures
from verification import base45, cbor, code_token, cose, picture, statement

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "verification/schemas/report-1.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("demo"), _env_file=None)
    demo.prepare(settings)
    found = assemble(settings)
    yield found
    found.close()


@pytest.fixture(scope="module")
def hub(parts):
    with TestClient(build_app(parts), raise_server_exceptions=False) as caller:
        yield caller


@pytest.fixture(scope="module")
def letter(parts):
    """The letter for the single building: identifier, file, statement, the text of its code."""
    made = [one for one in demo_sheet.read(parts.settings)["made"] if one["kind"] == "certificate"][-1]
    document = Path(made["file"]).read_bytes()
    with parts.db.reading() as look:
        row = look.get_one(Certificate, made["identifier"])
        said = statement.from_bytes(statements.read(look, parts.keyring, row.statement))
    (text,) = picture.codes(document)
    return made["identifier"], document, said, text


@pytest.fixture
def ask(hub):
    def asked(body, **more):
        sent = {"files": {"file": ("x", body)}} if isinstance(body, bytes) else {"json": body}
        answer = hub.post("/v1/verifications", **sent, **more)
        assert answer.status_code == 200, answer.text
        report = answer.json()
        assert list(Draft202012Validator(SCHEMA).iter_errors(report)) == []
        return report

    return asked


class TestCode:
    """{"code": …}"""

    def test_a_code_of_ours_is_judged_against_the_register(self, ask, letter):
        """Signed, entitled, registered, valid now; and it says that a code can be copied."""
        report = ask({"code": letter[3]})

        assert (report["subject"], report["accepted"], report["headline"]["code"]) == ("code", True, "genuine.valid")
        assert "可以复制" in report["headline"]["zh"]
        assert report["axes"]["register"] == report["axes"]["status"] == "PASSED"
        assert report["code"]["facts"]["number"] == letter[2].number

    def test_the_same_token_for_programs_is_judged_too(self, ask, letter):
        """LX1: instead of the link."""
        token = letter[3].partition("#")[2].replace("%20", " ").replace("%25", "%")
        assert ask({"code": "LX1:" + token})["accepted"]

    def test_a_changed_code_names_no_certificate(self, ask, letter):
        """Signed by nobody: neither accepted nor told what is registered under its reference."""
        envelope = code_token.read(letter[3]).envelope
        forged = cose.assembled(cose.header(envelope.kid), envelope.payload, encode_dss_signature(5, 7))
        report = ask({"code": "LX1:" + base45.encode(forged)})

        assert report["headline"]["code"] == "other_file.changed"
        assert not report["accepted"]

    def test_a_code_made_for_a_known_reference_learns_nothing(self, ask, letter):
        """Who knows the short reference alone makes a code: it does not hold, and names no certificate."""
        envelope = code_token.read(letter[3]).envelope
        claims = cbor.decode(envelope.payload)
        claims[code_token.FACTS][code_token.Fact.DIGEST] = bytes(16)
        forged = cose.assembled(cose.header(envelope.kid), cbor.encode(claims), encode_dss_signature(5, 7))
        report = ask({"code": "LX1:" + base45.encode(forged)})

        assert report["headline"]["code"] == "other_file.changed"
        assert letter[0] not in json.dumps(report)

    def test_a_photo_is_read_where_files_are(self, ask, letter):
        """As a picture of the page, dim and askew."""
        rows = pictures.darkened(pictures.turned(pictures.enlarged(pictures.modules(letter[3]), 4), 6))
        report = ask(pictures.png(rows))

        assert (report["subject"], report["headline"]["code"]) == ("code", "genuine.valid")

    def test_a_picture_without_a_code_is_said_to_have_none(self, ask):
        """What is missing is named."""
        report = ask(pictures.png([bytes([200]) * 50] * 50))

        assert (report["headline"]["code"], report["headline"]["because"]) == ("unconfirmed", "readable.no_code")

    @pytest.mark.parametrize("text", ["hello", "https://elsewhere.invalid/v/ABCDEFGHJK#X", "LX1:" + "A" * 4900, "é"])
    def test_any_text_gets_a_report(self, ask, text):
        """Never a fault."""
        assert not ask({"code": text})["accepted"]


class TestFacts:
    """{"identifier": …, "facts": …}"""

    def facts(self, letter):
        return {"holder": letter[2].holders[0].name, "number": letter[2].number, "issued": str(letter[2].issued)}

    def test_facts_that_agree_tell_the_state(self, ask, letter):
        """And nothing that was not said already."""
        report = ask({"identifier": letter[0], "facts": self.facts(letter)})

        assert (report["subject"], report["headline"]["code"]) == ("facts", "genuine.valid")
        assert report["accepted"]
        assert letter[2].holders[0].name not in json.dumps(report, ensure_ascii=False)

    @pytest.mark.parametrize("written", ["{}", " {} ", "{}\t"])
    def test_fields_of_the_type_and_of_every_certificate_count(self, ask, letter, written):
        """Blanks do not."""
        said = letter[2]
        own = next(item for item in said.fields.items() if isinstance(item[1], str))
        for name, value in [own, ("number", said.number), ("issuer_code", said.issuer.code)]:
            assert ask({"identifier": letter[0], "facts": {name: written.format(value)}})["accepted"], name

    def test_whatever_is_wrong_the_answer_is_the_same(self, ask, letter):
        """One fact wrong, all wrong, an unknown name, an unknown identifier, one of nonsense: one answer."""
        wrong = [
            (letter[0], {**self.facts(letter), "number": "x"}),
            (letter[0], {"holder": "nobody"}),
            (letter[0], {"salt": letter[2].salt}),
            (letter[0][:-1] + ("1" if letter[0].endswith("0") else "0"), self.facts(letter)),
            ("nonsense", self.facts(letter)),
        ]
        answers = [ask({"identifier": name, "facts": facts}) for name, facts in wrong]
        for answer in answers:
            answer.pop("document")
            answer.pop("at")
        assert all(answer == answers[0] for answer in answers)
        assert answers[0]["headline"]["because"] == "register.no_match"

    def test_the_time_of_an_answer_tells_nothing(self, ask, letter):
        """Known and unknown alike wait for the same moment."""
        taken = {letter[0]: [], letter[0][:-1] + "1": []}
        for name in list(taken) * 4:
            began = time.perf_counter()
            ask({"identifier": name, "facts": {"holder": "nobody"}})
            taken[name].append(time.perf_counter() - began)
        known, unknown = (statistics.median(times) for times in taken.values())
        assert min(known, unknown) >= 0.06
        assert abs(known - unknown) < 0.03

    def test_who_guesses_runs_dry(self, parts, letter):
        """Thirty questions an hour about one identifier, from wherever they come; then even the truth is not told."""
        at = clock.now() + timedelta(days=2)

        def asked(number, facts):
            return matching.ask(parts.db, parts.keyring, letter[0], facts, remote=f"10.{number}.0.1", at=at)

        for number in range(matching.PER_IDENTIFIER):
            assert asked(number, {"number": str(number)}) is None
        with pytest.raises(TooManyTries):
            asked(77, self.facts(letter))

    @pytest.mark.parametrize(
        "body",
        [
            {"identifier": "x"},
            {"identifier": "x", "facts": {}},
            {"identifier": "x", "facts": {"a": ["b"]}},
            {"identifier": "x", "facts": {str(n): "x" for n in range(13)}},
            {"identifier": "x", "facts": {"a": "\x00"}},
            {"code": "x", "facts": {"a": "b"}},
            {"code": ""},
            {},
            [],
        ],
    )
    def test_other_shapes_are_refused_by_their_place(self, hub, body):
        """422, and the place is the caller's own."""
        answer = hub.post("/v1/verifications", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
        assert not re.search(r"\?", json.dumps([one["pointer"] for one in answer.json()["errors"]]))

    def test_what_is_no_json_is_refused(self, hub):
        """Nor a form."""
        assert hub.post("/v1/verifications", content=b"{", headers={"content-type": "text/plain"}).status_code == 422


class TestNothingIsFetched:
    """Addresses inside a file"""

    def test_no_address_is_ever_called(self, ask):
        """In links, actions, references to other files, metadata, certificates: nobody calls."""
        calls = []
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0.3)
            waiting = threading.Thread(target=accept, args=[listener, calls])
            waiting.start()
            address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
            for document in hostile(address):
                assert not ask(document)["accepted"]
            assert not ask({"code": address.replace("http", "https") + "/v/ABCDEFGHJK#ABC"})["accepted"]
        waiting.join()
        assert calls == []


def accept(listener, calls):
    while True:
        try:
            calls.append(listener.accept()[1])
        except TimeoutError:
            continue
        except OSError:
            return


def hostile(address):
    """PDFs that ask their reader to go somewhere."""
    link = address.encode()
    bodies = [
        b"/OpenAction<</S/URI/URI(%s)>>" % link,
        b"/OpenAction<</S/GoToR/F(%s)/D[0/Fit]>>" % link,
        b"/OpenAction<</S/SubmitForm/F<</FS/URL/F(%s)>>>>" % link,
        b"/OpenAction<</S/JavaScript/JS(app.launchURL\\('%s'\\))>>" % link,
        b"/AcroForm<</XFA(<x href='%s'/>)/Fields[]>>" % link,
        b"/AF[<</Type/Filespec/FS/URL/F(%s)>>]" % link,
    ]
    page = (
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj "
    )
    for body in bodies:
        yield b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R" + body + b">>endobj " + page + b"trailer<</Root 1 0 R>>"
