"""registry/directory/seals.py"""

from pathlib import Path

import pytest

from registry.directory import seals
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Kind, Scope
from registry.directory.seal_errors import LocatorRefused, NotEnrolled, OtherKey, OtherOwner, SampleKey
from registry.directory.seals import Purpose
from registry.store.errors import NotFound
from signing import key_files
from signing.errors import KeyNotForThis
from tests import worlds

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)

KEYS = Path(__file__).parents[3] / "keys_sample"
OFFICE, OTHER = "114108000000000004", "11410800000000027U"


def sample(name):
    return key_files.load(KEYS / f"{name}.key", certificates_at=KEYS / f"{name}.pem")


@pytest.fixture
def enrol(db, at):
    def act(name, purpose=Purpose.SEAL, *, authority=OFFICE, by=OPERATOR, samples=True, locator=None):
        place = locator or f"file:{name}"
        allowed = {"unsafe_allow_samples": samples}
        return seals.enrol(db, sample(name), purpose, locator=place, authority=authority, by=by, at=at, **allowed)

    return act


class TestEnrol:
    """seals.enrol()"""

    def test_names_the_place_and_keeps_the_certificate(self, db, enrol):
        """The row says where the key lies; the key itself is not here."""
        row = enrol("defence-seal")

        with db.reading() as look:
            found = seals.current(look, Purpose.SEAL, OFFICE)
        assert (found.id, found.locator, found.thumbprint) == (row.id, "file:defence-seal", row.thumbprint)
        assert seals.same(sample("defence-seal"), found).key_id == row.thumbprint

    def test_next_key_ends_the_one_before(self, db, enrol, at):
        """One key at a time; enrolling the same one again changes nothing."""
        first = enrol("defence-former-seal")
        second = enrol("defence-seal")
        assert enrol("defence-seal").id == second.id

        told = {row.id: row.ended_at for row in seals.listing(db, by=OPERATOR)}
        assert told == {first.id: at, second.id: None}

    def test_ended_key_is_gone(self, db, enrol, at):
        """After the last key ended there is none, and it is told by name."""
        row = enrol("defence-seal")
        seals.end(db, row.id, by=OPERATOR, at=at)

        with db.reading() as look, pytest.raises(NotEnrolled) as refused:
            seals.current(look, Purpose.SEAL, OFFICE)
        assert refused.value.facts == {"use": "seal", "authority": OFFICE}

    @pytest.mark.parametrize(
        ("name", "asked", "refusal"),
        [
            ("housing-seal", {}, OtherOwner),
            ("tsa", {}, KeyNotForThis),
            ("housing-seal", {"purpose": Purpose.CODE, "authority": OTHER}, KeyNotForThis),
            ("defence-seal", {"samples": False}, SampleKey),
            ("defence-seal", {"locator": "file:../root"}, LocatorRefused),
            ("hub-seal", {"purpose": Purpose.HUB}, NotFound),
        ],
    )
    def test_refused(self, enrol, name, asked, refusal):
        """Another's seal, a key for something else, a sample in production, a place outside: each by its name."""
        with pytest.raises(refusal):
            enrol(name, **asked)

    def test_hub_has_its_own(self, db, enrol):
        """The hub's seal belongs to no authority."""
        enrol("hub-seal", Purpose.HUB, authority=None)
        with db.reading() as look:
            assert seals.current(look, Purpose.HUB, None).authority is None

    def test_only_for_the_own_authority(self, enrol):
        """Another authority's seal keeper finds nothing to enrol; without the scope nobody does."""
        keeper = Caller(Kind.OFFICER, "off_k", OTHER, frozenset({Scope.SEAL_ADMIN}))
        with pytest.raises(NotFound):
            enrol("defence-seal", by=keeper)
        with pytest.raises(NotPermitted):
            enrol("defence-seal", by=Caller(Kind.OFFICER, "off_k", OFFICE, frozenset()))

    def test_exchanged_key_is_found(self, db, enrol):
        """A file that was exchanged behind the register's back is not used."""
        row = enrol("defence-seal")
        with pytest.raises(OtherKey):
            seals.same(sample("defence-former-seal"), row)
