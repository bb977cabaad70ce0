"""Examine a hub: one finding per question an operator would ask at night.

Out:   findings that are sound, doubtful (works, mend it by day) or broken (does not work or is not safe)
Order: a question whose ground is missing is not asked: without a database nothing is said about the ledger.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hub import clock
from hub.errors import VerifierBusy
from hub.parts import open_calendar, open_documents
from hub.production import problems as production_problems
from hub.scanner import Scanner
from hub.settings import SAMPLE_KEYS, Mode, Settings
from registry.life import left_lying
from registry.store import ledger, orphans, schema
from registry.store.database import Database, answers
from registry.store.key_folder import KeyFolder
from registry.store.log import checkpoints, places
from verification.errors import Refusal
from verification.legal_dates import legal_date

_LITTLE_SPACE = 1 << 30


class State(StrEnum):
    """How a finding stands."""

    SOUND = "sound"
    DOUBTFUL = "doubtful"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One question and its answer."""

    check: str
    state: State
    told: str


def examine(settings: Settings) -> list[Finding]:
    """Ask everything."""
    fonts = _asked("fonts", lambda: _fonts(settings))
    findings = [_settings(settings), _disk(settings), _signing(settings), fonts, _verifying()]
    keys = _asked("wrapping keys", lambda: f"{len(KeyFolder(settings.wrapping_folder).ring().keys)} key(s)")
    findings.append(keys)
    db = Database(settings.database)
    if not answers(db):
        return [*findings, Finding("database", State.BROKEN, f"does not answer: {db.url.render_as_string()}")]
    findings.append(_asked("schema", lambda: _schema(db)))
    if findings[-1].state is State.SOUND:
        findings += _records(settings, db, clock.now())
    db.close()
    return findings


def _settings(settings: Settings) -> Finding:
    wrong = production_problems(settings)
    if wrong:
        return Finding("settings", State.BROKEN, "; ".join(wrong))
    if settings.mode is Mode.DEMO:
        return Finding("settings", State.DOUBTFUL, "demo mode: sample keys, demo people, plain http")
    return Finding("settings", State.SOUND, "production")


def _disk(settings: Settings) -> Finding:
    settings.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.home).free
    state = State.SOUND if free > _LITTLE_SPACE else State.DOUBTFUL
    return Finding("disk", state, f"{free / 1e9:.1f} GB free at {settings.home}")


def _signing(settings: Settings) -> Finding:
    """What the signing folder is and lacks; seals and code keys are named by their enrolment."""
    check, folder = "signing keys", settings.signing_folder
    if folder.resolve() == SAMPLE_KEYS.resolve():
        return Finding(check, State.DOUBTFUL, "sample keys: anyone has them")
    if not folder.is_dir():
        return Finding(check, State.BROKEN, f"no folder {folder}")
    told = _asked(check, lambda: _lacking(settings))
    return replace(told, state=State.DOUBTFUL) if told.state is State.SOUND and told.told.startswith("lacks") else told


def _lacking(settings: Settings) -> str:
    from signing import holdings

    held = holdings.read(settings.signing_folder)
    there = {
        "root*.pem (whom to trust)": held.roots,
        "issuing*.pem (who certified the seals)": held.issuers,
        "trust-list.pem and .key (to publish the trust list)": held.folder.joinpath("trust-list.key").is_file(),
        "log*.pub and .key (to sign the log)": held.logs,
        "tsa*.pem and .key, or HUB_TSA (time-stamps)": held.tsa or settings.tsa,
    }
    lacking = [file for file, found in there.items() if not found]
    return f"lacks {'; '.join(lacking)}" if lacking else "roots, issuers, trust list, log and time-stamps have theirs"


def _fonts(settings: Settings) -> str:
    from signing.glyphs import characters, missing

    if missing("竣工验收备案〔2026〕1号 𬀩䶮㛃"):
        raise RuntimeError("the shipped fonts lack characters they must have")
    if settings.fonts is None:
        return "the shipped fonts have the common and the rare characters"
    if not characters((settings.fonts,)):
        raise RuntimeError(f"no font in {settings.fonts}")
    return f"{len(characters(settings.font_folders) - characters(settings.font_folders[:1]))} characters beside ours"


