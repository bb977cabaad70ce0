"""Tell the demo's story."""

from typing import Any

from hub.commands.output import AsJson, language, tell


def demo(as_json: AsJson = False) -> None:
    """演示 · Prepare the demo where there is none, tell its story and check its letter; writes var/demo.json."""
    from hub import demo_sheet
    from hub.settings import Settings

    settings = Settings()
    if not demo_sheet.is_prepared(settings):
        from hub.demo import prepare

        prepare(settings)
    if not as_json:
        _story(demo_sheet.read(settings))
    tell(demo_sheet.read(settings), demo_sheet.welcome(settings), as_json=as_json)


def _story(told: dict[str, Any]) -> None:
    """The days in a table, then the letter as anybody checks it, honest and changed by one byte."""
    from rich.console import Console

    from hub import clock, demo_checks, demo_sheet

    demo_sheet.story(told, language())
    console = Console(soft_wrap=True, highlight=False)
    for found in demo_checks.check(told, at=clock.now()):
        mark = "[green]✓[/green]" if found.accepted else "[red]✗[/red]"
        console.print(
            f"  {mark} {found.zh if language() == 'zh' else found.en}  [dim]{found.code}[/dim]\n    {found.file}"
        )
