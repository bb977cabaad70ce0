"""Bring the database to this program's schema."""

from hub.commands.output import AsJson, tell


def migrate(as_json: AsJson = False) -> None:
    """升级数据库 · Bring the database to this program's schema; safe to run twice and while others wait."""
    from hub.founding import open_database
    from hub.settings import Settings
    from registry.store import schema

    before, after = schema.upgrade(open_database(Settings()))
    text = f"✓ {before or '空库 empty'} → {after}"
    tell({"before": before, "after": after}, text, as_json=as_json)
