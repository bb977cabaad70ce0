"""Look authorities up, register, rename, move and entitle them, from the hub's own machine."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.output import AsJson, tell, tell_table

if TYPE_CHECKING:
    from registry.directory.wording import Basis
    from registry.store.database import Database

app = typer.Typer(
    name="authorities", help="机构 · Authorities, their names and what they may issue", no_args_is_help=True
)

_DAY = ["%Y-%m-%d"]
BY = "operator"
Code = Annotated[str, typer.Argument(help="统一社会信用代码 unified social credit code")]
Day = Annotated[datetime, typer.Option(formats=_DAY, help="起始日期 first day, Asia/Shanghai")]
OnDay = Annotated[datetime | None, typer.Option(formats=_DAY, help="某日的情况 as on this day; today when left out")]
LastDay = Annotated[datetime | None, typer.Option(formats=_DAY, help="截止日期 last day; none when left out")]
Title = Annotated[str, typer.Option(help="依据文件名称 title of the document it rests on")]
Number = Annotated[str | None, typer.Option(help="依据文件文号 its number")]
Dated = Annotated[datetime, typer.Option(formats=_DAY, help="依据文件日期 its date")]
Named = Annotated[str, typer.Option(help="机构全称 legal name")]
Short = Annotated[str | None, typer.Option(help="简称 short name")]
Word = Annotated[str | None, typer.Option(help="发文机关代字 word in letter numbers")]


@app.command("list")
def list_(on: OnDay = None, as_json: AsJson = False) -> None:
    """列出 · List the authorities that exist on a day, under those above them."""
    from hub import clock
    from registry.directory.authorities import reading
    from verification.legal_dates import legal_date

    day = on.date() if on else legal_date(clock.now())
    with _database().reading() as look:
        nodes = reading.tree(look, on=day)
    rows = [
        {
            "code": node.record.code,
            "name": "　" * node.depth * (not as_json) + node.record.name_on(day).wording.name,
            "level": node.record.level.value,
            "region": node.record.place_on(day).region,
            "parent": node.record.place_on(day).parent,
        }
        for node in nodes
    ]
    tell_table(rows, title=f"机构 authorities · {day}", as_json=as_json)


@app.command()
def show(code: Code, on: OnDay = None, as_json: AsJson = False) -> None:
    """查看 · Show an authority as on a day, with its history and entitlements."""
    from hub import clock
    from hub.routes.authorities_shapes import AuthorityOut
    from registry.directory import authority_portrait as portrait
    from verification.legal_dates import legal_date

    with _database().reading() as look:
        seen = portrait.draw(look, code, on=on.date() if on else None, today=legal_date(clock.now()))
    told = AuthorityOut.model_validate(seen).model_dump(mode="json")
    lines = [f"{seen.code}  {seen.name.name}  ({seen.on})"]
    lines += [f"  {each.first_day} 起  {each.wording.name}" for each in seen.names]
    lines += [f"  {each.first_day} 起  加挂 {each.wording.name}" for each in seen.plates]
    lines += [f"  {each.first_day}  {each.kind}: {each.predecessor} → {each.successor}" for each in seen.successors]
    lines += [f"  ! 已于 {seen.ended_on} 撤销，由 {seen.answered_by or '—'} 承继"] if seen.ended_on else []
    lines += [f"  #{e.id} {e.type_code} {e.region} {e.grade} {e.first_day} … {e.manner}" for e in seen.entitlements]
    tell(told, "\n".join(lines), as_json=as_json)


@app.command()
def add(
    code: Code,
    *,
    name: Named,
    level: Annotated[str, typer.Option(help="national, province, city, county, township, other")],
    region: Annotated[str, typer.Option(help="行政区划代码 division code")],
    first_day: Day,
    basis_title: Title,
    basis_day: Dated,
    basis_number: Number = None,
    parent: Annotated[str | None, typer.Option(help="上级机构 code of the body above")] = None,
    short: Short = None,
    word: Word = None,
    as_json: AsJson = False,
) -> None:
    """登记 · Register an authority."""
    from hub import clock
    from registry.directory.authorities import record
    from registry.directory.authorities.history import Level, Name, Place
    from registry.directory.wording import Wording

    basis = _basis(basis_title, basis_number, basis_day)
    names = [Name(Wording(name, short, word), first_day.date(), basis)]
    places = [Place(region, first_day.date(), basis, parent)]
    made = record.register(
        _database(), code, level=Level.read(level), names=names, places=places, by=BY, at=clock.now()
    )
    tell({"code": made.code}, f"✓ {made.code} {name}", as_json=as_json)


@app.command()
def rename(
    code: Code,
    *,
    name: Named,
    first_day: Day,
    basis_title: Title,
    basis_day: Dated,
    basis_number: Number = None,
    short: Short = None,
    word: Word = None,
    as_json: AsJson = False,
) -> None:
    """更名 · Give an authority a new name from a day on; the code stays."""
    from hub import clock
    from registry.directory.authorities import record
    from registry.directory.authorities.history import Name
    from registry.directory.wording import Wording

    basis = _basis(basis_title, basis_number, basis_day)
    record.rename(_database(), code, Name(Wording(name, short, word), first_day.date(), basis), by=BY, at=clock.now())
    tell({"code": code, "name": name, "first_day": str(first_day.date())}, f"✓ {code} → {name}", as_json=as_json)


@app.command()
def entitle(
    code: Code,
    type_code: Annotated[str, typer.Argument(help="证照类型代码 certificate type")],
    *,
    region: Annotated[str, typer.Option(help="行政区划代码 division code")],
    first_day: Day,
    basis_title: Title,
    basis_day: Dated,
    basis_number: Number = None,
    last_day: LastDay = None,
    grade: Annotated[str, typer.Option(help="等级 grade; * for every one")] = "*",
    principal: Annotated[
        str | None, typer.Option(help="委托机关 whose name it issues in; own name when left out")
    ] = None,
    decider: Annotated[str | None, typer.Option(help="决定机关 who decides; the authority when left out")] = None,
    seal_owner: Annotated[str | None, typer.Option(help="用印机关 whose seal; the issuer's when left out")] = None,
    as_json: AsJson = False,
) -> None:
    """授权签发 · Entitle an authority to issue a certificate type."""
    from hub import clock
    from registry.directory import entitlements
    from registry.directory.entitlements import Grant, Manner

    manner = Manner.PRINCIPAL if principal else Manner.OWN
    ends = last_day.date() if last_day else None
    grant = Grant(type_code, region, first_day.date(), ends, grade, manner, principal, decider, seal_owner)
    basis = _basis(basis_title, basis_number, basis_day)
    made = entitlements.grant_entitlement(_database(), code, grant, basis=basis, by=BY, at=clock.now())
    tell({"id": made.id}, f"✓ #{made.id} {code} {type_code} {region}", as_json=as_json)


@app.command("load")
def load_(
    file: Annotated[Path, typer.Argument(help="TOML in the form of registry/directory/demo_authorities.toml")],
    as_json: AsJson = False,
) -> None:
    """批量登记 · Enter authorities from a prepared file; a second run enters nothing."""
    import tomllib

    from hub import clock
    from registry.directory import authority_seed

    done = authority_seed.load(_database(), tomllib.loads(file.read_text("utf-8")), by=BY, at=clock.now())
    tell(dict(done), f"✓ {_counted(done)}", as_json=as_json)


@app.command()
def divisions(
    file: Annotated[Path, typer.Argument(help="CSV: 代码,名称,启用日期,停用日期 code,name,first_day,ended_on")],
    as_json: AsJson = False,
) -> None:
    """导入区划 · Take in a list of administrative divisions; exit 1 when rows were refused."""
    from hub import clock
    from registry.directory import division_lists

    taken = division_lists.import_csv(_database(), file.read_bytes(), by=BY, at=clock.now())
    done = {"added": taken.added, "ended": taken.ended, "unchanged": taken.unchanged}
    refused: Sequence[Mapping[str, object]] = [error.facts for error in taken.refused]
    lines = [f"  ✗ 第 {r['row']} 行 row · {r['column']}: {r['expected']}" for r in refused]
    tell({**done, "refused": refused}, "\n".join([f"✓ {_counted(done)}", *lines]), as_json=as_json)
    raise typer.Exit(int(bool(refused)))


def _counted(done: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in done.items())


def _database() -> "Database":
    from hub.founding import open_database
    from hub.settings import Settings
    from registry.store import schema

    db = open_database(Settings())
    schema.check(db)
    return db


def _basis(title: str, number: str | None, day: datetime) -> "Basis":
    from registry.directory.wording import Basis

    return Basis(title, number, day.date())
