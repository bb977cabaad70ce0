"""Find what satisfies each of some materials: certificates of any authority, by one lead.

In:    materials that may be looked up, whom or what it is about, who asks, now
Out:   for each material the certificates that satisfy it, or the reason why none does

Order: one question to the register for all materials together; statements are opened only of what it answers. Where
       the newest of a type do not satisfy a material and there may be more, all of them are asked for, once.
Trust: unknown, another issuer's, another person's and not fitting the name answer alike: nothing found.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from registry.directory.matters.materials import Material
from registry.directory.projects import reading
from registry.directory.projects.history import Record, mark
from registry.exchange import grants
from registry.exchange.finding import candidates, judging, known_names, names
from registry.exchange.finding.about import About, Named
from registry.exchange.finding.candidates import Found
from registry.exchange.finding.judging import Judged, Reason
from registry.exchange.finding.names import Fit
from registry.exchange.grants import Opening
from registry.exchange.persons import parties, successions
from registry.exchange.persons.successions import Forebear
from registry.life import holders
from registry.life.relations import dossier
from registry.life.states import standing
from registry.store import statements
from registry.store.database import Reading
from registry.store.envelopes import Keyring
from verification import digests
from verification.legal_dates import legal_date

HOUR = timedelta(hours=1)
Lead = Callable[[Reading, bytes, candidates.Asked], Sequence[Found]]
_log = logging.getLogger("registry.exchange")
NOBODY = Judged(Reason.NOTHING)


@dataclass(slots=True)
class Candidate:
    """A certificate with its statement, how it stands; since when another name or body stands on it."""

    row: Found
    told: dict[str, Any]
    state: str
    whole: bool = False
    renamed: Fit = names.SAME
    succeeded: Forebear | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a material."""

    material: Material
    found: tuple[Candidate, ...] = ()
    missing: Judged = field(default=NOBODY)


