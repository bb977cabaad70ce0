"""hub/bench/ledger.py"""

from hub.bench import ledger

EACH = ("sequencer", "proof", "proof, growth", "audit", "storage")


def test_every_figure_is_measured_and_the_register_is_sound():
    """A small run has all figures of both engines; the audit of what was filled finds nothing."""
    figures = {figure.name: figure for figure in ledger.run(entries=600)}

    assert set(figures) == {"ledger: write"} | {
        f"ledger: {one}, {on}" for one in EACH for on in ("sqlite", "postgresql")
    }
    for on in ("sqlite", "postgresql"):
        assert "sound: True" in figures[f"ledger: audit, {on}"].conditions
        assert figures[f"ledger: storage, {on}"].value > 500
