"""Tell the demo's story."""

from hub.commands.output import AsJson, tell


def demo(as_json: AsJson = False) -> None:
    """演示 · Prepare the demo where there is none and tell what it holds; writes var/demo.json."""
    from hub import demo_sheet
    from hub.settings import Settings

    settings = Settings()
    if not demo_sheet.is_prepared(settings):
        from hub.demo import prepare

        prepare(settings)
    tell(demo_sheet.read(settings), demo_sheet.welcome(settings), as_json=as_json)
