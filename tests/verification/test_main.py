"""The command line of the stand-alone verifier: what it says, and with which exit code."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cryptography
import jsonschema
import pytest

import verification
from signing import codes, jws, page, status_lists
from tests.verification import attacks, desk, pictures
from tests.verification.forged_codes import DAY, LETTER, LINK, URI
from verification import trust, trust_list_text
from verification.__main__ import main
from verification.evidence import State

ROOT = Path(__file__).parents[2]
PEM = str(desk.KEYS / "root.pem")
AT = "2026-03-02T02:00:00Z"
SCHEMA = json.loads((Path(verification.__file__).parent / "schemas" / "report-1.json").read_bytes())

CODE_ON_PAGE = b'#let parts = json(bytes(sys.inputs.parts))\n#image(bytes(parts.qr), format: "svg", width: 45mm)\n'


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.pdf"
    path.write_bytes(desk.good())
    return str(path)


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.pdf"
    path.write_bytes(attacks.flipped(5000))
    return str(path)


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "trust.jws"
    chain = [desk.certificate("trust-list")]
    path.write_text(jws.sign(desk.key("trust-list"), trust_list_text.to_bytes(desk.trust()), trust.TYPE, chain=chain))
    return str(path)


class TestMain:
    """python -m verification"""

    def test_a_pipe_is_read_like_a_file(self, good):
        """A document, and an archive, which cannot be judged there piece by piece."""
        line = [sys.executable, "-m", "verification", "/dev/stdin", "--trust", PEM, "--at", AT]
        for data, code in ((Path(good).read_bytes(), 0), (b"PK\x03\x04 no bundle", 2)):
            assert subprocess.run(line, input=data, capture_output=True, check=False, cwd=ROOT).returncode == code

    def test_a_genuine_file_is_accepted(self, good, capsys):
        """Exit 0, and what could not be seen is said."""
        assert main([good, "--trust", PEM, "--at", AT, "--language", "zh"]) == 0

        told = capsys.readouterr().out
        assert told.startswith("接受")
        assert "未查登记" in told

    def test_a_changed_byte_is_rejected_with_the_reason(self, bad, capsys):
        """Exit 1."""
        assert main([bad, "--trust", PEM, "--at", AT, "--language", "en"]) == 1

        assert "[unchanged.differs]" in capsys.readouterr().out

    def test_strict_rejects_what_it_cannot_see(self, good):
        """Unknown is not a yes."""
        assert main([good, "--trust", PEM, "--at", AT, "--policy", "strict"]) == 1

    def test_several_files_give_the_worst(self, good, bad, tmp_path, capsys):
        """One report a line, exit 2 for what cannot be read."""
        empty = tmp_path / "empty.pdf"
        empty.write_bytes(b"")

        assert main([good, bad, str(empty), "--trust", PEM, "--at", AT, "--json"]) == 2

        reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [one.pop("file") for one in reports] == ["good.pdf", "bad.pdf", "empty.pdf"]
        assert [one["accepted"] for one in reports] == [True, False, False]
        for one in reports:
            jsonschema.validate(one, SCHEMA)

    @pytest.mark.parametrize("roots", [[], ["--trust", PEM]])
    def test_a_trust_list_tells_entitlement(self, good, listed, roots, capsys):
        """Alone it is taken as given; with a root it is checked against it."""
        assert main([good, "--trust", listed, *roots, "--at", AT, "--json"]) == 0

        assert json.loads(capsys.readouterr().out)["axes"]["entitled"] == "PASSED"

    def test_a_list_the_root_did_not_sign_is_refused(self, good, listed, tmp_path, capsys):
        """Exit 2: the question cannot be answered."""
        other = tmp_path / "other.pem"
        other.write_bytes((desk.KEYS / "issuing.pem").read_bytes())

        assert main([good, "--trust", listed, "--trust", str(other), "--at", AT]) == 2
        assert capsys.readouterr().out == ""

    def test_a_codes_text_is_verified_too(self, listed, tmp_path, capsys):
        """A text file with what a QR code holds."""
        path = tmp_path / "code.txt"
        path.write_text(LINK + "\n")

        assert main([str(path), "--trust", listed, "--at", AT, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["policy"] == "code"

    @pytest.mark.parametrize(
        "wrong",
        [["--at", "2026-03-02T02:00:00"], ["--at", "now"], ["--trust", "/nowhere.pem"], ["--status", "/nowhere"]],
    )
    def test_wrong_usage_is_told(self, good, wrong, capsys):
        """Exit 2 and one line, no trace."""
        assert main([good, "--trust", PEM, *wrong]) == 2
        assert capsys.readouterr().err.count("\n") == 1

    def test_a_folder_is_taken_whole(self, good, bad, tmp_path, capsys):
        """Every file of a kind that can be verified, each named by its place; the end counts them."""
        deep = tmp_path / "folder" / "deep"
        deep.mkdir(parents=True)
        (deep / "a.PDF").write_bytes(desk.good())
        (tmp_path / "folder" / "b.pdf").write_bytes(attacks.flipped(5000))
        (tmp_path / "folder" / "notes.md").write_text("x")

        assert main([str(tmp_path / "folder"), "--trust", PEM, "--at", AT, "--language", "zh"]) == 1

        told = capsys.readouterr().out
        assert "接受  deep/a.PDF" in told
        assert "不接受  b.pdf" in told
        assert told.endswith("共 2 个文件：接受 1，不接受 1，无法读取 0\n")

    def test_an_empty_folder_and_an_absent_file_are_said(self, good, tmp_path, capsys):
        """A file that is missing spoils no batch."""
        assert main([str(tmp_path / "none.pdf"), good, "--trust", PEM, "--at", AT, "--language", "en"]) == 2
        assert "ACCEPTED  good.pdf" in capsys.readouterr().out
        (tmp_path / "empty").mkdir()
        assert main([str(tmp_path / "empty"), "--trust", PEM]) == 2

    def test_a_status_list_speaks_for_the_page_that_bears_its_code(self, listed, tmp_path, capsys):
        """The code on the page names the place in the list; a list of somebody else's says nothing."""
        page = tmp_path / "page.pdf"
        page.write_bytes(with_code())
        for states, code in (({}, "genuine.valid"), ({4711: State.REVOKED}, "genuine.not_valid")):
            (tmp_path / "status").write_bytes(status(states))
            arguments = [str(page), "--trust", listed, "--evidence", str(tmp_path / "status"), "--at", AT, "--json"]
            assert main(arguments) == int(code != "genuine.valid")
            assert json.loads(capsys.readouterr().out)["headline"]["code"] == code

    def test_a_photo_is_read(self, listed, tmp_path, capsys):
        """As a picture is."""
        (tmp_path / "photo.png").write_bytes(pictures.png(pictures.enlarged(pictures.modules(), 3)))

        assert main([str(tmp_path / "photo.png"), "--trust", listed, "--at", AT]) == 0

    def test_one_folder_and_three_libraries_are_enough(self, good, tmp_path):
        """Copied to a machine that has nothing else, it runs; the rest of the product is not there to be loaded."""
        shutil.copytree(ROOT / "verification", tmp_path / "there" / "verification")
        libraries = tmp_path / "libraries"
        libraries.mkdir()
        for name in (
            "cryptography",
            "pypdfium2",
            "pypdfium2_raw",
            "pypdfium2_cfg",
            "cffi",
            "_cffi_backend*",
        ):
            for found in Path(cryptography.__file__).parents[1].glob(name):
                (libraries / found.name).symlink_to(found)
        there = [str(tmp_path / "there"), str(libraries)]
        program = (
            f"import sys; sys.path[:0] = {there}; import runpy; sys.argv[1:] = {[good, '--trust', PEM, '--at', AT]}"
        )
        program += "; runpy.run_module('verification', run_name='__main__', alter_sys=True)"
        done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, check=False)

        assert done.returncode == 0, done.stderr.decode()
        assert "good.pdf" in done.stdout.decode()

    def test_runs_as_a_module_without_the_rest(self, good, tmp_path):
        """A copy of the one folder is enough, and pyHanko is not even loaded."""
        (tmp_path / "verification").symlink_to(ROOT / "verification")
        program = (
            f"import runpy, sys; sys.path.insert(0, {str(tmp_path)!r})\n"
            f"sys.argv[1:] = {[good, '--trust', PEM, '--at', AT]!r}\n"
            "try: runpy.run_module('verification', run_name='__main__', alter_sys=True)\n"
            "except SystemExit as ended: code = ended.code\n"
            "assert not [name for name in sys.modules if name.split('.')[0] in ('pyhanko', 'signing', 'asn1crypto')]\n"
            "sys.exit(code)"
        )
        done = subprocess.run(
            [sys.executable, "-I", "-c", program],
            env={**os.environ, "LANG": "C.UTF-8"},
            capture_output=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr
        assert "ACCEPTED" in done.stdout.decode()


def with_code():
    """The honest page with its QR code on it, sealed."""
    template = page.Template({"page.typ": desk.SOURCE + CODE_ON_PAGE})
    inside = (desk.attached(LETTER.to_bytes()),)
    parts = page.Parts(qr_svg=codes.svg(LINK), attachments=inside)
    return desk.sealed(page.render(template, face=desk.face(), parts=parts, at=desk.AT))


def status(states):
    """A status list of the office's."""
    return status_lists.sign(
        desk.key("defence-code"),
        states,
        uri=URI,
        issuer=desk.authority("defence").code,
        at=desk.AT,
        lasts=DAY,
        ttl=DAY / 24,
    )
