"""registry/exchange/scanned.py: a look-up about a code that a holder shows"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlmodel import select

from hub.demo_people import SHELTER
from registry.directory.access.scopes import Scope
from registry.store.tables.grants import HolderGrant
from registry.store.tables.presentations import Presentation
from registry.store.tables.retrievals import Retrieval
from tests.hub.holding.conftest import full
from tests.hub.holding.test_presentations import SCENE, office, permit, refused, shown  # noqa: F401 - fixtures
from tests.hub.test_retrievals import ASKED, joined
from tests.registry.exchange.conftest import NEW, STORY

pytestmark = pytest.mark.furnished(STORY)


def looked(http, by, code, key=None, **changes):
    told = ASKED | {"basis": {"kind": "grant"}, "about": {"presentation": code}} | changes
    return http.post("/v1/retrievals", json=told, headers=by | ({"Idempotency-Key": key} if key else {}))


def unused(parts):
    with parts.db.reading() as look:
        (row,) = look.exec(select(Presentation)).all()
        return row.redeemed_at is None and not look.exec(select(HolderGrant)).all()


class TestRetrieve:
    """POST /v1/retrievals about a shown code"""

    def test_once_with_a_receipt_and_both_acts_in_the_holders_uses(self, http, company, office, permit):  # noqa: F811
        """The matter's fields of that certificate; the same key answers the same, another is refused."""
        code = shown(http, company, permit, scene=SCENE)
        first, again = looked(http, office, code, "a"), looked(http, office, code, "a")
        assert (first.status_code, first.content) == (201, again.content)
        (found,) = first.json()["results"]
        assert (found["identifier"], bool(found["fields"])) == (permit, True)
        assert code not in first.text
        assert refused(looked(http, office, code, "b")) == (409, "presentation.over", "used")
        uses = http.get("/v1/me/uses", headers=company).json()["items"]
        assert sorted(one["kind"] for one in uses) == ["presentation", "retrieval"]
        assert all(one["entry"] for one in uses)

    def test_what_refuses_the_look_up_leaves_the_code(self, http, parts, company, office, permit):  # noqa: F811
        """An unknown material, no operator, a full ledger: the code is unused."""
        code = shown(http, company, permit, scene=SCENE)
        assert looked(http, office, code, materials=["nothing-such"]).status_code == 403
        assert looked(http, office, code, operator=None).status_code == 422
        with parts.db.writing() as tx:
            for statement in full(parts.db.dialect):
                tx.connection().execute(text(statement))
        assert looked(http, office, code).status_code >= 500
        assert unused(parts)

    def test_only_its_scene_opens(self, http, parts, company, office, permit):  # noqa: F811
        """Another office, a glance, and a code that waits for its holder open nothing; each refusal has its reason."""
        code = shown(http, company, permit, scene=SCENE)
        other = joined(parts, SHELTER, Scope.RETRIEVE)
        assert refused(looked(http, other, code)) == (409, "presentation.over", "other_office")
        assert unused(parts)
        for more, reason in (({}, "glance"), ({"confirm": True}, "confirmation")):
            assert refused(looked(http, office, shown(http, company, permit, **more))) == (
                409, "presentation.over", reason)  # fmt: skip
        assert refused(looked(http, office, "LXP:made-up"))[:2] == (404, "presentation.unknown")

    @pytest.mark.parametrize(
        "changes",
        [{"basis": {"kind": "statutory"}}, {"basis": {"kind": "grant", "grant": "gra_1"}},
         {"about": {"presentation": "LXP:A", "identifier": "1.2"}},
         {"about": {"presentation": "LXP:A", "holders": [{"name": NEW.name, "code": NEW.code}]}}],
    )  # fmt: skip
    def test_one_ground_and_one_lead(self, http, office, changes):  # noqa: F811
        """A statute, a grant or further leads beside a code are refused unread."""
        assert looked(http, office, "LXP:A", **changes).status_code == 422

    def test_two_at_once_one_wins(self, http, parts, company, office, permit):  # noqa: F811
        """Several look-ups race for one code: one receipt."""
        code = shown(http, company, permit, scene=SCENE)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda key: looked(http, office, code, key), [None, "a", "b", "c"]))
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
        with parts.db.reading() as look:
            assert len(look.exec(select(Retrieval)).all()) == 1
