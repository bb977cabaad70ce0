"""Name every refusal in the later life of a certificate: moves, motions, replacements."""

from registry.life.errors import LifeError


class StatusRefused(LifeError):
    """The certificate is not moved."""

    code = "status.error"


class MoveUnknown(StatusRefused):
    """There is no such move, or it happens with an issue only (facts: move, expected)."""

    code = "status.move_unknown"


class MoveNotAllowed(StatusRefused):
    """The table has no such move out of this state (facts: move, called, state, named, expected)."""

    code = "status.move_not_allowed"


class MoveNotForCategory(StatusRefused):
    """Acts of this kind are not moved so (facts: move, category)."""

    code = "status.move_not_for_category"


class WrongOrgan(StatusRefused):
    """This move is another organ's to make (facts: move, organ, expected)."""

    code = "status.wrong_organ"


class ReasonRefused(StatusRefused):
    """The move is not made for this reason, or not out of this state (facts: move, state, expected)."""

    code = "status.reason_refused"


class BasisMissing(StatusRefused):
    """The document that the move rests on is not named (facts: move)."""

    code = "status.basis_missing"


class BasisFromFuture(StatusRefused):
    """The document bears a day that has not come (facts: day)."""

    code = "status.basis_from_future"


class EffectRefused(StatusRefused):
    """The move does not count from then: now, later, or from the beginning (facts: move, effect, expected)."""

    code = "status.effect_refused"


class EffectTooEarly(StatusRefused):
    """The move would count before what it follows: the last act, its own document, the issue (facts: not_before)."""

    code = "status.effect_too_early"


class MovedMeanwhile(StatusRefused):
    """Somebody else moved the certificate first (facts: move, state, sequence, authority, at)."""

    code = "status.moved_meanwhile"


class NotIssued(StatusRefused):
    """The certificate is not finished, or never was (facts: identifier, state)."""

    code = "status.not_issued"


class SuccessorStands(StatusRefused):
    """What took or will take its place still stands: act on that first (facts: successor, state)."""

    code = "status.successor_stands"


class NothingOrdered(StatusRefused):
    """Nothing is ordered for later that could be taken back."""

    code = "status.nothing_ordered"


class MotionOpen(StatusRefused):
    """The same move waits for a second officer already (facts: motion)."""

    code = "motion.open"


class MotionDecided(StatusRefused):
    """The motion was decided on before (facts: motion, state)."""

    code = "motion.decided"


class OwnMotion(StatusRefused):
    """Who proposed a move does not confirm it (facts: motion)."""

    code = "motion.own"


class ForeignStateUnclear(StatusRefused):
    """Another platform's code does not say which state this is (facts: vocabulary, code)."""

    code = "status.foreign_unclear"


class FileTakenDown(StatusRefused):
    """The certificate's file was taken down; the legal act is another thing (facts: identifier)."""

    code = "certificate.file_taken_down"


class OtherType(StatusRefused):
    """A certificate is replaced by one of its own type (facts: type)."""

    code = "replacement.other_type"


class BeingReplaced(StatusRefused):
    """Another one is taking the certificate's place already (facts: identifier, successor)."""

    code = "replacement.under_way"


class NothingDiffers(StatusRefused):
    """A change or a correction that changes nothing, a renewal that ends no later (facts: kind)."""

    code = "replacement.nothing_differs"


class ReplacementDiffers(StatusRefused):
    """A reissue or a renewal says something else than the old one (facts: kind, place)."""

    code = "replacement.differs"


class PredecessorMoved(StatusRefused):
    """What was to be replaced was moved meanwhile, so the new one is void (facts: identifier, reason)."""

    code = "replacement.predecessor_moved"
