"""The rules of the house that a machine can check; anything else is advice."""

import ast
import re
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from hub.settings import Settings
from hub.statuses import STATUS
from hub.texts.reader import Language, sentences
from verification.errors import Refusal

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("hub", "registry", "signing", "verification")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SHORT = {"utils", "helpers", "common", "manager", "service", "data", "info", "misc"}


def named(path):
    return str(path.relative_to(ROOT))


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


class TestFiles:
    """Every source file."""

    @pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=named)
    def test_is_short(self, path):
        """No file outgrows 300 lines: it becomes a folder before."""
        assert path.read_text(encoding="utf-8").count("\n") <= 300

    @pytest.mark.parametrize("path", SOURCES, ids=named)
    def test_opens_with_a_card(self, path):
        """A module says in at most twelve lines what it is for."""
        card = ast.get_docstring(tree(path))
        assert card, "no card"
        assert card.count("\n") < 12, "a card has at most twelve lines"
        assert card.splitlines()[0].rstrip().endswith((".", ":", "?")), "the first line is a sentence"

    @pytest.mark.parametrize("path", SOURCES, ids=named)
    def test_functions_are_short(self, path):
        """A function's body has at most thirty lines."""
        functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        long = [f.name for f in functions if f.end_lineno - f.body[0].lineno >= 30]
        assert long == []

    @pytest.mark.parametrize("path", SOURCES, ids=named)
    def test_has_a_name_that_says_something(self, path):
        """No drawer for odds and ends."""
        assert path.stem not in SHORT

    @pytest.mark.parametrize("path", [p for p in SOURCES if p.name == "__init__.py"], ids=named)
    def test_packages_export_nothing(self, path):
        """An `__init__.py` is a docstring, so an import shows where the code lives."""
        others = [node for node in tree(path).body if not isinstance(node, ast.Expr)]
        assert others == []


class TestHandlers:
    """Every HTTP handler."""

    @pytest.mark.parametrize("path", sorted((ROOT / "hub/routes").glob("*.py")), ids=named)
    def test_is_a_sentence(self, path):
        """A handler has at most eight lines, no if, no try, no loop."""
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and any("router." in ast.unparse(d) for d in node.decorator_list):
                assert not [n for n in ast.walk(node) if isinstance(n, ast.If | ast.Try | ast.For | ast.While)], (
                    node.name
                )
                assert node.end_lineno - node.body[0].lineno <= 9, node.name


@pytest.fixture(scope="module")
def everything_imported():
    """All modules of the product, so that every error class is known."""
    for path in SOURCES:
        if "migrations" not in path.parts and path.name != "__main__.py":
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))


def refusals(family=Refusal):
    for child in family.__subclasses__():
        yield child
        yield from refusals(child)


@pytest.mark.usefixtures("everything_imported")
class TestRefusals:
    """Every error class of the product."""

    def test_every_class_has_an_http_status(self):
        """A refusal without a line in the table would be a fault to its caller."""
        missing = sorted(f"{c.__module__}.{c.__qualname__}" for c in refusals() if c not in STATUS)
        assert missing == []

    def test_every_code_is_its_own(self):
        """Two refusals never share a code."""
        codes = [c.__dict__["code"] for c in refusals()]
        assert sorted(codes) == sorted(set(codes))

    @pytest.mark.parametrize("language", list(Language))
    def test_every_code_has_a_sentence(self, language):
        """Every refusal can be said in every language."""
        assert sorted(c.code for c in refusals() if c.code not in sentences(language)) == []

    def test_languages_say_the_same_facts(self):
        """A sentence names the same facts in both languages, and both know the same codes."""
        zh, en = sentences(Language.ZH), sentences(Language.EN)
        assert zh.keys() == en.keys()
        differing = [c for c in zh if set(re.findall(r"{(\w+)}", zh[c])) != set(re.findall(r"{(\w+)}", en[c]))]
        assert differing == []


class TestDocumentation:
    """What the documents promise."""

    def test_every_setting_is_in_the_readme(self):
        """The README's table names every setting as the environment spells it, and its default."""
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        missing = [name for name in Settings.model_fields if f"`HUB_{name.upper()}`" not in readme]
        assert missing == []

    def test_every_make_target_of_the_readme_exists(self):
        """A command a newcomer types is there."""
        readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
        targets = set(re.findall(r"`?make ([a-z]+)", readme))
        assert targets
        assert {t for t in targets if not re.search(rf"^{t}:", makefile, re.M)} == set()

    def test_every_hub_command_of_the_readme_runs(self):
        """Each `hub …` the README shows is a command that answers --help."""
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        named = sorted(
            set(re.findall(r"\bhub ((?:[a-z][a-z-]*)(?: (?:list|show|check|publish|export|import|add|keys))?)", readme))
        )
        known = commands()
        assert named
        assert [c for c in named if c not in known] == []


def commands():
    """All commands and sub-commands, as one types them."""
    from typer.main import get_command

    from hub.commands.line import app

    found = {}
    queue = [("", get_command(app))]
    while queue:
        prefix, command = queue.pop()
        for name, child in getattr(command, "commands", {}).items():
            found[f"{prefix}{name}"] = child
            queue.append((f"{prefix}{name} ", child))
    return found


class TestRepository:
    """What is tracked."""

    def test_names_no_registry_host_and_no_machine_path(self):
        """Nothing tracked leads to one machine or one package server."""
        hosts = ["py" + "pi.org", "python" + "hosted", "npm" + "js.org", "repo1." + "maven", "proxy." + "golang"]
        paths = ["/ro" + "ot/", "/wo" + "rk/"]
        found = []
        for path in tracked():
            content = path.read_bytes()[:2_000_000]
            found += [f"{named(path)}: {word}" for word in [*hosts, *paths] if word.encode() in content]
        assert found == []

    def test_locks_carry_hashes(self):
        """Every locked package has at least one hash, and no line an address."""
        for lock in ("product.txt", "test.txt"):
            lines = (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines()
            heads = [i for i, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]
            assert heads
            assert all("--hash=sha256:" in lines[i + 1] for i in heads)
            assert not [line for line in lines if "://" in line]


def test_verification_stands_alone(tmp_path):
    """`verification/` works on a laptop that has only it: copied away, it still imports whole."""
    copy = tmp_path / "verification"
    subprocess.run(["cp", "-r", str(ROOT / "verification"), str(copy)], check=True)
    modules = [
        ".".join(p.relative_to(tmp_path).with_suffix("").parts) for p in copy.rglob("*.py") if p.name != "__main__.py"
    ]
    program = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}"], check=False
    )
    assert done.returncode == 0
