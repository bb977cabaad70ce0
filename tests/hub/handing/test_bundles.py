"""The evidence of a transfer in one file: judged without a hub, by outside tools, and by who tampers with it"""

import io
import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from hub.trust_publishing import publish_trust_list
from registry.exchange.transfers import voices
from tests.hub.conftest import ROOT
from tests.hub.handing.conftest import PLAN, act, asked, certificate, judged_bytes, material, trusted
from tests.registry.exchange.conftest import LETTER, NOW, OPINION, STORY
from verification import canonical, containers, handovers, jws
from verification.pdf import opened
from verification.report import BUNDLE_STRICT, Outcome, Step

pytestmark = pytest.mark.furnished(STORY)
PEAK = """
import sys
from verification.__main__ import main
main(sys.argv[1:])
with open("/proc/self/status") as told:
    sys.stderr.write(next(line for line in told if line.startswith("VmHWM")).split()[1])
"""


@pytest.fixture
def settled(client, parts, housing, sent):
    """A transfer that ended: its certificate was taken, its material refused; the log knows of all."""
    trusted(parts)
    act(client, housing, sent["id"], "receive")
    done = act(client, housing, sent["id"], "accept", {"refused": [{"place": 2, "reason": "缺少签字页"}]}).json()
    parts.sequencer.turn(at=NOW)
    return done


@pytest.fixture
def bundle(client, housing, settled):
    """Its evidence."""
    answer = client.get(f"/v1/transfers/{settled['id']}/bundle", headers=housing)
    assert answer.status_code == 200, answer.text
    return answer.content


def files(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {one.filename: archive.read(one) for one in archive.infolist()}


def packed(named, *, first="mimetype"):
    """A container of some files, however strange."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(named, key=lambda pair: pair[0] != first):
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2026, 5, 6, 0, 0, 0)), content, stored)
    return out.getvalue()


class TestBundle:
    """GET /v1/transfers/{transfer}/bundle"""

    def test_it_verifies_without_a_hub(self, parts, tmp_path, settled, bundle):
        """By the command alone, strictly: both parties' words, the files, the log, a time-stamp."""
        (tmp_path / "evidence.asice").write_bytes(bundle)
        (tmp_path / "list.jws").write_text(publish_trust_list(parts, by="hub").signed)
        line = [sys.executable, "-m", "verification", str(tmp_path / "evidence.asice")]
        line += ["--trust", str(tmp_path / "list.jws"), "--at", NOW.isoformat(), "--policy", "strict"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)

        assert done.returncode == 0, done.stdout + done.stderr
        report = judged_bytes(bundle, trusted(parts))
        assert report.accepted(BUNDLE_STRICT)
        assert report.receipt["manifest"]["id"] == settled["id"]
        assert [one["act"] for one in report.receipt["answers"]] == ["received", "settled"]

    def test_what_was_taken_travels_along_and_nothing_else(self, settled, bundle):
        """The certificate byte for byte; what was refused is named by its digest alone; a cover says it to people."""
        inside = files(bundle)
        (item,) = [name for name in inside if name.startswith("items/")]
        page = "".join("".join(opened.page_texts(inside["cover.pdf"])).split())

        assert item == "items/0001.pdf"
        assert PLAN not in inside.values()
        for said in (
            settled["number"],
            "2026-05-20",
            "缺少签字页",
            "接收accepted",
            "退回refused",
            "总平面图",
            settled["sender"],
        ):
            assert said in page

    def test_outside_tools_agree(self, tmp_path, bundle):
        """Any unzip reads it; openssl verifies the signature over the list; qpdf the cover."""
        for name, content in files(bundle).items():
            (tmp_path / name.replace("/", "-")).write_bytes(content)
        signed, listed = (str(tmp_path / one.replace("/", "-")) for one in (containers.SIGNATURE, containers.LIST))
        line = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signed, "-content", listed]
        line += ["-CAfile", "keys_sample/root.pem", "-purpose", "any"]
        line += ["-no_check_time", "-out", str(tmp_path / "out")]
        done = subprocess.run(line, capture_output=True, text=True, check=False)

        assert zipfile.ZipFile(io.BytesIO(bundle)).testzip() is None
        assert done.returncode == 0, done.stderr
        if shutil.which("qpdf"):
            assert subprocess.run(["qpdf", "--check", str(tmp_path / "cover.pdf")], check=False).returncode == 0

    def test_before_the_end_and_before_the_log(self, client, parts, shelter, sent):
        """The words there are; what has no place in the log yet is unknown, not wrong."""
        trust = trusted(parts)
        early = client.get(f"/v1/transfers/{sent['id']}/bundle", headers=shelter).content
        report = judged_bytes(early, trust)

        assert report.accepted()
        assert report.check(Step.LOG).outcome is Outcome.UNKNOWN
        assert not report.accepted(BUNDLE_STRICT)

    def test_it_is_its_parties(self, client, estate, settled):
        """To everybody else there is none."""
        assert client.get(f"/v1/transfers/{settled['id']}/bundle", headers=estate).status_code == 404


