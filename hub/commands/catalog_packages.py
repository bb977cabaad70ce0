"""Send types to lower levels, take them from higher ones, keep account of who took what."""

from pathlib import Path
from typing import Annotated

import typer

from hub.commands import catalog
from hub.commands.catalog import BY, refuse, write_new
from hub.commands.output import AsJson, tell, tell_table

app = catalog.app
Authority = Annotated[str, typer.Option("--authority", help="统一社会信用代码 the authority that signs")]
Trust = Annotated[Path | None, typer.Option(exists=True, help="信任根 PEM; the signing folder's root when left out")]
Given = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
New = Annotated[Path, typer.Argument(help="file to write")]


@app.command("export")
def export(
    out: New,
    authority: Authority,
    types: Annotated[list[str] | None, typer.Option("--type", help="CODE or CODE@VERSION; all when left out")] = None,
    as_json: AsJson = False,
) -> None:
    """下发 · Pack published types for lower levels, signed by an authority."""
    from hub import type_signatures
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog import exports, listing

    settings = Settings()
    with open_hub(settings) as parts:
        sign = type_signatures.signer(settings.signing_folder, authority, at=parts.now())
        with parts.db.reading() as look:
            wanted = listing.chosen(look, types or [])
        data = exports.export(parts.db, parts.documents, wanted, publisher=authority, sign=sign, by=BY, at=parts.now())
    write_new(out, data)
    tell({"path": str(out), "types": len(wanted)}, f"✓ {out}: {len(wanted)}", as_json=as_json)


@app.command("import")
def import_(
    package: Given, acknowledgement: New, authority: Authority, trust: Trust = None, as_json: AsJson = False
) -> None:
    """导入 · Take a package, all of it or nothing, and write the acknowledgement that goes back."""
    from hub import type_signatures
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog import imports
    from registry.directory.catalog_errors import Defective

    folder = Settings().signing_folder
    with open_hub(Settings()) as parts:
        at = parts.now()
        sign = type_signatures.signer(folder, authority, at=at)
        verify = type_signatures.verifier(type_signatures.roots(folder, trust), at=at)
        data = package.read_bytes()
        try:
            done = imports.import_package(
                parts.db, parts.documents, data, verify=verify, importer=authority, sign=sign, by=BY, at=at
            )
        except Defective as refusal:
            refuse(refusal)
    write_new(acknowledgement, done.acknowledgement)
    new = [f"{code}@{version}" for code, version in done.versions]
    tell(
        {"number": done.package.number, "new": new}, f"✓ {done.package.number}: {' '.join(new) or '–'}", as_json=as_json
    )


@app.command()
def acknowledge(acknowledgement: Given, trust: Trust = None, as_json: AsJson = False) -> None:
    """登记回执 · Record that a lower level has taken a package."""
    from hub import type_signatures
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog import exports

    folder = Settings().signing_folder
    with open_hub(Settings()) as parts:
        at = parts.now()
        verify = type_signatures.verifier(type_signatures.roots(folder, trust), at=at)
        heard = exports.acknowledge(parts.db, acknowledgement.read_bytes(), verify=verify, by=BY, at=at)
    told = {"number": heard.number, "importer": heard.importer, "imported_at": heard.imported_at}
    tell(told, f"✓ {heard.importer} {heard.number} {heard.imported_at}", as_json=as_json)


@app.command()
def acknowledged(authority: Authority, as_json: AsJson = False) -> None:
    """回执 · List who has taken which package, and when."""
    from dataclasses import asdict

    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog import exports

    with open_hub(Settings()) as parts, parts.db.reading() as look:
        rows = [asdict(each) for each in exports.acknowledged(look, authority)]
    tell_table(rows, title="回执 acknowledgements", as_json=as_json)
