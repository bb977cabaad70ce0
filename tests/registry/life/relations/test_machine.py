"""Letters, documents, records and states in any order: the register allows what the rule allows, and tells it so."""

import itertools
import shutil
from datetime import timedelta
from functools import partial
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from registry.directory.projects import absences, reading, record
from registry.life import status
from registry.life.errors import DemandsUnmet, DraftDefective
from registry.life.press import Made
from registry.life.relations import dossier, filing_ground
from registry.life.states.moves import Asked
from registry.store.database import Database
from registry.store.tables.life import Certificate
from tests import seeds
from tests.registry.life.relations.conftest import (
    ABSENCE,
    BASIS,
    CODE,
    DAY,
    LETTER,
    NAMES,
    OPINION,
    REGISTRAR,
    Site,
    sample,
    shipped,
)
from tests.registry.life.relations.test_together import REVOKE, SYSTEM, approval, both

MOVES = {
    "suspend": (("valid",), "suspended", Asked(move="suspend", reason="investigation", basis=BASIS)),
    "restore": (("suspended",), "valid", Asked(move="restore", reason="cleared", basis=BASIS)),
    "revoke": (("valid", "suspended"), "revoked", REVOKE),
}
NUMBERS = st.sampled_from(sorted(NAMES))


class Paper:
    """A press that seals nothing: what is tried here is what may be issued."""

    def check(self, **_):
        """Accept."""

    def make(self, order, *, at):
        """Something of this order's own."""
        document = b"%PDF " + order.content
        return Made(document, "B-LT", "sha256:" + sha256(document).hexdigest())