def test_a_large_one_is_judged_in_little_memory(parts, tmp_path, bundle):
    """Piece by piece: what it weighs is not what the verifier weighs."""
    peaks = []
    (tmp_path / "list.jws").write_text(publish_trust_list(parts, by="hub").signed)
    for name, inside in (("small", {}), ("large", {f"items/9{n}.pdf": bytes(48 << 20) for n in range(3)})):
        (tmp_path / f"{name}.asice").write_bytes(resealed(parts, files(bundle) | inside))
        line = [sys.executable, "-c", PEAK, str(tmp_path / f"{name}.asice")]
        line += ["--trust", str(tmp_path / "list.jws"), "--at", NOW.isoformat(), "--json"]
        done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)
        peaks.append(int(done.stderr.split()[-1]))

    assert "statement.foreign_item" in done.stdout
    assert peaks[1] - peaks[0] < 16 << 10


class TestTampering:
    """What somebody makes of a bundle"""

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (lambda inside: inside | {"items/0001.pdf": inside["items/0001.pdf"][:-1] + b"x"}, "whole.files_differ"),
            (lambda inside: inside | {"items/0009.pdf": b"%PDF-"}, "whole.files_differ"),
            (lambda inside: {name: inside[name] for name in inside if name != "cover.pdf"}, "whole.files_differ"),
            (lambda inside: inside | {containers.LIST: inside[containers.LIST] + b" "}, "whole.files_differ"),
            (lambda inside: {name: inside[name] for name in inside if name != containers.SIGNATURE}, "not_a_bundle"),
            (lambda inside: inside | {"mimetype": b"application/zip"}, "readable.not_a_bundle"),
            (lambda inside: inside | {"../../etc/passwd": b"x"}, "readable.strange_names"),
            (lambda inside: inside | {"/absolute.pdf": b"x"}, "readable.strange_names"),
            (lambda inside: inside | {"items\\a.pdf": b"x"}, "readable.strange_names"),
            (lambda inside: inside | {"items/a/b.pdf": b"x"}, "readable.strange_names"),
            (lambda inside: inside | {"items/": b""}, "readable.strange_names"),
            (lambda inside: inside | {"items/文.pdf": b"x"}, "readable.strange_names"),
            (lambda inside: inside | {"items/bomb.pdf": b"0" * (2 << 20)}, "readable.bomb"),
            (lambda inside: inside | {f"items/{n:04}.bin": b"" for n in range(1001)}, "readable.too_large"),
        ],
    )
    def test_each_is_refused_by_name(self, parts, bundle, change, code):
        """Changed, added, removed, named to escape, made to burst."""
        report = judged_bytes(packed(change(files(bundle)).items()), trusted(parts))

        assert not report.accepted()
        assert code in report.decisive().code

    @pytest.mark.parametrize("place", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
    def test_any_byte(self, parts, bundle, place):
        """A flipped bit anywhere is never accepted as it was; nor are the file's halves."""
        trust, at = trusted(parts), int(len(bundle) * place)
        flipped = bundle[:at] + bytes([bundle[at] ^ 1]) + bundle[at + 1 :]

        assert not judged_bytes(flipped, trust).accepted()
        assert not judged_bytes(bundle[: at + 4], trust).accepted()
        assert not judged_bytes(bundle[:4] + bundle, trust).accepted()

    def test_names_twice(self, parts, bundle):
        """Of two files of one name nobody knows which is meant."""
        twice = [*files(bundle).items(), ("cover.pdf", b"%PDF-other")]
        with pytest.warns(UserWarning, match="Duplicate"):
            data = packed(twice)
        assert judged_bytes(data, trusted(parts)).decisive().code == "readable.strange_names"

    def test_words_of_another_transfer(self, client, parts, shelter, housing, bundle, settled):
        """Sealed by the hub itself, yet an answer that is about another manifest makes no evidence."""
        told = asked(("material", material(client, shelter)))
        other = client.post("/v1/transfers", json=told, headers=shelter).json()
        act(client, housing, other["id"], "receive")
        theirs = files(client.get(f"/v1/transfers/{other['id']}/bundle", headers=housing).content)
        mixed = files(bundle) | {"words/received.jws": theirs["words/received.jws"]}
        mixed["proofs/received.json"] = theirs["proofs/received.json"]

        assert judged_bytes(resealed(parts, mixed), trusted(parts)).decisive().code == "statement.other_manifest"
        foreign = files(bundle) | {"items/0002.pdf": PLAN + b"x"}
        assert judged_bytes(resealed(parts, foreign), trusted(parts)).decisive().code == "statement.foreign_item"
        forged = files(bundle) | {"words/settled.jws": files(bundle)["words/received.jws"][:-4] + b"AAAA"}
        assert judged_bytes(resealed(parts, forged), trusted(parts)).decisive().code == "statement.word_refused"

    def test_an_office_cannot_seal_one_itself(self, parts, bundle):
        """The container is the hub's; another key's seal on it is nobody's."""
        report = judged_bytes(resealed(parts, files(bundle), key="office"), trusted(parts))
        assert report.decisive().code == "sealed.unknown_seal"

    def test_a_holder_of_the_story_is_named_nowhere_in_the_names(self, bundle):
        """File names are places and acts."""
        assert all(
            containers.NAME.fullmatch(name) or name in {"mimetype", containers.LIST, containers.SIGNATURE}
            for name in files(bundle)
        )


def test_an_answer_is_its_own_partys(parts, bundle):
    """Neither may one act's answer stand for another's, nor may the sender answer for the receiver."""
    told = files(bundle)
    moved = {name: content for name, content in told.items() if "received" not in name}
    moved |= {"words/settled.jws": told["words/received.jws"], "proofs/settled.json": told["proofs/received.json"]}
    said = jws.unverified_payload(told["words/settled.jws"].decode(), limit=handovers.LIMIT)
    answer = json.loads(said)
    content = answer["content"] | {"by": json.loads(_manifest(told))["content"]["sender"]}
    with parts.db.reading() as look:
        voice = voices.of(look, parts.handovers.open_key, content["by"]["code"], at=NOW)
    forged = told | {"words/settled.jws": voice.answer(canonical.encode(content), answer["entry"]).encode()}

    for one in (moved, forged):
        assert judged_bytes(resealed(parts, one), trusted(parts)).decisive().code == "statement.other_party"


def _manifest(told):
    return jws.unverified_payload(told["words/manifest.jws"].decode(), limit=handovers.LIMIT)


def resealed(parts, inside, key=None):
    """The same files under a signature of the hub, or of another key."""
    from hub import key_places, pressing
    from registry.directory import seals
    from registry.directory.seals import Purpose
    from signing.container import Writer

    with parts.db.reading() as look:
        locator = seals.current(look, Purpose.HUB, None).locator
        others = [row.locator for row in seals.of_authority(look, "114108000000000004", Purpose.SEAL)]
    out = io.BytesIO()
    writer = Writer(out, at=NOW)
    for name, content in inside.items():
        if name not in {"mimetype", containers.LIST, containers.SIGNATURE}:
            writer.add(name, content)
    opened_key = key_places.open_key(parts.settings.signing_folder, locator if key is None else others[-1])
    writer.close(opened_key, pressing.means(parts.settings, parts.db, at=NOW).stamper, at=NOW)
    return out.getvalue()


def test_the_sender_has_the_same_words(client, parts, shelter, housing, settled):
    """Each party holds evidence of its own; what is signed in them is the same."""
    both = [
        files(client.get(f"/v1/transfers/{settled['id']}/bundle", headers=office).content)
        for office in (shelter, housing)
    ]
    words = [{name: one[name] for name in one if name.startswith(("words/", "items/"))} for one in both]
    assert words[0] == words[1]
    assert certificate(parts.db, LETTER, OPINION).document.encode() not in both[0]["words/manifest.jws"]
