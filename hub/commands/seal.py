"""Enrol the keys that seal and sign codes, list them, end them."""

from typing import Annotated

import typer

from hub.commands.output import AsJson, tell, tell_table

app = typer.Typer(help="电子印章 · Where the keys of seals and codes lie: enrol, list, end", no_args_is_help=True)


@app.command()
def enrol(
    key: Annotated[str, typer.Argument(help="密钥位置 · file:NAME, pkcs12:NAME or pkcs11:NAME in the signing folder")],
    use: Annotated[str, typer.Option(help="用途 · seal, code or hub")] = "seal",
    authority: Annotated[str, typer.Option(help="统一社会信用代码 · whose; left out for the hub's own")] = "",
    as_json: AsJson = False,
) -> None:
    """登记 · Open a key once, see that it is the authority's, and use it from now on; the one before it ends."""
    from hub import key_places
    from hub.founding import open_hub
    from hub.settings import Mode, Settings
    from registry.directory import seals
    from registry.directory.access.callers import OPERATOR
    from registry.directory.seal_errors import LocatorRefused

    if not seals.LOCATOR.fullmatch(key) or use not in set(seals.Purpose):
        raise LocatorRefused(expected="file:NAME | pkcs12:NAME | pkcs11:NAME; seal | code | hub")
    settings = Settings()
    with open_hub(settings) as parts:
        row = seals.enrol(
            parts.db,
            key_places.open_key(settings.signing_folder, key),
            seals.Purpose(use),
            locator=key,
            authority=authority or None,
            by=OPERATOR,
            at=parts.now(),
            unsafe_allow_samples=settings.mode is Mode.DEMO,
        )
    tell({"number": row.id, "key": row.thumbprint, "place": row.locator}, f"✓ {row.id}  {row.locator}", as_json=as_json)


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """列表 · List all enrolled keys, ended ones too."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory import seals
    from registry.directory.access.callers import OPERATOR

    with open_hub(Settings()) as parts:
        rows = [
            {"number": row.id, "use": row.purpose, "authority": row.authority, "place": row.locator,
             "key": row.thumbprint, "since": row.at, "ended": row.ended_at}
            for row in seals.listing(parts.db, by=OPERATOR)
        ]  # fmt: skip
    tell_table(rows, title="电子印章 · enrolled keys", as_json=as_json)


@app.command()
def end(number: Annotated[int, typer.Argument(help="number of the enrolment")], as_json: AsJson = False) -> None:
    """停用 · End a key: nothing new is made with it."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory import seals
    from registry.directory.access.callers import OPERATOR

    with open_hub(Settings()) as parts:
        row = seals.end(parts.db, number, by=OPERATOR, at=parts.now())
    tell({"number": row.id, "ended": row.ended_at}, f"✓ {row.id}", as_json=as_json)
