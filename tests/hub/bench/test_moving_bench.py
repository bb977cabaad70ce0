"""hub/bench/moving.py"""

from hub import founding
from hub.bench import moving, moving_rows
from hub.settings import Settings
from registry.life.states.lifecycle import State
from registry.store.tables.life import Certificate
from tests.hub.conftest import copied
from tests.registry.life.conftest import rows


class TestRegister:
    """A register filled by its engine"""

    def test_copies_are_moved_and_looked_up_as_certificates_are(self, demo_home, tmp_path):
        """A thousand copies beside the demo's; one is suspended, looked up and restored."""
        settings = Settings(home=copied(demo_home, tmp_path / "demo"), _env_file=None)
        with founding.open_hub(settings) as parts:
            before = len(rows(parts, Certificate))
            with parts.db.writing() as tx:
                moving_rows.fill(tx, 200)
            assert len(rows(parts, Certificate)) == before + 200
            moved = moving.Moved(parts, iter([moving_rows.identifier(7)]), iter(["suspend", "restore"]))
            moved.move()
            assert moved.look_up().now.state is State.SUSPENDED
            moved.move()
            assert moved.look_up().now.state is State.VALID
