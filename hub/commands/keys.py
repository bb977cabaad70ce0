"""Turn the wrapping keys over: list, rotate, drop."""

from typing import Annotated

import typer

from hub.commands.output import AsJson, tell, tell_table

app = typer.Typer(help="主密钥 · The keys that lock the keys of documents", no_args_is_help=True)


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """列出 · Name the keys, and how many rows still need each."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.store import rotation
    from registry.store.key_folder import load_ring

    settings = Settings()
    ring = load_ring(settings.wrapping_folder)
    with open_hub(settings) as parts, parts.db.reading() as look:
        rows = [{"key": key.id, "rows": rotation.needed(look, key.id)} for key in ring.keys]
    tell_table(rows, title="wrapping keys", as_json=as_json)


@app.command()
def rotate(as_json: AsJson = False) -> None:
    """更换 · Add a key, make it the current one and lock everything with it; begin again after a break."""
    import os

    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.store import key_folder, rotation

    settings = Settings()
    with open_hub(settings) as parts:
        ring = key_folder.load_ring(settings.wrapping_folder)
        with parts.db.reading() as look:
            unused = rotation.needed(look, ring.current().id) == 0 and len(ring.keys) > 1
        ring = ring if unused else key_folder.add(settings.wrapping_folder, entropy=os.urandom)
        done = rotation.rotate(parts.db, parts.keyring, at=parts.now(), by="operator")
    told = {"current": ring.current().id, "rewrapped": done.rewrapped, "damaged": list(done.damaged)}
    tell(told, f"✓ {ring.current().id}: {done.rewrapped} rows, {len(done.damaged)} damaged", as_json=as_json)


@app.command()
def drop(key: Annotated[str, typer.Argument(help="a key that no row needs any more")], as_json: AsJson = False) -> None:
    """销毁 · Destroy a key for ever; refused while anything needs it."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.store import rotation
    from registry.store.key_folder import KeyFolder

    settings = Settings()
    with open_hub(settings) as parts:
        folder = KeyFolder(settings.wrapping_folder)
        rotation.drop(parts.db, folder, key, at=parts.now(), by="operator")
    tell({"dropped": key}, f"✓ {key}", as_json=as_json)
