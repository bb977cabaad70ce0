"""Judge whether the log knows a certificate's issue: a proof beside the document, the log's keys from the trust list.

In:    the statement's digest, a proof file or nothing, who is trusted
Out:   facts for the report, or the reason why the check failed or cannot be made

Trust: the entry inside the proof must itself say that this statement was issued; any other true entry proves nothing.
"""

from verification import inclusion, notes
from verification.errors import CheckFailed, CheckUnknown, Refusal
from verification.inclusion import Logged
from verification.notes import NoteKey
from verification.report import Facts
from verification.trust_list import TrustList
from verification.trusted import Trust
from verification.values import written

ISSUED = "issued"


def judge(digest: str, proof: bytes | None, trust: Trust) -> Facts:
    """The issue of exactly this statement stands in a log that is trusted."""
    if proof is None:
        raise CheckUnknown(reason="not_asked")
    if not isinstance(trust, TrustList):
        raise CheckUnknown(reason="no_list")
    found = _checked(proof, keys(trust))
    entry = found.entry
    if entry is None or entry.event != ISSUED or entry.facts.get("statement") != digest:
        raise CheckFailed(reason="other_entry")
    tree = found.checkpoint.tree
    return {"origin": tree.origin, "index": found.index, "size": tree.size, "at": written(entry.at)}


def keys(trust: TrustList) -> tuple[NoteKey, ...]:
    """The keys of the logs that a trust list names."""
    found = (notes.log_key(listed.origin, listed.public_key) for listed in trust.log_keys)
    return tuple(key for key in found if key is not None)


def _checked(proof: bytes, known: tuple[NoteKey, ...]) -> Logged:
    try:
        return inclusion.check(proof, known)
    except Refusal as refused:
        if refused.facts.get("reason") == "unknown-log":
            raise CheckUnknown(reason="unknown_log") from None
        raise CheckFailed(reason="broken", told=refused.code) from None
