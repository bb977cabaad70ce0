"""Certificate types, their versions and packages."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    pass
