"""Issuing under a second name (加挂牌子), and verifying it with the list that the register publishes."""

from datetime import timedelta

import pytest

from registry.directory import trust_lists
from registry.directory.authorities import nameplates, reading
from registry.directory.authority_errors import NotItsName
from registry.directory.trust_lists import Publisher
from registry.life import certificates
from signing import holdings
from tests.conftest import AT
from tests.registry.life.conftest import BASIS, KEYS, OFFICE, REGISTRAR, filing
from verification import statement, trust, verify

PLATE, OWN = "示例市人民防空办公室", "示例市国防动员办公室"


def listed(world, at):
    """The trust list as it is published at a time, opened as a stranger does."""
    held = holdings.read(KEYS)
    publisher = Publisher(held.key("trust-list"), held, "http://127.0.0.1:8000", unsafe_allow_samples=True)
    row = trust_lists.publish(world.db, publisher, at=at, by="operator")
    return trust.open_list(row.signed, roots=held.roots, at=at, unsafe_allow_samples=True).list


def taken_down(world, on):
    """The plate is down from a day on."""
    with world.db.reading() as look:
        plate = reading.get(look, OFFICE).plates[0]
    nameplates.end_nameplate(world.db, plate.id, ended_on=on, basis=BASIS, by="operator", at=AT)


class TestNameplate:
    """issuance.issue() with issuer_name, verify.verify() with a trust list"""

    def test_issued_under_a_plate_it_is_accepted_by_the_list(self, world):
        """Draft to verification: the plate stands in the statement, on the page, and in the list; also years later."""
        row = world.issue(world.approved(filing(issuer_name=PLATE)).id)
        document, _ = certificates.document(world.db, world.documents, row.identifier, by=REGISTRAR)
        content, _ = certificates.statement(world.db, world.documents, row.identifier, by=REGISTRAR)
        said = statement.from_bytes(content)
        taken_down(world, AT.date() + timedelta(days=1))
        later = AT + timedelta(days=400)

        assert (said.issuer.name, said.face["issuer"]) == (PLATE, PLATE)
        assert verify.verify(document, trust=listed(world, AT), at=AT).accepted()
        assert verify.verify(document, trust=listed(world, later), at=later).accepted()

    def test_a_plate_that_was_down_that_day_is_refused(self, world):
        """The list of a register that says the plate was down on the day of issue."""
        row = world.issue(world.approved(filing(issuer_name=PLATE)).id)
        document, _ = certificates.document(world.db, world.documents, row.identifier, by=REGISTRAR)
        taken_down(world, AT.date())
        report = verify.verify(document, trust=listed(world, AT), at=AT)

        assert (report.accepted(), report.decisive().code) == (False, "owner.other_name")

    def test_under_its_own_name_it_is_accepted_too(self, world):
        """Two names on one day: both are the authority's."""
        row = world.issue()
        document, _ = certificates.document(world.db, world.documents, row.identifier, by=REGISTRAR)

        assert verify.verify(document, trust=listed(world, AT), at=AT).accepted()

    def test_a_name_that_is_not_its_own_is_refused_before_anything_is_made(self, world):
        """Nobody issues under a name that hangs at another's door."""
        with pytest.raises(NotItsName):
            world.approved(filing(issuer_name="示例市民防局"))
