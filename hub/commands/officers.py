"""Administer officers (经办人) on the hub's own machine."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.output import AsJson, tell, tell_table

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from hub.parts import Parts
    from registry.directory.access.officers import Enrolled
    from registry.store.tables.access import Officer

app = typer.Typer(help="经办人 · Officers: register, list, roles, disable, enable, unlock, reset", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="off_…")]
Roles = Annotated[list[str], typer.Option("--role", help="角色，可重复 · a role; may stand several times")]


@app.command()
def register(
    login: Annotated[str, typer.Option(help="登录名 · login")],
    name: Annotated[str, typer.Option(help="姓名 · name")],
    authority: Annotated[str, typer.Option(help="统一社会信用代码 · the authority's USCC")],
    role: Roles,
    identity: Annotated[str, typer.Option(help="统一身份认证中的编号 · subject at the identity provider")] = "",
    as_json: AsJson = False,
) -> None:
    """登记 · Register an officer: with a first password and one-time codes, or by identity provider."""
    from registry.directory.access import officers
    from registry.directory.access.callers import OPERATOR
    from registry.directory.access.officers import Person

    person = Person(login, name, authority, _roles(role))
    with _open() as parts:
        if not identity:
            made = officers.register(parts.db, parts.keyring, person, by=OPERATOR, at=parts.now())
            _tell_enrolled(made, as_json=as_json)
            return
        known = {"issuer": _issuer(parts), "subject": identity}
        row = officers.register_identity(parts.db, person, **known, by=OPERATOR, at=parts.now())
    tell(_row(row), f"✓ {row.id}", as_json=as_json)


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """列表 · List all officers, disabled ones too."""
    from registry.directory.access import officers
    from registry.directory.access.callers import OPERATOR

    rows = list[Any]()
    with _open() as parts:
        while page := officers.listing(parts.db, by=OPERATOR, after=rows[-1].id if rows else "", limit=200):
            rows += page
    tell_table([_row(row) for row in rows], title="经办人 · officers", as_json=as_json)


@app.command()
def roles(officer: Id, role: Roles, as_json: AsJson = False) -> None:
    """角色 · Give an officer other roles."""
    _act("change_roles", officer, as_json, roles=_roles(role))


@app.command()
def disable(officer: Id, as_json: AsJson = False) -> None:
    """停用 · Close an account with all its tokens."""
    _act("disable", officer, as_json)


@app.command()
def enable(officer: Id, as_json: AsJson = False) -> None:
    """启用 · Open an account again."""
    _act("enable", officer, as_json)


@app.command()
def unlock(officer: Id, as_json: AsJson = False) -> None:
    """解锁 · Open a login that wrong tries have locked."""
    _act("unlock", officer, as_json)


@app.command()
def reset(officer: Id, as_json: AsJson = False) -> None:
    """重置 · Draw a new first password and new one-time codes."""
    from registry.directory.access import accounts
    from registry.directory.access.callers import OPERATOR

    with _open() as parts:
        made = accounts.reset(parts.db, parts.keyring, officer, by=OPERATOR, at=parts.now())
    _tell_enrolled(made, as_json=as_json)


def _act(name: str, officer: str, as_json: bool, **asked: object) -> None:
    from registry.directory.access import accounts
    from registry.directory.access.callers import OPERATOR

    with _open() as parts:
        row = getattr(accounts, name)(parts.db, officer, **asked, by=OPERATOR, at=parts.now())
    tell(_row(row), f"✓ {row.id}", as_json=as_json)


def _open() -> "AbstractContextManager[Parts]":
    from hub.founding import open_hub
    from hub.settings import Settings

    return open_hub(Settings())


def _issuer(parts: "Parts") -> str:
    if not parts.settings.oidc_issuer:
        raise typer.BadParameter("未设置 HUB_OIDC_ISSUER · HUB_OIDC_ISSUER is not set", param_hint="--identity")
    return parts.settings.oidc_issuer


def _roles(names: list[str]) -> frozenset[Any]:
    from registry.directory.access.scopes import Role

    try:
        return frozenset(Role(name) for name in names)
    except ValueError:
        known = ", ".join(Role)
        raise typer.BadParameter(f"可用角色 · known roles: {known}", param_hint="--role") from None


def _tell_enrolled(made: "Enrolled", *, as_json: bool) -> None:
    from hub.founding import PRODUCT, enrolment_text
    from registry.directory.access import one_time_codes

    address = one_time_codes.address(made.seed, login=made.officer.login, product=PRODUCT)
    first = f"✓ {made.officer.id}\n  首次密码只显示一次 · first password, shown this once: {made.password}\n"
    told = {"id": made.officer.id, "password": made.password, "totp": address}
    tell(told, first + enrolment_text(address), as_json=as_json)


def _row(row: "Officer") -> dict[str, Any]:
    return {
        "id": row.id,
        "login": row.login,
        "name": row.name,
        "authority": row.authority,
        "roles": row.roles,
        "disabled_at": row.disabled_at,
    }
