"""What issuing one certificate costs, beside the least that drawing its page and signing it must cost.

Ours:  an approved order through `issuance.issue`: filing, intent, code, page, seal (B-LT), our own verifier, the
       encrypted document, the completion; SQLite, one process, a P-256 seal; each order is new in all it says.
Floor: `issuing_floor`: the compiler alone on such a page with its code and statement, and one bare P-256 signature;
       its data are new, too, because the compiler remembers what it drew, and made ready before the clock starts.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from hub import clock, demo, demo_scenes, demo_story, founding, key_places
from hub.bench.figure import Figure
from hub.bench.issuing_floor import Bare
from hub.bench.unbound import unbound
from hub.demo_people import SHELTER
from hub.parts import Parts
from hub.settings import Settings
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.catalog import content, publication, shipped
from registry.life import issuance
from registry.life.contents import Approval, Contents, Filing
from registry.life.intents import Request
from registry.life.platforms import Platform
from registry.life.press import Made, Order, Press
from signing import proof
from signing.errors import KeyUnreachable
from signing.glyphs import OWN_FONTS
from signing.seal import Without
from verification.canonical import Json

ROUNDS = 60
WARM = 10
TARGET = 1.8  # times the floor
TYPE = "single-building-letter"
_SMALL = b"x" * 200
_WORDS = "安宁和顺清河松柏梅兰竹菊云山江海春秋东南西北金玉银华文武德仁义礼智信康泰福寿祥瑞嘉庆永昌盛世"
_SYSTEM = Caller(Kind.CLIENT, "bench", SHELTER, frozenset({Scope.ISSUE}))


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run of something took, in milliseconds."""

    cpu: float
    wall: float


@dataclass
class Collector:
    """A press whose key never answers: it keeps the orders it was given, and nothing is drawn before its time."""

    orders: list[Order] = field(default_factory=list)
    fonts: tuple[Path, ...] = (OWN_FONTS,)
    platform: Platform | None = None

    def check(self, *, seal_owner: str, decider: str, without: Without, at: datetime) -> None:
        """Accept."""

    def make(self, order: Order, *, at: datetime) -> Made:
        """Keep the order."""
        self.orders.append(order)
        raise KeyUnreachable(key="bench")


def run(*, rounds: int = ROUNDS) -> list[Figure]:
    """Measure issuing and its floor in turn, in CPU and wall time, and what the disk takes for one fsync."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(home=Path(name))
        demo.prepare(settings)
        with founding.open_hub(settings) as parts:
            unbind(parts)
            ours, floor, synced = _measured(parts, rounds)
    told = f"B-LT, SQLite, P-256, new data each time, median of {rounds}, interleaved"
    ratio = ours.cpu / floor.cpu
    bare = "floor: bare Typst page with code and statement + one P-256 signature"
    beside = f"{told}; wall; an fsync of {len(_SMALL)} bytes beside it: {synced.wall:.2g} ms"
    return [
        Figure(
            "issue a certificate", ours.cpu, "ms", floor.cpu, ratio, TARGET, ratio <= TARGET, f"{told}, CPU; {bare}"
        ),
        Figure("issue a certificate, wall", ours.wall, "ms", floor.wall, ours.wall / floor.wall, None, True, beside),
        Figure("fsync of a small file, wall", synced.wall, "ms", None, None, None, True, f"median of {rounds}"),
    ]


def unbind(parts: Parts) -> None:
    """Publish the letter without its demands on a project: what is measured is issuing."""
    folder = unbound(dict(shipped.folders())[TYPE])
    publication.publish(parts.db, parts.documents, folder, by="bench", at=clock.now(), draw=proof.draw_here)


def order_of(parts: Parts, source: Filing) -> Order:
    """What the press is asked for with a certificate; the intent is left lying."""
    collector = Collector()
    try:
        issue(parts, collector, source)
    except KeyUnreachable:
        return collector.orders[0]
    raise RuntimeError("a key that never answers has answered")


def issue(parts: Parts, press: Press, source: Filing) -> None:
    """Issue the certificate of an order."""
    request = Request(_SYSTEM.id, source.case_number, "bench")
    issuance.issue(parts.db, parts.documents, press, source, by=_SYSTEM, at=clock.now(), request=request)


def filing(number: int) -> Filing:
    """An approved order for a building of its own; numbers from 1 to 99,999 differ in every field that names it."""
    type_folder = dict(shipped.folders())[TYPE]
    values: dict[str, Json] = json.loads(type_folder.files["sample.json"])
    word = _WORDS[number % len(_WORDS)] + _WORDS[number // len(_WORDS) % len(_WORDS)]
    own = {
        "project_name": f"示例{word}花园{number}期工程",
        "project_code": f"2503-410199-04-01-{number:06}",
        "site_address": f"示例市样本区{word}路{number}号",
        "building_name": f"{word}{number}#住宅楼",
        "estate_unit": f"410199001001GB{number % 100_000:05}F{number:08}",
        "floor_area": f"{10_000 + number}.00",
        "approval_number": f"示人防审〔2025〕{number}号",
    }
    holder = replace(demo_scenes.DEVELOPER, name=f"示例{word}{number}置业有限公司")
    contents = Contents(holders=(holder,), fields={**values, **own}, approval=Approval("示例经办", "示例审批"))
    return Filing(content.read(type_folder).definition.code, contents, case_number=f"BENCH-{number}")


def _measured(parts: Parts, rounds: int) -> tuple[Taken, Taken, Taken]:
    code_key = key_places.open_key(parts.settings.signing_folder, f"file:{demo_story.KEYS[SHELTER]}-code")
    bare = Bare(code_key, parts.settings.address.partition("://")[2])
    every = rounds + WARM
    drawings = iter([bare.ready(order_of(parts, filing(number))) for number in range(every + 1, 2 * every + 1)])
    filings = iter([filing(number) for number in range(1, every + 1)])
    small = parts.settings.home / "small"
    ours, floor, synced = _medians(
        rounds,
        lambda: issue(parts, parts.press, next(filings)),
        lambda: bare.draw_and_sign(next(drawings)),
        lambda: _synced(small),
    )
    return ours, floor, synced


def _medians(rounds: int, *measured: Callable[[], object]) -> list[Taken]:
    taken: list[list[Taken]] = [[] for _ in measured]
    for _ in range(rounds + WARM):
        for one, times in zip(measured, taken, strict=True):
            times.append(_taken(one))
    return [_median(times[WARM:]) for times in taken]


def _taken(one: Callable[[], object]) -> Taken:
    began, cpu = time.perf_counter(), time.process_time()
    one()
    return Taken((time.process_time() - cpu) * 1e3, (time.perf_counter() - began) * 1e3)


def _median(times: list[Taken]) -> Taken:
    return Taken(statistics.median(one.cpu for one in times), statistics.median(one.wall for one in times))


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(handle, _SMALL)
    os.fsync(handle)
    os.close(handle)