class Search:
    """One look-up's way through the register; `secret` is that of holders' marks."""

    def __init__(
        self,
        look: Reading,
        keyring: Keyring,
        secret: bytes,
        *,
        authority: str,
        at: datetime,
        opened: Opening | None = None,
    ) -> None:
        self.look, self.keyring, self.secret = look, keyring, secret
        self.authority, self.at, self.opened = authority, at, opened
        self._forebears: dict[bytes, Sequence[Forebear]] = {}

    def answer(self, materials: Sequence[Material], about: About) -> list[Answer]:
        """What satisfies each material."""
        types = sorted({one.type for material in materials for one in material.satisfied_by})
        answers, cut = self._answered(materials, about, types, candidates.MOST)
        if hidden(answers, cut):
            answers, cut = self._answered(materials, about, types, candidates.ALL)
            for code in sorted(hidden(answers, cut)):
                _log.warning("a look-up read %s of type %s, more are there", candidates.ALL, code)
        return answers

    def _answered(
        self, materials: Sequence[Material], about: About, types: Sequence[str], most: int
    ) -> tuple[list[Answer], set[str]]:
        """What satisfies, of so many of each type; the types of which there may be more."""
        rows = self._rows(about, candidates.Asked(types, self.authority, self.at - HOUR, most))
        found = [one for one in self._open(rows) if self._fits(one, about.holders)]
        if self.opened is not None:
            heir = [one.mark for one in self._before(self.opened.mark)]
            within = grants.within(self.look, self.opened, [one.row for one in found], heir_of=heir)
            allowed = {row.identifier for row in within}
            found = [one for one in found if one.row.identifier in allowed]
        counted = Counter(row.type_code for row, _ in rows)
        cut = {code for code, count in counted.items() if count >= most}
        return [self._material(material, found) for material in materials], cut

    def _material(self, material: Material, found: Sequence[Candidate]) -> Answer:
        missing, good = NOBODY, []
        for one in found:
            judged = self._judged(material, one)
            if judged is None:
                good.append(one)
            elif missing.reason is Reason.NOTHING:
                missing = judged
        return Answer(material, tuple(good), missing)

    def _judged(self, material: Material, one: Candidate) -> Judged | None:
        by = material.satisfier(one.row.type_code)
        on = legal_date(self.at)
        return NOBODY if by is None else judging.against(one.row, one.state, by, whole=one.whole, on=on)

    def _rows(self, about: About, asked: candidates.Asked) -> list[tuple[Found, bool]]:
        if about.project is not None:
            own = self._borne(about.holders, candidates.of_person, asked)
            return [*self._of_project(about.project, about.building, asked), *((row, False) for row in own)]
        if about.identifier is not None:
            rows = candidates.of_identifier(self.look, about.identifier, asked)
        elif about.number is not None and about.issuer is not None:
            rows = candidates.of_number(self.look, about.issuer, about.number, asked)
        else:
            rows = self._borne(about.holders, candidates.of_holder, asked)
        return [(row, False) for row in rows]

    def _borne(self, named: Sequence[Named], lead: Lead, asked: candidates.Asked) -> list[Found]:
        """Certificates that bear the first holder's mark, or one of its forebears'; each once."""
        if not named:
            return []
        own = self.mark(named[0])
        marks = [own, *(one.mark for one in self._before(own))]
        return list({row.identifier: row for mark in marks for row in lead(self.look, mark, asked)}.values())

    def _before(self, mark: bytes) -> Sequence[Forebear]:
        """Whose successor a holder is."""
        if mark not in self._forebears:
            self._forebears[mark] = successions.forebears(self.look, mark, on=legal_date(self.at))
        return self._forebears[mark]

    def mark(self, named: Named) -> bytes:
        """The mark of a holder's number."""
        return holders.mark(self.secret, *named.spelled)

    def lead(self, about: About) -> str:
        """What failures at one subject are counted under; a number's mark, so that nobody reads one off a counter."""
        if about.holders and not (about.project or about.identifier or about.number):
            return self.mark(about.holders[0]).hex()
        told = "/".join(one or "" for one in (about.project, about.identifier, about.issuer, about.number))
        return digests.sha256(told.encode())[7:]

    def _of_project(self, code: str, building: str | None, asked: candidates.Asked) -> Iterator[tuple[Found, bool]]:
        project = reading.find(self.look, code)
        if building is None:
            keys: Mapping[str, Sequence[str]] = {
                "project": [code],
                **(dossier.keys_of(project, project.buildings) if project else {}),
            }
            yield from ((row, False) for row in candidates.of_subjects(self.look, keys, asked))
            return
        named = _of_building(code, building, project)
        yield from ((row, False) for row in candidates.of_subjects(self.look, named, asked))
        yield from ((row, True) for row in candidates.of_whole(self.look, code, asked))

    def _open(self, rows: Iterable[tuple[Found, bool]]) -> Iterator[Candidate]:
        for row, whole in rows:
            told = statements.opened(self.keyring, row.statement, row.key_id, row.wrapped_key, row.sealed)
            acts = () if row.acts is None else standing.acts_of(self.look, row.identifier)
            state = standing.judge(row, acts, at=max([self.at, *(act.at for act in acts)])).state
            yield Candidate(row, told, state.value, whole)

    def _fits(self, one: Candidate, wanted: Sequence[Named]) -> bool:
        """Whether everybody named is a holder; a name the number bore at another time is noted."""
        for named in wanted:
            fit = self._fit(one, named)
            if fit is None and not self._follows(one, named):
                return False
            one.renamed = one.renamed if fit is None or fit.renamed is None else fit
        return True

    def _follows(self, one: Candidate, named: Named) -> bool:
        """Whether somebody is the successor of a holder, under a name that its number is known to bear."""
        before = {each.mark: each for each in self._before(self.mark(named))}
        stated = cast("list[dict[str, str | None]]", one.told["holders"])
        marks = [holders.mark(self.secret, each["code_kind"] or "", each["code"] or "") for each in stated]
        found = next((before[mark] for mark in marks if mark in before), None)
        if found is None or not self._called(named):
            return False
        one.succeeded = found
        return True

    def _called(self, named: Named) -> bool:
        """Whether a number bears a name, as the register of parties or a certificate says."""
        today = parties.called(self.look, self.keyring, self.mark(named))
        borne = [*(() if today is None else (today,)), *(one.text for one in self._known(named))]
        return names.spelled(named.name) in {names.spelled(name) for name in borne}

    def _fit(self, one: Candidate, named: Named) -> Fit | None:
        for stated in cast("list[dict[str, str | None]]", one.told["holders"]):
            if (stated["code_kind"], (stated["code"] or "").strip().upper()) == named.spelled:
                known = () if names.spelled(named.name) == names.spelled(stated["name"] or "") else self._known(named)
                return names.fit(named.name, stated["name"] or "", known)
        return None

    def _known(self, named: Named) -> Sequence[names.Dated]:
        return known_names.of(self.look, self.keyring, named, self.mark(named))


def hidden(answers: Iterable[Answer], cut: Iterable[str]) -> set[str]:
    """Of types of which only the newest were read, those of which older ones may satisfy where none was found. Pure."""
    return {
        code
        for answer in answers
        for code in set(cut) - {one.row.type_code for one in answer.found}
        if answer.material.satisfier(code) is not None
    }


def _of_building(code: str, building: str, project: Record | None) -> dict[str, list[str]]:
    """The subjects under which certificates about a building stand, whether or not it is registered."""
    found = None if project is None else project.meant(building)
    if project is None or found is None:
        return {"name": [f"{code}/{mark(building)}"], "structure": [building]}
    return {kind: list(codes) for kind, codes in dossier.keys_of(project, [found]).items()}
