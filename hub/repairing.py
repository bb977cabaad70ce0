"""Repair what a crash left: finish the certificates that were begun, and say of each what became of it.

Out:   one finding per intent: finished (sound), voided or still lying, with the reason (doubtful)
"""

from hub.examination import Finding, State
from hub.founding import open_hub
from hub.settings import Settings
from registry.life import issuance, left_lying
from registry.life.issuance import Resumed

BY = "doctor"


def repair(settings: Settings) -> list[Finding]:
    """Take up every intent that nobody works on."""
    with open_hub(settings) as parts:
        if left_lying.count(parts.db, at=parts.now()).count == 0:
            return []
        done = issuance.resume(parts.db, parts.documents, parts.press, by=BY, at=parts.now())
    return [_finding(one) for one in done]


def _finding(one: Resumed) -> Finding:
    state = State.SOUND if one.state == "valid" else State.DOUBTFUL
    return Finding(f"intent {one.identifier}", state, " ".join(filter(None, (one.state, one.refusal))))
