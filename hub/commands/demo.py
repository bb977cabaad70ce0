"""Tell the demo's story."""

from hub.commands.output import AsJson, tell


def demo(as_json: AsJson = False) -> None:
    """演示 · Prepare the demo where there is none and tell what it holds; writes var/demo.json."""
    from hub import demo as story
    from hub.settings import Settings

    settings = Settings()
    if not story.is_prepared(settings):
        story.prepare(settings)
    tell(story.read(settings), story.welcome(settings), as_json=as_json)
