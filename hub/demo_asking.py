"""Look up for the demo what a counter needs for a case, as its system would, and say what it found.

In:    a scene that asks: a matter, and the building it is about
Out:   in both languages, how many materials need not be handed in, and how the one that decides stands
"""

from datetime import datetime

from hub import checklist_words
from hub.demo_scenes import PROJECT, Scene
from hub.parts import Parts
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.matters.materials import BasisKind, Words
from registry.exchange import checklists
from registry.exchange.allowances import Asked, Basis, Operator
from registry.exchange.checklists import Checklist, MaterialStanding
from registry.exchange.finding.about import About

DECIDES = "shelter-document"


def ask(parts: Parts, scene: Scene, asks: tuple[str, str], *, at: datetime) -> Words:
    """What the counter learns."""
    matter, building = asks
    asked = Asked(
        matter=matter,
        case_number=f"DEMO-{scene.day}",
        purpose="窗口收件核对（示例）",
        materials=(),
        about=About(project=PROJECT, building=building),
        basis=Basis(BasisKind.STATUTORY),
        operator=Operator("demo-window", "示例窗口"),
    )
    system = Caller(Kind.CLIENT, f"demo-counter-{scene.authority}", scene.authority, frozenset({Scope.RETRIEVE}))
    return _said(checklists.make(parts.look_ups, parts.db, asked, by=system, at=at))


def _said(made: Checklist) -> Words:
    free = sum(line.standing is MaterialStanding.SATISFIED for line in made.lines)
    decisive = next(checklist_words.said(line) for line in made.lines if line.material.code == DECIDES)
    return Words(
        f"免提交{free}项；{decisive.zh}" + ("；不用带任何材料" if made.complete else ""),
        f"{free} materials need not be handed in; {decisive.en}"
        + ("; nothing is to be brought" if made.complete else ""),
    )
