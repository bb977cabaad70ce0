"""Turn the wrapping keys over: list, rotate, drop; make new signing keys."""

import re
from pathlib import Path
from typing import Annotated

import typer

from hub.commands.output import AsJson, tell, tell_table

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
app = typer.Typer(help="密钥 · The keys that lock the keys of documents; new signing keys", no_args_is_help=True)


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
def new(
    kind: Annotated[str, typer.Argument(help="用途 · seal, code, tsa, ocsp, trust-list or log")],
    name: Annotated[str, typer.Option(help="文件名 · what its files are called; default: what it is for")] = "",
    organisation: Annotated[str, typer.Option(help="机构名称 · whom the certificate names")] = "",
    code: Annotated[str, typer.Option(help="统一社会信用代码 · its unified social credit code")] = "",
    title: Annotated[
        str, typer.Option(help="证书名称 · the certificate's own name; default: organisation and use")
    ] = "",
    rsa: Annotated[bool, typer.Option("--rsa", help="RSA-3072，默认 P-256 · RSA-3072 instead of P-256")] = False,
    folder: Annotated[Path | None, typer.Option(help="目录 · instead of HUB_SIGNING_KEYS")] = None,
    as_json: AsJson = False,
) -> None:
    """新建 · Make a signing key and the request (CSR) for its certificate; for the log, its pair of keys."""
    from hub.settings import Settings
    from signing import key_making
    from signing.errors import KeyNotForThis
    from signing.key_making import Kind, Owner
    from verification.codes import credit_code

    place = folder or Settings().signing_folder
    if kind not in set(Kind) or not _NAME.fullmatch(name or kind):
        raise KeyNotForThis(key=name or kind, use=" | ".join(Kind))
    if kind == Kind.LOG:
        made = key_making.log_keys(place)
    else:
        called = title or f"{organisation} {kind}"
        owner = Owner(organisation=organisation, code=credit_code.parse(code).text, title=called)
        made = list(key_making.request(place, name or kind, Kind(kind), owner, with_rsa=rsa))
    told = [str(path) for path in made]
    tell({"files": told}, "\n".join(f"✓ {one}" for one in told), as_json=as_json)


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
