"""hub/bench/issuing.py"""

import pytest

from hub import founding, key_places
from hub.bench import issuing
from hub.bench.issuing_floor import Bare
from hub.settings import Settings
from signing import page
from tests.hub.conftest import copied
from verification.codes import project_code


@pytest.fixture(scope="module")
def order(demo_home, tmp_path_factory):
    """An order as the press of a demo gets it."""
    home = copied(demo_home, tmp_path_factory.mktemp("bench") / "demo")
    settings = Settings(home=home, _env_file=None)
    with founding.open_hub(settings) as parts:
        issuing.unbind(parts)
        yield issuing.order_of(parts, issuing.filing(7))


@pytest.fixture
def bare():
    """The floor."""
    return Bare(key_places.open_key(Settings(_env_file=None).signing_folder, "file:defence-code"), "127.0.0.1:8000")


class TestBare:
    """issuing_floor.Bare"""

    def test_the_floor_draws_the_very_page_that_is_issued(self, order, bare):
        """Compiler and press give the same bytes for the same order, so the ratio compares like with like."""
        said = order.statement
        statement = page.Attachment(
            name="statement.json", content=order.content, media_type="application/json", description="Statement"
        )
        drawing = bare.ready(order)
        parts = page.Parts(
            title=said.title,
            qr_svg=drawing.code,
            reference=order.reference,
            host="127.0.0.1:8000",
            seal_name=said.issuer.name,
            sample=True,
            attachments=(statement,),
        )

        assert page.plain_colours(bare.draw(drawing)) == page.render(
            order.template, face=said.plain()["face"], parts=parts, at=order.drawn_at
        )

    def test_the_floor_makes_one_bare_signature(self, order, bare):
        """A DER sequence of two 32-byte integers, whatever their leading bytes."""
        signature = bare.draw_and_sign(bare.ready(order))

        assert signature[0] == 0x30
        assert 66 <= len(signature) <= 72


class TestFiling:
    """issuing.filing()"""

    def test_every_order_is_new_in_all_it_says(self):
        """No two orders share a value that the compiler could remember."""
        told = [issuing.filing(number).contents for number in range(1, 200)]

        for name in ("project_name", "project_code", "site_address", "building_name", "estate_unit", "floor_area"):
            assert len({one.fields[name] for one in told}) == len(told)
        assert len({one.holders for one in told}) == len(told)
        assert project_code.parse(told[-1].fields["project_code"]).text.endswith("000199")


class TestRun:
    """issuing.run()"""

    def test_figures_are_ratios_to_a_floor_of_the_same_run(self):
        """Issuing stands beside its floor in both kinds of time; a short run gives the shape, `make bench` the rest."""
        cpu, wall, synced = issuing.run(rounds=2)

        assert (cpu.target, wall.target, synced.target) == (1.8, None, None)
        for figure in (cpu, wall):
            assert figure.floor > 0
            assert figure.ratio == pytest.approx(figure.value / figure.floor)
        assert cpu.ok == (cpu.ratio <= 1.8)
        assert synced.value > 0
