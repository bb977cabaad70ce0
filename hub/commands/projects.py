"""Look projects up and enter them from a file, find every certificate about one, list letters nothing followed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.output import AsJson, language, tell, tell_table

if TYPE_CHECKING:
    from registry.store.database import Database

app = typer.Typer(name="projects", help="项目 · Projects, buildings, unit codes", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="项目代码 project code")]
Any = Annotated[str, typer.Argument(help="项目代码、单体编号或不动产单元代码 project code, building id or unit code")]
MOST = 1000


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """列出 · List the projects, by their codes."""
    from registry.directory.access.callers import OPERATOR
    from registry.directory.projects import reading

    with _database().reading() as look:
        found = reading.page(look, by=OPERATOR, limit=MOST)
    rows = [
        {"code": one.code, "name": one.names[-1].name, "buildings": len(one.buildings), "authority": one.authority}
        for one in found
    ]
    tell_table(rows, title="项目 projects", as_json=as_json)


@app.command()
def show(code: Code, as_json: AsJson = False) -> None:
    """查看 · Show a project with its buildings."""
    from hub.routes.projects_shapes import ProjectOut
    from registry.directory.projects import reading

    with _database().reading() as look:
        found = ProjectOut.of(reading.get(look, code))
    lines = [f"{found.code}  {found.names[-1].name}  ({found.authority})"]
    for one in found.buildings:
        unit = next((each.code for each in one.codes if each.ended_on is None), "-")
        below = "地下不设防空地下室" if any(each.ended_at is None for each in one.absences) else ""
        gone = f"→ {' '.join(one.heirs)}" if one.ended_on else ""
        lines.append(f"  {one.id}  {' = '.join(each.name for each in one.names)}  {unit}  {below}{gone}")
    tell(found.model_dump(mode="json"), "\n".join(lines), as_json=as_json)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="TOML in the form of registry/directory/demo_projects.toml")],
    as_json: AsJson = False,
) -> None:
    """批量登记 · Enter projects from a prepared file; a second run enters nothing."""
    from hub import clock
    from registry.directory.access.callers import OPERATOR
    from registry.directory.projects import seed

    done = seed.load(_database(), seed.read(file.read_bytes()), by=OPERATOR, at=clock.now())
    tell(dict(done), "✓ " + ", ".join(f"{name} {count}" for name, count in done.items()), as_json=as_json)


@app.command()
def dossier(code: Any, as_json: AsJson = False) -> None:
    """一码关联 · List every certificate about a project, building or unit, in the order of issue."""
    from hub import clock
    from hub.routes.projects_shapes import DossierRow
    from registry.directory.access.callers import OPERATOR
    from registry.life.relations import dossier as dossiers
    from registry.life.states import lifecycle

    found = dossiers.find(_database(), code, by=OPERATOR, at=clock.now(), limit=MOST)
    rows = [DossierRow.of(one) for one in found]
    states, title = lifecycle.table().states, "title_en" if language() == "en" else "title_zh"
    lines = [
        f"{one.issued_on}  {states[one.state][language() == 'en']}  {getattr(one, title)}  {one.number or '-'}\n"
        f"            {one.identifier}"
        for one in rows
    ]
    told = [one.model_dump(mode="json", exclude={"own"}) for one in rows]
    tell(told, "\n".join([f"一码关联 dossier · {code} · {len(rows)}", *lines]), as_json=as_json)


@app.command()
def supervision(as_json: AsJson = False) -> None:
    """督办清单 · List the letters that no project document followed in time."""
    from hub import clock
    from hub.founding import open_hub
    from hub.routes.projects_shapes import OverdueOut
    from hub.settings import Settings
    from registry.directory.access.callers import OPERATOR
    from registry.life.relations import supervision as supervised

    with open_hub(Settings()) as parts:
        found = supervised.find(parts.db, parts.documents, by=OPERATOR, at=clock.now(), limit=MOST)
    rows = [OverdueOut.of(one).model_dump(mode="json") for one in found]
    tell_table(rows, title="督办清单 supervision", as_json=as_json)


def _database() -> "Database":
    from hub.founding import open_database
    from hub.settings import Settings
    from registry.store import schema

    db = open_database(Settings())
    schema.check(db)
    return db
