"""Verifying when the authority is no longer what it was: the rules of the day, and whom to ask now."""

from datetime import timedelta

from tests.vectors import make_statements
from tests.verification import desk
from verification.legal_dates import Validity
from verification.report import Step
from verification.trust_list import Name, Successor
from verification.verify import verify

DAY = timedelta(days=1)
LETTER = make_statements.letter()


def judged(**more):
    """The honest file, judged."""
    return verify(desk.good(), **{"trust": desk.trust(), "at": desk.AT, **more})


class TestLaterDays:
    """agreement.owner() when the authority is no longer what it was"""

    def test_a_renamed_authoritys_certificate_holds_and_tells_the_name_of_today(self):
        """Judged by the names of its day; the report says what the office is called now."""
        day = LETTER.issued
        names = (Name(LETTER.issuer.name, Validity(None, day)), Name("示例市新名办公室", Validity(day + DAY, None)))
        report = judged(trust=desk.trust(desk.authority("defence", names=names)), at=desk.LATER)

        assert report.accepted()
        assert report.check(Step.OWNER).evidence["name_now"] == "示例市新名办公室"
        assert "示例市新名办公室" in report.check(Step.OWNER).plain()["zh"]

    def test_a_dissolved_authoritys_certificate_holds_and_names_the_successor(self):
        """Whom to ask now."""
        day = LETTER.issued
        office = desk.authority(
            "defence",
            names=(Name(LETTER.issuer.name, Validity(None, day)),),
            successors=(Successor("11410800000000027U", day + DAY),),
        )
        report = judged(trust=desk.trust(office), at=desk.LATER)

        assert report.accepted()
        assert report.check(Step.OWNER).evidence["successor"] == "11410800000000027U"
