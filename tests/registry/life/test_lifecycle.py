"""registry/life/states/lifecycle.py: the table"""

from itertools import product

import pytest

from registry.life.states import lifecycle
from registry.life.states.errors import (
    BasisMissing,
    EffectRefused,
    MoveNotAllowed,
    MoveNotForCategory,
    MoveUnknown,
    ReasonRefused,
    WrongOrgan,
)
from registry.life.states.lifecycle import Aspect, Case, Category, Effect, FileState, Organ, State, Wanted

LICENCE = Case(State.VALID, FileState.KEPT, Category.LICENCE, Organ.ISSUER)
MOVES = lifecycle.table().moves


def case(state, category=Category.LICENCE, organ=Organ.ISSUER):
    return Case(state, FileState.KEPT, category, organ)


class TestTable:
    """What lifecycle.toml says"""

    def test_every_state_is_named_and_reached(self):
        """Ten states with their legal names; each but those of the days of validity is where some move leads."""
        names = {code: zh for code, (zh, _) in lifecycle.table().states.items()}
        assert names == {
            "waiting": "未生效", "valid": "有效", "suspended": "暂扣", "expired": "过期", "replaced": "变更失效",
            "withdrawn": "撤回", "revoked": "撤销", "penalised": "吊销", "cancelled": "注销", "annulled": "作废",
        }  # fmt: skip
        reached = {move.becomes for move in MOVES.values() if move.aspect is Aspect.ACT} - {lifecycle.BEFORE}
        assert reached == set(names) - {"waiting", "expired"}

    @pytest.mark.parametrize("state", [state for state in State if state.over])
    def test_what_is_over_stays_over(self, state):
        """Only 注销 follows, for licences, out of 撤回 撤销 吊销; only a reconsideration or a judgment restores."""
        for category, organ in product(Category, Organ):
            found = {move.code for move in lifecycle.allowed(case(state, category, organ)) if move.aspect == "act"}
            after = {"cancel"} if state in {State.WITHDRAWN, State.REVOKED, State.PENALISED} else set()
            mine = after if (category, organ) == (Category.LICENCE, Organ.ISSUER) else set()
            assert found - {"rescind"} == mine | {"reinstate"}
        assert MOVES["reinstate"].reasons == ("reconsideration", "judgment")

    def test_expired_goes_on_to_cancelled(self):
        """An expired licence may be cancelled, or revoked for how it was obtained; it is not suspended or restored."""
        found = {move.code for move in lifecycle.allowed(case(State.EXPIRED))}
        assert found == {"cancel", "revoke", "rescind", "take-down-file"}

    @pytest.mark.parametrize(
        ("category", "moves"),
        [
            (Category.LICENCE, {"suspend", "withdraw", "revoke", "penalise", "cancel", "annul"}),
            (Category.LETTER, {"suspend", "withdraw", "revoke", "annul"}),
            (Category.PROOF, {"suspend", "revoke", "annul"}),
            (Category.REPORT, {"revoke", "annul"}),
        ],
    )
    def test_by_category(self, category, moves):
        """Only licences are revoked as a penalty or cancelled; a report is never suspended."""
        found = {move.code for move in lifecycle.allowed(case(State.VALID, category)) if move.aspect is Aspect.ACT}
        assert found - {"rescind"} == moves

    @pytest.mark.parametrize(
        ("name", "kind", "found"),
        [
            ("同意单体建筑竣工验收备案的函", "批文", Category.LETTER),
            ("应建防空地下室的民用建筑项目报建审批意见", "批文", Category.LICENCE),
            ("营业执照", "执照", Category.LICENCE),
            ("人民防空工程质量监督报告", "鉴定报告", Category.REPORT),
            ("无违法记录证明", "证明", Category.PROOF),
        ],
    )
    def test_category_of_a_type(self, name, kind, found):
        """A letter by its genre, the rest by the catalogue."""
        assert lifecycle.category(name, kind) is found


class TestDecide:
    """lifecycle.decide()"""

    def test_allowed(self):
        """State, category, organ, reason, time and document fit."""
        wanted = Wanted("suspend", "penalty", Effect.NOW, has_basis=True)
        assert lifecycle.decide(wanted, LICENCE).becomes == "suspended"

    @pytest.mark.parametrize(
        ("wanted", "here", "refusal"),
        [
            (Wanted("praise", "penalty", Effect.NOW, True), LICENCE, MoveUnknown),
            (Wanted("replace", "change", Effect.NOW, True), LICENCE, MoveUnknown),
            (Wanted("restore", "rectified", Effect.NOW, True), LICENCE, MoveNotAllowed),
            (Wanted("suspend", "penalty", Effect.NOW, True), case(State.REVOKED), MoveNotAllowed),
            (Wanted("restore", "rectified", Effect.NOW, True), case(State.REVOKED), MoveNotAllowed),
            (Wanted("penalise", "penalty", Effect.NOW, True), case(State.VALID, Category.LETTER), MoveNotForCategory),
            (Wanted("cancel", "holder-asked", Effect.NOW, True), case(State.VALID, organ=Organ.SUPERIOR), WrongOrgan),
            (Wanted("revoke", "penalty", Effect.NOW, True), LICENCE, ReasonRefused),
            (Wanted("cancel", "term-over", Effect.NOW, True), LICENCE, ReasonRefused),
            (Wanted("suspend", "penalty", Effect.ORIGIN, True), LICENCE, EffectRefused),
            (Wanted("revoke", "fraud", Effect.LATER, True), LICENCE, EffectRefused),
            (Wanted("suspend", "penalty", Effect.NOW, False), LICENCE, BasisMissing),
        ],
    )
    def test_refused_by_name(self, wanted, here, refusal):
        """Each thing that does not fit has its own refusal."""
        with pytest.raises(refusal):
            lifecycle.decide(wanted, here)

    def test_file_moves_leave_the_act_alone(self):
        """A file is taken down whatever the act's state, and needs no document."""
        wanted = Wanted("take-down-file", "illegible", Effect.NOW, has_basis=False)
        assert lifecycle.decide(wanted, case(State.REVOKED)).aspect is Aspect.FILE
