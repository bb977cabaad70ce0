"""Register, list and end keys that offices keep themselves; sign a word of a transfer with one, without a hub."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.output import AsJson, tell, tell_table

if TYPE_CHECKING:
    from registry.store.tables.transfers import OwnKey

app = typer.Typer(name="own-keys", help="机构自有密钥 · Keys that offices keep themselves", no_args_is_help=True)
File = typer.Argument(exists=True, dir_okay=False)


@app.command()
def register(
    certificate: Annotated[Path, File],
    authority: Annotated[str, typer.Option(help="统一社会信用代码 · whose key it is")],
    as_json: AsJson = False,
) -> None:
    """登记 · Register a key by its certificate (PEM); from that day on its signatures are the office's own."""
    from hub.founding import open_hub
    from hub.settings import Mode, Settings
    from registry.directory import own_keys
    from registry.directory.access.callers import OPERATOR
    from verification import certificates

    shown, settings = certificates.read(certificate.read_bytes()), Settings()
    with open_hub(settings) as parts:
        samples = settings.mode is Mode.DEMO
        row = own_keys.register(
            parts.db, shown, authority=authority, by=OPERATOR, at=parts.now(), unsafe_allow_samples=samples
        )
    tell(_told(row), f"✓ {row.id}  {row.thumbprint} · 请发布信任列表 now publish: hub trust publish", as_json=as_json)


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """列表 · List all of them, ended ones too."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory import own_keys
    from registry.directory.access.callers import OPERATOR

    with open_hub(Settings()) as parts:
        rows = [_told(row) for row in own_keys.listing(parts.db, by=OPERATOR)]
    tell_table(rows, title="机构自有密钥 · keys kept by offices", as_json=as_json)


@app.command()
def end(number: Annotated[int, typer.Argument(help="number of the key")], as_json: AsJson = False) -> None:
    """停用 · End a key: nothing that it signs from now on counts."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory import own_keys
    from registry.directory.access.callers import OPERATOR

    with open_hub(Settings()) as parts:
        row = own_keys.end(parts.db, number, by=OPERATOR, at=parts.now())
    tell(_told(row), f"✓ {row.id} 已停用 · ended", as_json=as_json)


@app.command()
def sign(
    word: Annotated[Path, File],
    key: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="私钥 · PEM or PKCS#12")],
    certificate: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="证书 · PEM")] = None,
    pin: Annotated[typer.FileText | None, typer.Option("--pin-file", help="口令文件 · the key's password")] = None,
) -> None:
    """签署 · Read a manifest or an answer, say what it says, and print it signed with the office's own key."""
    from hub.clock import now
    from signing import handovers, key_files
    from verification.handovers import LIMIT

    password = None if pin is None else pin.read(4097).strip().encode()
    opened = key_files.load(key, password=password, certificates_at=certificate)
    with word.open(encoding="ascii", errors="replace") as file:
        told, token = handovers.again(opened, file.read(LIMIT + 1).strip(), at=now())
    typer.echo(told, err=True)
    typer.echo(token)


def _told(row: "OwnKey") -> dict[str, Any]:
    return {
        "number": row.id, "authority": row.authority, "key": row.thumbprint, "since": row.at, "ended": row.ended_at
    }  # fmt: skip
