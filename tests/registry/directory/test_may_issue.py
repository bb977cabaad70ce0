"""entitlements.may_issue(): the pure decision."""

from datetime import date, timedelta

import pytest

from registry.directory import entitlements
from registry.directory.authority_errors import (
    EntitlementPast,
    EntitlementWaits,
    NotEntitledInRegion,
    NotEntitledToGrade,
    NotEntitledToType,
)
from tests.registry.directory.entitlement_rows import row

PROVINCE, CITY = "11410000000000000T", "114108000000000004"
LETTER, OTHER = f"{PROVINCE}005", f"{PROVINCE}099"
TODAY = date(2026, 3, 2)


def may(*rows, type_code=LETTER, region="990123", grade="*", on=TODAY):
    return entitlements.may_issue(rows, type_code=type_code, region=region, grade=grade, on=on)


class TestMayIssue:
    """entitlements.may_issue()"""

    def test_type_region_grade_and_day_fit(self):
        """A city's entitlement covers its counties, every grade, from its first day on."""
        held = row()

        assert may(held) is held
        assert may(held, grade="乙级", region="990100", on=date(2020, 1, 1)) is held

    @pytest.mark.parametrize(
        ("rows", "asked", "refusal"),
        [
            ([], {}, NotEntitledToType),
            ([row()], {"type_code": OTHER}, NotEntitledToType),
            ([row()], {"region": "990000"}, NotEntitledInRegion),
            ([row()], {"region": "990200"}, NotEntitledInRegion),
            ([row(grade="乙级")], {"grade": "甲级"}, NotEntitledToGrade),
            ([row(grade="乙级")], {}, NotEntitledToGrade),
            ([row(first_day=date(2026, 3, 3))], {}, EntitlementWaits),
            ([row(last_day=date(2026, 3, 1))], {}, EntitlementPast),
            ([row(ended_on=TODAY)], {}, EntitlementPast),
            ([row(ended_on=date(2021, 1, 1)), row(first_day=date(2027, 1, 1))], {}, EntitlementPast),
            ([row(first_day=date(2027, 1, 1), ended_on=date(2027, 1, 1))], {}, EntitlementPast),
        ],
    )
    def test_refusal_names_the_first_thing_missing(self, rows, asked, refusal):
        """Type, then region, then grade, then time."""
        with pytest.raises(refusal):
            may(*rows, **asked)

    def test_last_day_is_still_inside(self):
        """A period's last day counts; the day of an end does not."""
        assert may(row(last_day=TODAY)).last_day == TODAY
        assert may(row(ended_on=TODAY + timedelta(1))).ended_on == TODAY + timedelta(1)

    def test_refusal_tells_the_days(self):
        """Who is too early or too late learns by how much."""
        with pytest.raises(EntitlementWaits) as early:
            may(row(first_day=date(2026, 5, 1)))
        with pytest.raises(EntitlementPast) as late:
            may(row(last_day=date(2025, 12, 31)))

        assert early.value.facts == {"type": LETTER, "first_day": "2026-05-01"}
        assert late.value.facts == {"type": LETTER, "ended_on": "2026-01-01"}

    def test_nearest_entitlement_is_taken(self):
        """The narrower region, then the named grade, then the own name, then the newest."""
        wide, near = row(region="990000"), row(region="990123", manner="principal", principal=PROVINCE)
        assert may(wide, near) is near
        named = row(grade="乙级")
        assert may(row(), named, grade="乙级") is named
        own = row(manner="own", first_day=date(2019, 1, 1))
        assert may(row(manner="principal", principal=PROVINCE), own) is own
