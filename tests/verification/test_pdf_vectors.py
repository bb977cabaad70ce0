"""Frozen PDFs, each with the report it must get: vectors/pdfs/manifest.json"""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vectors.make_pdfs import GOOD, HERE, REFUSED, classes, expected, file_name, judged
from tests.verification import desk
from tests.verification.renewals import KEPT
from verification.verify import verify

MANIFEST = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
ROWS = {row["class"]: row for row in MANIFEST["files"]}
GENUINE = [GOOD, *KEPT]
ISSUED = (HERE / file_name(GOOD)).read_bytes()


class TestVectors:
    """vectors/pdfs"""

    def test_every_class_is_there(self):
        """One file a class, and no file without one."""
        assert list(ROWS) == list(classes())
        assert {row["file"] for row in ROWS.values()} == {path.name for path in HERE.glob("*.pdf")}

    @pytest.mark.parametrize("name", ROWS)
    def test_each_gets_its_report(self, name):
        """Headline, reason, indication and every single check, as they were written down."""
        report = judged((HERE / file_name(name)).read_bytes())

        assert expected(name, report) == ROWS[name]
        assert report.accepted() is (name in GENUINE)

    @pytest.mark.parametrize("name", REFUSED)
    def test_each_is_refused_for_what_was_done(self, name):
        """The reason that the table of attacks names."""
        assert ROWS[name]["because"] == REFUSED[name][1]

    def test_a_stranger_can_run_them(self):
        """With the command line and the trust list beside them; of the whole folder, the issued file and its copies."""
        command = [sys.executable, "-m", "verification", str(HERE), "--trust", str(HERE / "trust.json")]
        done = subprocess.run([*command, "--at", MANIFEST["at"], "--json"], capture_output=True, text=True, check=False)
        reports = [json.loads(line) for line in done.stdout.splitlines()]

        assert done.returncode == 2
        assert len(reports) == len(ROWS)
        assert [one["file"] for one in reports if one["accepted"]] == sorted(map(file_name, GENUINE))


class TestChance:
    """The issued file, changed at random places"""

    @staticmethod
    def changed(data):
        """Some bytes flipped, put in, taken out, copied within, cut off."""
        document = bytearray(ISSUED)
        for _ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.integers(0, max(0, len(document) - 1)))
            size = data.draw(st.integers(1, 40))
            kind = data.draw(st.sampled_from(["flip", "insert", "delete", "copy", "cut"]))
            if kind == "flip" and document:
                document[place] ^= data.draw(st.integers(1, 255))
            elif kind == "insert":
                document[place:place] = data.draw(st.binary(min_size=1, max_size=40))
            elif kind == "delete":
                del document[place : place + size]
            elif kind == "copy":
                document[place:place] = document[:place][-size:]
            elif place > 9:
                del document[place:]
        return bytes(document)

    def hold(self, data):
        changed = self.changed(data)
        report = verify(changed, trust=desk.trust(), at=desk.AT)

        assert report.plain()
        # cut where the validation data began, the sealed part is left whole: sealed, and not the issued file
        assert changed == ISSUED or ISSUED.startswith(changed) or not report.accepted()

    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_nothing_but_the_issued_file_is_genuine(self, data):
        """A slice of the long run."""
        self.hold(data)

    @pytest.mark.soak
    @settings(max_examples=10_000, deadline=None, print_blob=True)
    @given(st.data())
    def test_ten_thousand_changes(self, data):
        """The long run; what fails is printed as a blob that repeats it."""
        self.hold(data)
