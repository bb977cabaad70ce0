"""An entitlement as a test wants it: the city's own, for the single-building letter, in its region."""

from datetime import date

from registry.store.tables.authorities import Entitlement

CITY = "114108000000000004"
LETTER = "11410000000000000T005"


def row(**changed):
    facts = {
        "id": 1,
        "authority": CITY,
        "type_code": LETTER,
        "region": "990100",
        "grade": "*",
        "first_day": date(2020, 1, 1),
        "manner": "own",
        "decider": CITY,
        "seal_owner": CITY,
    }
    return Entitlement(**(facts | changed))
