"""Look after the public log: prove, audit, export, watch another hub's."""

from pathlib import Path
from typing import Annotated

import typer

from hub.commands.output import AsJson, language, tell

app = typer.Typer(help="账本 · The public log over the ledger", no_args_is_help=True)
Out = Annotated[Path | None, typer.Option("--out", "-o", help="写入文件 · a file instead of the terminal")]


@app.command()
def audit(
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="另处保存的检查点 · a checkpoint that was kept elsewhere")
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help="见证方公钥 · verifier keys of a foreign witness, from itself")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """审计 · Hold the whole database against the log; exit 1 and the first wrong row, if there is one."""
    from hub import auditing
    from hub.founding import open_hub
    from hub.settings import Settings

    with open_hub(Settings()) as parts:
        report = auditing.run(parts, checkpoint or (), witness or ())
        told = "\n".join(auditing.lines(parts, report, language()))
    tell({**report.plain(), "open": auditing.open_tables(language())}, told, as_json=as_json)
    raise typer.Exit(int(not report.sound))


@app.command()
def prove(
    entry: Annotated[
        str, typer.Argument(help="账本记录或证照标识 · an entry's reference or a certificate's identifier")
    ],
    out: Out = None,
    closed: Annotated[
        bool, typer.Option(help="只证明位置，不公开内容 · prove the place, do not open the contents")
    ] = False,
    tlog_proof: Annotated[
        bool, typer.Option("--tlog-proof", help="C2SP tlog-proof 格式 · as a C2SP proof file, for other programs")
    ] = False,
) -> None:
    """举证 · Write the evidence that an entry stands in the log, checked offline by `hub verify --evidence FILE`."""
    from hub.founding import open_hub
    from hub.log_tools import proof
    from hub.settings import Settings
    from registry.store.log import proofs

    with open_hub(Settings()) as parts:
        found = proof(parts, entry, opened=not closed)
    _give(proofs.file(found) if tlog_proof else found.to_bytes(), out)


@app.command()
def export(
    first: Annotated[int, typer.Argument(help="起始位 · the first place")],
    last: Annotated[int, typer.Argument(help="末位 · the last place")],
    out: Out = None,
) -> None:
    """导出 · Give an auditor a range of entries, opened, one JSON line each, the checkpoint last."""
    from hub.founding import open_hub
    from hub.log_tools import opened
    from hub.settings import Settings

    with open_hub(Settings()) as parts:
        found = "".join(opened(parts, first, last)).encode()
    _give(found, out)


@app.command()
def checkpoint(
    out: Out = None,
    page: Annotated[Path | None, typer.Option(help="打印页 · one page for the safe, as a PDF")] = None,
) -> None:
    """检查点 · Print the newest checkpoint, to be kept elsewhere; as a note, or as a page for the safe."""
    from hub import log_paper
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.store.log import checkpoints

    with open_hub(Settings()) as parts:
        if page is not None:
            page.write_bytes(log_paper.printed(parts))
        if page is None or out is not None:
            with parts.db.reading() as look:
                _give(checkpoints.text(look, checkpoints.published(look)), out)


@app.command()
def keys(
    witness: Annotated[
        bool, typer.Option("--witness", help="作为见证方的公钥 · those under which this hub vouches for others' logs")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """公钥 · Print the log's keys as other programs take them (C2SP verifier keys)."""
    from hub import log_keeping, witnesses
    from hub.founding import open_hub
    from hub.settings import Settings

    with open_hub(Settings()) as parts:
        found = [key.text() for key in (witnesses.own_keys(parts) if witness else log_keeping.keys(parts))]
    tell(found, "\n".join(found), as_json=as_json)


@app.command()
def erase(
    entry: Annotated[str, typer.Argument(help="账本记录 · an entry's reference")],
    basis: Annotated[str, typer.Option(help="依据文书编号（ASCII）· number of the document that orders it")],
    as_json: AsJson = False,
) -> None:
    """依法删除 · Empty what an entry says for ever; its place stays, and the erasure is an act of its own."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.store.log import erasing

    with open_hub(Settings()) as parts:
        reference = erasing.erase(parts.db, entry, basis=basis, by="operator", at=parts.now())
    tell({"entry": entry, "act": reference}, f"✓ {reference}", as_json=as_json)


def _give(found: bytes, out: Path | None) -> None:
    if out is None:
        typer.echo(found.decode(), nl=False)
    else:
        out.write_bytes(found)


@app.command()
def monitor(
    address: Annotated[str, typer.Argument(help="账本地址 · the log's address, such as https://hub.example/log")],
    key: Annotated[
        list[str] | None, typer.Option(help="账本公钥 · its verifier keys, as hub log keys prints them")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="保存位置 · where its checkpoints are kept; default in HOME")
    ] = None,
    every: Annotated[int, typer.Option(help="每隔几秒，0 只看一次 · seconds between looks; 0: one look")] = 0,
    as_json: AsJson = False,
) -> None:
    """监看 · Follow another hub's log; exit 1 when it forked or went back, 2 when it is silent."""
    from hub.log_tools import watch

    code = 0
    for look, told in watch(address, key or (), folder, every=every, language=language()):
        tell(
            {"seen": look.seen.value, "size": look.size, "before": look.before, "told": look.told},
            told,
            as_json=as_json,
        )
        code = max(code, look.code)
        if look.alarm:
            break
    raise typer.Exit(code)
