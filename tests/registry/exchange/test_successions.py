"""registry/exchange/persons/successions.py, and look-ups about who succeeded somebody"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from registry.exchange.errors import SuccessionRefused
from registry.exchange.finding.about import About, Named
from registry.exchange.persons import successions
from registry.exchange.persons.parties import Known
from registry.exchange.persons.successions import Succession, SuccessionKind
from registry.store.tables.persons import PartySuccession
from tests.registry.exchange.conftest import NEW, NOW, PROJECT, STORY, asked
from verification import jws, receipts

pytestmark = pytest.mark.furnished(STORY)
HEIR = Named("示例市合并后置业集团有限公司", "001", "91990100MA0000777X")
HEIR_OF_HEIR = Named("示例省置业控股有限公司", "001", "91990100MA0000888X")
DAY = date(2026, 5, 1)


def known(named):
    return Known(named.name, named.code_kind, named.code)


def recorded(world, before=NEW, after=HEIR, kind=SuccessionKind.MERGED, day=DAY):
    told = Succession(known(before), known(after), kind, day, "示例市监准字〔2026〕1号")
    return successions.record(world.db, world.keyring, told, at=NOW)


def found(world, named=HEIR, **more):
    return world.retrieve(about=About(holders=(named,), **more)).answer


class TestLookUps:
    """About a successor"""

    @pytest.mark.parametrize("kind", list(SuccessionKind))
    def test_it_finds_its_forebears_certificates_and_says_so(self, world, kind):
        """How, and since when; nothing of it before the record."""
        before = found(world)
        recorded(world, kind=kind)
        (one,) = found(world)["results"]
        (own,) = found(world, NEW)["results"]
        token = world.retrieve(about=About(holders=(HEIR,))).answer["receipt"]
        (said,) = receipts.from_bytes(jws.unverified_payload(token, limit=receipts.LIMIT)).content["results"]

        assert said["succeeded"] == one["succeeded"]
        assert [one["reason"] for one in before["missing"]] == ["nothing_found"]
        assert one["succeeded"] == {"kind": kind.value, "since": "2026-05-01"}
        assert (one["identifier"], own["succeeded"]) == (own["identifier"], None)

    def test_over_generations_and_beside_other_leads(self, world):
        """The heir's heir; by identifier and by project, where the holder is named beside."""
        recorded(world)
        recorded(world, HEIR, HEIR_OF_HEIR, SuccessionKind.RENUMBERED, DAY + timedelta(days=1))
        (one,) = found(world, HEIR_OF_HEIR)["results"]
        (by_identifier,) = found(world, HEIR_OF_HEIR, identifier=one["identifier"])["results"]
        (by_project,) = found(world, HEIR_OF_HEIR, project=PROJECT)["results"]

        assert one["succeeded"]["since"] == "2026-05-01"
        assert {each["identifier"] for each in (by_identifier, by_project)} == {one["identifier"]}

    @pytest.mark.parametrize(
        "named",
        [
            replace(HEIR, name="示例他人有限公司"),
            replace(HEIR, code="91990100MA0000999X"),
            replace(HEIR, code_kind="099"),
            HEIR_OF_HEIR,
        ],
    )
    def test_name_and_number_must_be_the_successors(self, world, named):
        """Who knows half of it learns nothing."""
        recorded(world)

        assert found(world, named)["results"] == []

    @pytest.mark.parametrize("named", [(HEIR, HEIR_OF_HEIR), (HEIR_OF_HEIR, HEIR)])
    def test_beside_a_successor_a_stranger_finds_nothing(self, world, named):
        """Everybody named must be a holder or its successor by their own record, in whichever order."""
        recorded(world)
        recorded(world, replace(NEW, code="91990100MA0000666X"), HEIR_OF_HEIR)

        assert world.retrieve(about=About(holders=named)).answer["results"] == []

    def test_a_forebear_does_not_find_its_heirs_and_nobody_before_the_day(self, world):
        """Successions lead back only, and from their day on."""
        recorded(world, HEIR, NEW)
        assert found(world, HEIR)["results"] == []
        recorded(world, NEW, HEIR_OF_HEIR, day=NOW.date() + timedelta(days=2))
        assert found(world, HEIR_OF_HEIR)["results"] == []

    def test_a_withdrawn_record_opens_nothing(self, world):
        """From the next look-up on; once."""
        row = recorded(world)
        successions.withdraw(world.db, row.id, at=NOW)

        assert found(world)["results"] == []
        with pytest.raises(SuccessionRefused):
            successions.withdraw(world.db, row.id, at=NOW)

    def test_a_family_beyond_the_bounds_is_told(self, world, monkeypatch, caplog):
        """To the operator; within them nothing is."""
        recorded(world)
        recorded(world, HEIR, HEIR_OF_HEIR)
        found(world, HEIR_OF_HEIR)
        assert not caplog.records
        monkeypatch.setattr(successions, "DEPTH", 1)

        assert found(world, HEIR_OF_HEIR)["results"] == []
        assert ["may have more forebears" in one.getMessage() for one in caplog.records] == [True]


class TestRecord:
    """successions.record()"""

    def test_the_same_again_is_the_same(self, world):
        """One row, one entry; withdrawn, it may be recorded anew."""
        assert recorded(world).id == recorded(world).id
        assert len(world.events("succession-recorded")) == 1
        successions.withdraw(world.db, recorded(world).id, at=NOW)
        assert recorded(world).withdrawn_at is None
        assert len(world.rows(PartySuccession)) == 2

    @pytest.mark.parametrize("chain", [[(NEW, NEW)], [(NEW, HEIR), (HEIR, NEW)]])
    def test_nobody_is_its_own_forebear(self, world, chain):
        """Neither at once nor over others; a code in another spelling is the same."""
        *good, (before, after) = chain
        for one in good:
            recorded(world, *one)
        with pytest.raises(SuccessionRefused) as refused:
            recorded(world, replace(before, code=before.code.lower()), after)
        assert refused.value.facts == {"reason": "circle"}

    def test_a_wide_and_deep_family_ends(self, world):
        """Many forebears are looked through to a bound, diamonds once."""
        rows = [
            PartySuccession(id=str(n), predecessor=a, successor=b, kind="merged", first_day=DAY, basis="x", at=NOW)
            for n, (a, b) in enumerate([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])
        ]
        new = PartySuccession(predecessor="d", successor="e")

        assert successions.require_no_circle(new, rows) is None
        with pytest.raises(SuccessionRefused):
            successions.require_no_circle(PartySuccession(predecessor="d", successor="a"), rows)

    def test_people_have_no_successors(self):
        """An heir of a person is not told by a company register."""
        person = Known("示例甲", "111", "990101199001010015")
        with pytest.raises(SuccessionRefused):
            Succession(person, known(HEIR), SuccessionKind.MERGED, DAY, "x")

    def test_names_and_numbers_stand_nowhere_in_the_open(self, world):
        """Neither in the ledger nor in a receipt."""
        recorded(world)
        done = world.retrieve(about=About(holders=(HEIR,)))

        assert HEIR.code not in done.answer["receipt"]
        assert not any(HEIR.code.encode() in entry.body for entry in world.events("succession-recorded"))
        assert asked().about.holders != (HEIR,)