def _verifying() -> Finding:
    from hub.verifying.children import Children

    children = Children(most=1)
    try:
        network = children.network()
    except VerifierBusy:
        return Finding("verifying", State.BROKEN, "no child process can be started")
    finally:
        children.end()
    told = {
        "namespace": "files are read without a network: a namespace of their own",
        "seccomp": "files are read without a network: no socket can be made",
    }
    open_ = Finding("verifying", State.DOUBTFUL, "files of strangers are read where the network can be reached")
    return Finding("verifying", State.SOUND, told[network]) if network in told else open_


def _schema(db: Database) -> str:
    schema.check(db)
    return f"{schema.newest()} on {db.dialect}"


def _records(settings: Settings, db: Database, now: datetime) -> Iterator[Finding]:
    with db.reading() as look:
        last = ledger.last(look)
    told = "empty" if last is None else f"last entry {last.isoformat(timespec='seconds')}"
    ahead = last is not None and last > now + timedelta(seconds=2)
    yield Finding("clock", State.BROKEN if ahead else State.SOUND, f"{told}; the clock is behind it" if ahead else told)
    yield _asked("documents", lambda: _documents(settings, db, now))
    yield _intents(db, now)
    yield _log(settings, db, now)
    yield _calendar(settings, now)
    if settings.scanner:
        yield _asked("scanner", lambda: Scanner(settings.scanner).version())
    if settings.ocsp or settings.crl:
        yield status_answers(settings, db, now)


def _calendar(settings: Settings, now: datetime) -> Finding:
    try:
        known = open_calendar(settings)
    except Refusal as refused:
        return Finding("calendar", State.BROKEN, str(refused))
    if missing := known.missing(legal_date(now)):
        years = ", ".join(map(str, missing))
        told = f"no holidays of {years}: deadlines may be off by some days; put the list into HUB_HOLIDAYS"
        return Finding("calendar", State.DOUBTFUL, told)
    return Finding("calendar", State.SOUND, f"holidays of {min(known.years)} to {max(known.years)}")


def _log(settings: Settings, db: Database, now: datetime) -> Finding:
    """Whether acts reach the public log, and with which keys."""
    with db.reading() as look:
        count, oldest = places.waiting_since(look)
        newest = checkpoints.newest(look)
    signed = "nothing is signed yet" if newest is None else f"{newest.size} entries signed"
    if not any(settings.signing_folder.glob("log*.key")):
        return Finding("log", State.DOUBTFUL, f"{signed}; no log.key in the signing folder: acts wait for ever")
    if oldest is not None and oldest < now - timedelta(minutes=1):
        since = oldest.isoformat(timespec="seconds")
        return Finding("log", State.DOUBTFUL, f"{signed}; {count} act(s) wait since {since}: is a worker running?")
    return Finding("log", State.SOUND, f"{signed}, {count} act(s) wait")


def _intents(db: Database, now: datetime) -> Finding:
    lying = left_lying.count(db, at=now)
    if lying.oldest is None:
        return Finding("intents", State.SOUND, "no certificate was left unfinished")
    since = lying.oldest.isoformat(timespec="seconds")
    told = f"{lying.count} certificate(s) begun and not finished, the oldest since {since}: hub doctor --repair"
    return Finding("intents", State.DOUBTFUL, told)


def status_answers(settings: Settings, db: Database, now: datetime) -> Finding:
    """Whether sealing can count on the answers of CAs outside."""
    from hub.status_fetching import subjects
    from registry.directory import kept_status

    asked = subjects(settings, db)
    with db.reading() as look:
        told = [kept_status.condition(one, kept_status.get(look, one), at=now) for one in asked]
    bad = [one for one in told if one.state != kept_status.GOOD]
    state = State.SOUND if not bad else State.BROKEN if any(not one.usable for one in bad) else State.DOUBTFUL
    return Finding("status answers", state, "; ".join(one.told for one in bad) or f"{len(told)} fresh")


def _documents(settings: Settings, db: Database, now: datetime) -> str:
    shelf = open_documents(settings, KeyFolder(settings.wrapping_folder))
    counted = orphans.count(db, shelf, at=now)
    return f"{counted.orphans} orphan(s), {counted.bytes} bytes; {len(counted.missing)} row(s) without their object"


def _asked(check: str, question: Callable[[], str]) -> Finding:
    try:
        return Finding(check, State.SOUND, question())
    except (Refusal, OSError, RuntimeError) as error:
        return Finding(check, State.BROKEN, str(error))
