"""Administer connected systems (接入系统) on the hub's own machine."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.output import AsJson, tell, tell_table

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from hub.parts import Parts
    from registry.store.tables.access import Client

app = typer.Typer(help="接入系统 · Connected systems: join, register, list, rotate, close", no_args_is_help=True)

Authority = Annotated[str, typer.Option(help="统一社会信用代码 · the authority's USCC")]
Name = Annotated[str, typer.Option(help="系统名称 · what the system is called")]
Id = Annotated[str, typer.Argument(help="cli_…")]


@app.command()
def join(authority: Authority, name: Name, as_json: AsJson = False) -> None:
    """接入 · Register a test system and print the lines that fetch its first token and ask its first question."""
    from hub import first_question
    from registry.directory.access import clients
    from registry.directory.access.callers import OPERATOR

    with _open() as parts:
        known = {"authority": authority, "name": name, "address": parts.settings.address}
        made, line = clients.join(parts.db, **known, by=OPERATOR, at=parts.now())
        matter, project = _examples(parts, authority)
    known = {"client": made.client.id, "secret": made.secret or ""}
    question = first_question.lines(parts.settings.address, **known, matter=matter, project=project)
    told = {"id": made.client.id, "secret": made.secret, "scopes": made.client.scopes.split(), "curl": line}
    tell(
        told | {"first_question": question},
        f"✓ {made.client.id}\n  密钥只显示一次 · the secret is shown this once: {made.secret}\n\n{question}",
        as_json=as_json,
    )


@app.command()
def register(
    authority: Authority,
    name: Name,
    scope: Annotated[list[str], typer.Option(help="权限，可重复 · a scope; may stand several times")],
    key: Annotated[typer.FileText | None, typer.Option(help="公钥文件 · public key: PEM or JWK")] = None,
    network: Annotated[list[str] | None, typer.Option(help="网段 · address/prefix; none: from anywhere")] = None,
    as_json: AsJson = False,
) -> None:
    """登记 · Register a system with a public key, or with a secret that is shown once."""
    from registry.directory.access import clients, public_keys
    from registry.directory.access.callers import OPERATOR

    asked: dict[str, Any] = {"authority": authority, "name": name, "scopes": _scopes(scope), "networks": network or ()}
    public = public_keys.from_text(key.read(8193)) if key else None
    with _open() as parts:
        made = clients.register(parts.db, **asked, key=public, by=OPERATOR, at=parts.now())
    told = {"id": made.client.id, "kid": made.key.kid, "secret": made.secret}
    tell(told, "\n".join(f"{label}: {value}" for label, value in told.items() if value), as_json=as_json)


@app.command()
def bind(
    client: Id,
    certificate: Annotated[
        list[typer.FileText] | None, typer.Option(help="TLS 证书 PEM，可重复 · PEM; none: no certificate needed")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """绑定证书 · Let a system in by these TLS certificates only, or by any connection again; live tokens follow."""
    from registry.directory.access import clients
    from registry.directory.access.callers import OPERATOR

    shown = [file.read(16_385) for file in certificate or ()]
    with _open() as parts:
        row = clients.change(parts.db, client, certificates=shown, by=OPERATOR, at=parts.now())
    tell(_row(row), f"✓ {row.id}\n{row.certificates or '不限证书 · any connection'}", as_json=as_json)


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """列表 · List all systems, closed ones too."""
    from registry.directory.access import clients
    from registry.directory.access.callers import OPERATOR

    rows = list[Any]()
    with _open() as parts:
        while page := clients.listing(parts.db, by=OPERATOR, after=rows[-1].id if rows else "", limit=200):
            rows += page
    tell_table([_row(row) for row in rows], title="接入系统 · clients", as_json=as_json)


@app.command()
def rotate(
    client: Id,
    overlap_hours: Annotated[int, typer.Option(min=0, max=720, help="旧密钥保留小时数 · hours the old stays")] = 0,
    as_json: AsJson = False,
) -> None:
    """换密钥 · Draw a new secret; the old one ends, at once or after an overlap."""
    from datetime import timedelta

    from registry.directory.access import client_keys
    from registry.directory.access.callers import OPERATOR

    overlap = timedelta(hours=overlap_hours)
    with _open() as parts:
        key, secret = client_keys.rotate_secret(parts.db, client, by=OPERATOR, at=parts.now(), overlap=overlap)
    tell({"kid": key.kid, "secret": secret}, secret, as_json=as_json)


@app.command()
def close(client: Id, as_json: AsJson = False) -> None:
    """关闭 · Close a system for good, with all its tokens."""
    from registry.directory.access import clients
    from registry.directory.access.callers import OPERATOR

    with _open() as parts:
        row = clients.close(parts.db, client, by=OPERATOR, at=parts.now())
    tell(_row(row), f"✓ {row.id} 已关闭 · closed", as_json=as_json)


def _open() -> "AbstractContextManager[Parts]":
    from hub.founding import open_hub
    from hub.settings import Settings

    return open_hub(Settings())


def _examples(parts: "Parts", authority: str) -> tuple[str | None, str | None]:
    """A matter of the authority, and a project to ask about."""
    from registry.directory.access.callers import OPERATOR
    from registry.directory.matters import reading
    from registry.directory.projects import reading as projects
    from verification.legal_dates import legal_date

    with parts.db.reading() as look:
        found = reading.page(look, on=legal_date(parts.now()), authority=authority, limit=200)
        own = [one.matter.code for one in found if not one.matter.told.bundle and one.row.withdrawn_at is None]
        known = [one.code for one in projects.page(look, by=OPERATOR, limit=1)]
    return next(iter(own), None), next(iter(known), None)


def _scopes(names: list[str]) -> list[Any]:
    from registry.directory.access.scopes import Scope

    try:
        return [Scope(name) for name in names]
    except ValueError:
        known = ", ".join(Scope)
        raise typer.BadParameter(f"可用权限 · known scopes: {known}", param_hint="--scope") from None


def _row(row: "Client") -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "authority": row.authority,
        "scopes": row.scopes,
        "networks": row.networks,
        "certificates": row.certificates,
        "closed_at": row.closed_at,
        "used_at": row.used_at,
    }
