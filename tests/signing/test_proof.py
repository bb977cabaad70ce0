"""signing/proof.py: templates that would take their process with them"""

from datetime import UTC, datetime

import pytest

from signing import proof
from signing.errors import GlyphMissing, TemplateFails
from signing.page import Template

AT = datetime(2026, 3, 2, tzinfo=UTC)
DEEP = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">' + b"<g>" * 60_000 + b"</g>" * 60_000 + b"</svg>"


def drawn(page, *faces, **files):
    template = Template(
        {"page.typ": page.encode()} | {name.replace("_", "."): content for name, content in files.items()}
    )
    return proof.draw(template, faces or ({"title": "样本"},), at=AT)


class TestDraw:
    """proof.draw()"""

    def test_a_sound_template_is_proved(self):
        """Nothing is said about it, face by face."""
        assert drawn("你好", {"a": "1"}, {"a": "2"}) == [None, None]

    @pytest.mark.parametrize(
        ("page", "files"),
        [
            ('#image("deep.svg")', {"deep_svg": DEEP}),
            ("#let x = range(600000000)", {}),
            ("#for i in range(300) { pagebreak() }", {}),
        ],
        ids=["recursion", "memory", "pages"],
    )
    def test_a_bomb_is_refused_and_this_process_lives(self, page, files):
        """Recursion, memory and pages each end in a refusal that says so."""
        (refusal,) = drawn(page, **files)
        assert isinstance(refusal, TemplateFails)

    def test_refusals_come_back_whole(self):
        """A missing glyph is named as it would be in this process; the sound face beside it is not blamed."""
        first, second = drawn("你好", {"title": "\U0001f600"}, {"title": "样本"})
        assert isinstance(first, GlyphMissing)
        assert first.facts["character"] == "U+1F600"
        assert second is None
