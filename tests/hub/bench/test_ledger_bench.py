"""hub/bench/ledger.py"""

from hub.bench import ledger


def test_every_figure_is_measured_and_the_register_is_sound():
    """A small run has all figures; the audit of what was filled finds nothing."""
    figures = {figure.name: figure for figure in ledger.run(entries=600)}

    assert {"ledger: write", "ledger: sequencer, sqlite", "ledger: proof", "ledger: audit", "ledger: storage"} <= set(
        figures
    )
    assert "sound: True" in figures["ledger: audit"].conditions
    assert figures["ledger: storage"].value > 500
