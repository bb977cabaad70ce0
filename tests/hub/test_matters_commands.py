"""hub matters: files of matters, the mirror of a library, the list of uses"""

import io
import json

import pytest
from openpyxl import Workbook, load_workbook

from hub import matter_files
from hub.errors import WorkbookRefused
from registry.directory.matters import differences, shipped
from tests.hub import test_commands
from tests.hub.test_commands import told

FEE = "1141080000000000043410134003000"


def hub(home, *arguments):
    """A command with paths among its words."""
    return test_commands.hub(home, *map(str, arguments))


def document(code=FEE):
    return json.loads(json.dumps(next(one for one in shipped.contents() if one["code"] == code)))


class TestFiles:
    """matter_files.write(), read()"""

    def test_every_shipped_matter_comes_back_as_it_went(self):
        """Nothing is lost between a document and its workbook, whatever lists and texts it has."""
        sent = [json.loads(json.dumps(one)) for one in shipped.contents()]
        back = {one["code"]: one for one in matter_files.read(matter_files.write(sent))}

        assert {one["code"]: differences.between(one, back[one["code"]]) for one in sent} == {
            one["code"]: [] for one in sent
        }

    def test_a_text_is_never_a_formula(self):
        """What looks like one is a text in the sheet, and the same text when it is read."""
        sent = document() | {"title": {"zh": '=HYPERLINK("x")', "en": "'quoted"}}
        data = matter_files.write([sent])

        cells = [cell for row in load_workbook(io.BytesIO(data))[matter_files.MATTERS].iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
        assert matter_files.read(data)[0]["title"] == sent["title"]

    @pytest.mark.parametrize(
        ("data", "reason"),
        [(b"", "not-xlsx"), (b"PK\x03\x04", "not-xlsx"), (b"x" * (21 << 20), "size")],
    )
    def test_what_is_no_workbook(self, data, reason):
        """By its reason."""
        with pytest.raises(WorkbookRefused) as refused:
            matter_files.read(data)
        assert refused.value.facts["reason"] == reason

    def test_rows_that_belong_to_nothing(self):
        """A sheet too few, or a row tied to a matter that is not there."""
        book, written = Workbook(), io.BytesIO()
        book.save(written)
        with pytest.raises(WorkbookRefused) as refused:
            matter_files.read(written.getvalue())
        assert refused.value.facts["reason"] == "sheet"

        book = load_workbook(io.BytesIO(matter_files.write([document()])))
        book["材料 materials"]["A2"] = "elsewhere"
        written = io.BytesIO()
        book.save(written)
        with pytest.raises(WorkbookRefused) as refused:
            matter_files.read(written.getvalue())
        assert (refused.value.facts["reason"], refused.value.facts["matter"]) == ("tie", "elsewhere")


class TestCommands:
    """As an administrator types them"""

    def test_a_file_that_says_nothing_new_changes_nothing(self, own_demo, tmp_path):
        """Exported and imported again, in either form: every matter stays at its version."""
        for name in ("all.json", "all.xlsx"):
            told(hub(own_demo, "matters", "export", tmp_path / name, "--json"))
            found = told(hub(own_demo, "matters", "import", tmp_path / name, "--json"))
            assert {(one["version"], one["new"], len(one["changes"])) for one in found} == {(1, False, 0)}
            assert len(found) == len(shipped.contents())

    def test_diff_names_places_and_writes_nothing(self, own_demo, tmp_path):
        """One material's label is changed in the sheet."""
        file = tmp_path / "one.json"
        changed = document()
        changed["materials"][2]["obtained"] = "hand-in"
        file.write_text(json.dumps(changed, ensure_ascii=False))
        place = f"/materials/{changed['materials'][2]['code']}/obtained"

        for command, version in (("diff", 1), ("diff", 1), ("import", 2)):
            (found,) = told(hub(own_demo, "matters", command, file, "--json"))
            assert found["changes"] == [{"place": place, "before": "look-up", "after": "hand-in"}]
            assert found["version"] == version

    def test_a_librarys_part_is_taken_and_ours_is_kept(self, own_demo, tmp_path):
        """A new title comes by import, what satisfies a material stays; only an import changes the library's part."""
        library = {name: value for name, value in document().items() if name not in {"form", "limits", "subject"}}
        library["title"] = {"zh": "防空地下室易地建设费减免（新）", "en": "Relief (new)"}
        library["materials"] = [
            {name: one[name] for name in ("code", "title", "necessity", "condition") if name in one}
            for one in document()["materials"]
        ] + [{"code": "new-proof", "title": {"zh": "新增证明", "en": "A new proof"}, "necessity": "required"}]
        file = tmp_path / "library.json"
        file.write_text(json.dumps([library], ensure_ascii=False))

        (found,) = told(hub(own_demo, "matters", "import", file, "--library", "province-items", "--json"))
        told(hub(own_demo, "matters", "export", tmp_path / "now.json", "--matter", FEE, "--json"))
        (now,) = json.loads((tmp_path / "now.json").read_text())

        assert {one["place"] for one in found["changes"]} >= {"/title/zh", "/materials/new-proof"}
        assert [one.get("satisfied_by") for one in now["materials"][:-1]] == [
            one.get("satisfied_by") for one in document()["materials"]
        ]
        assert now["materials"][-1]["obtained"] == "hand-in"

        file.write_text(json.dumps(now | {"title": {"zh": "自己改的", "en": "ours"}}, ensure_ascii=False))
        refused = hub(own_demo, "matters", "import", file)
        assert refused.returncode == 1
        assert "matter.mirrored" in refused.stderr

    def test_uses_of_the_four(self, own_demo, tmp_path):
        """Which licence serves which material, as a table, as JSON and as a workbook."""
        rows = told(hub(own_demo, "matters", "uses", "--json"))
        told(hub(own_demo, "matters", "uses", "--out", tmp_path / "uses.xlsx", "--json"))
        sheet = load_workbook(tmp_path / "uses.xlsx")["四电应用清单"]

        letter = next(one for one in rows if one["type"] == "11410000000000000T005" and one["mode"] == "data")
        assert (letter["label"], letter["licence"], letter["seal"], letter["archive"]) == ("免提交", "是", "是", "")
        assert any(one["signature"] == "是" for one in rows)
        assert sheet.max_row == len(rows) + 1

    def test_what_is_no_document(self, own_demo, tmp_path):
        """Neither JSON nor a list of documents."""
        file = tmp_path / "x.json"
        for text in ("{", "[1]"):
            file.write_text(text)
            assert "workbook.refused" in hub(own_demo, "matters", "diff", file).stderr
        file.write_text("{}")
        assert "matter.refused" in hub(own_demo, "matters", "diff", file).stderr
        assert hub(own_demo, "matters", "diff", file, "--library", "省库").returncode == 2