class Machine(RuleBasedStateMachine):
    """A machine over copies of a site."""

    template, folders, numbers = None, None, itertools.count(1)

    def __init__(self):
        super().__init__()
        self.folder = self.folders / str(next(self.numbers))
        shutil.copytree(self.template, self.folder)
        self.site = Site.reopened(Database(f"sqlite:///{self.folder / 'hub.sqlite'}"), self.folder)
        self.site.press = Paper()
        self.absent, self.aliases = {1, 2}, {}
        self.approval = approval(self.site).identifier
        self.made = [("approval", None, self.approval)]
        self.states = {self.approval: "valid"}

    def teardown(self):
        self.site.db.close()
        shutil.rmtree(self.folder)

    def tick(self):
        self.site.at += timedelta(minutes=1)

    def issued(self, kind, number, given, *, allowed):
        """Issue, if the rule allows it; refused, if it does not."""
        self.tick()
        if not allowed:
            with pytest.raises(DraftDefective):
                self.site.make(given)
            return None
        row = self.site.make(given)
        self.made.append((kind, number, row.identifier))
        self.states[row.identifier] = "valid"
        return row

    def holding(self, kind, number=None):
        return [
            one
            for found, about, one in self.made
            if found == kind and number in (None, about) and self.states[one] == "valid"
        ]

    @rule(number=NUMBERS, aliased=st.booleans())
    def letter(self, number, aliased):
        name = self.aliases.get(number, NAMES[number]) if aliased else NAMES[number]
        allowed = number in self.absent and self.states[self.approval] == "valid"
        self.issued("letter", number, self.site.letter(number, building_name=name), allowed=allowed)

    @rule(without=st.none() | NUMBERS, paid=st.sampled_from(["1139.99", "1140.00", "1140.01"]))
    def opinion(self, without, paid):
        named = sample(OPINION)["buildings"]
        buildings = [row for row in named if row["name"] != NAMES.get(without)]
        allowed = without is None and paid != "1139.99" and not self.holding("opinion")
        allowed = allowed and self.states[self.approval] == "valid"
        given = self.site.filing(OPINION, buildings=buildings, paid_area=paid)
        row = self.issued("opinion", None, given, allowed=allowed)
        if row is not None:
            told = [one.target for one in self.site.said(row).relations if one.kind == "consolidates"]
            assert told == self.holding("letter")

    @rule(number=NUMBERS)
    def two_at_once(self, number):
        """A letter and the project's document begin at the same moment; the second is judged after the first."""
        self.tick()
        named = self.site.letter(number, building_name=self.aliases.get(number, NAMES[number]))
        holds = self.states[self.approval] == "valid"
        drafted = [
            self.site.approved_of(given)
            for given, may in (
                (named, holds and number in self.absent),
                (self.site.filing(OPINION), holds and not self.holding("opinion")),
            )
            if may
        ]
        told = both(*(partial(self.site.issue, draft) for draft in drafted)) if drafted else []
        if any(isinstance(one, DemandsUnmet) for one in told):  # the letter was being sealed at that moment
            (again,) = [draft for draft, one in zip(drafted, told, strict=True) if isinstance(one, DemandsUnmet)]
            told = [one for one in told if isinstance(one, Certificate)] + [self.site.issue(again)]
        for row in sorted(told, key=lambda row: (row.at, row.identifier)):
            letter = row.type_code == shipped(LETTER).definition.code
            self.made.append(("letter", number, row.identifier) if letter else ("opinion", None, row.identifier))
            self.states[row.identifier] = "valid"

    @rule(number=NUMBERS)
    def record_absence(self, number):
        self.tick()
        building = self.site.building(number)
        if number in self.absent:
            absences.withdraw(self.site.db, building, reason="图纸有误", by=REGISTRAR, at=self.site.at)
        else:
            absences.enter(self.site.db, building, ABSENCE, by=REGISTRAR, at=self.site.at)
        self.absent ^= {number}

    @precondition(lambda self: len(self.aliases) < len(NAMES))
    @rule(number=NUMBERS)
    def alias(self, number):
        if number not in self.aliases:
            self.aliases[number] = f"{number}幢"
            asked = {"first_day": DAY, "by": REGISTRAR, "at": self.site.at}
            record.name_building(self.site.db, self.site.building(number), f"{number}幢", **asked)

    @rule(place=st.integers(0, 30), name=st.sampled_from(sorted(MOVES)))
    def move(self, place, name):
        kind, _, identifier = self.made[place % len(self.made)]
        came_from, becomes, asked = MOVES[name]
        if self.states[identifier] in came_from and (kind, name) != ("approval", "revoke"):
            self.tick()
            status.move(self.site.db, self.site.keyring, identifier, asked, by=SYSTEM, at=self.site.at)
            self.states[identifier] = becomes

    @invariant()
    def buildings_may_be_filed_as_the_rule_says(self):
        site = self.site
        with site.db.reading() as look:
            project = reading.get(look, CODE)
            for number in NAMES:
                building = project.called(NAMES[number])
                found = filing_ground.find(look, site.documents, project, building, at=site.at)
                grounds = {*self.holding("letter", number), *self.holding("opinion")}
                assert (found.identifier in grounds) if grounds else found is None

    @invariant()
    def the_dossier_holds_everything_in_order(self):
        found = dossier.find(self.site.db, CODE, by=REGISTRAR, at=self.site.at, limit=1000)
        assert [(one.row.identifier, one.standing.state.value) for one in found] == [
            (identifier, self.states[identifier]) for _, _, identifier in self.made
        ]


def run(site, tmp_path_factory, *, runs, steps, number):
    """Run the machine."""
    Machine.template, Machine.folders = tmp_path_factory.mktemp("template") / "site", tmp_path_factory.mktemp("runs")
    shutil.copytree(site.folder, Machine.template)
    shape = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(seed(number)(Machine), settings=shape)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # test_together asks both engines
class TestMachine:
    """Any order of acts."""

    def test_a_slice(self, site, tmp_path_factory):
        """A few runs, each time others."""
        run(site, tmp_path_factory, runs=4, steps=10, number=seeds.drawn("projects"))

    @pytest.mark.soak
    def test_long(self, site, tmp_path_factory):
        """Five hundred runs of fifty steps."""
        run(site, tmp_path_factory, runs=500, steps=50, number=seeds.drawn("projects"))
