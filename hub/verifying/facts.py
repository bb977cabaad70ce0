"""Answer facts without a document: a report that says they agree and where the certificate stands, or that they do not.

In:    an identifier, named facts, the network they come from
Out:   a report; of one that does not agree, of an unknown identifier and of another's, the same one

Order: an answer leaves no sooner than a fixed time after its question, so its time tells no more than its words.
"""

import json
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.life import matching
from registry.store.database import Database
from registry.store.envelopes import Keyring
from verification import agreement, digests
from verification.evidence import Evidence
from verification.report import FACTS_ALONE, FACTS_POLICY, Report, Step
from verification.steps import Steps, fail

PACE = 0.06  # seconds from question to answer
TAKEN = (Step.REGISTER, Step.STATUS, Step.FRESH)


def judge(
    db: Database,
    keyring: Keyring,
    identifier: str,
    facts: Mapping[str, str | int],
    *,
    remote: str | None,
    at: datetime,
) -> dict[str, Any]:
    """The report on some facts."""
    until = time.monotonic() + PACE
    told = matching.ask(db, keyring, identifier, facts, remote=remote, at=at)
    said = json.dumps([identifier, dict(facts)], ensure_ascii=False, sort_keys=True).encode()
    report = Report(digests.sha256(said), at, FACTS_POLICY, _checks(told, at), subject=FACTS_ALONE).plain()
    time.sleep(max(0.0, until - time.monotonic()))
    return report


def _checks(told: Evidence | None, at: datetime) -> Any:  # noqa: ANN401 - a tuple of checks
    steps = Steps()
    if told is None or told.registered is None or told.registered.validity is None:
        steps.take(Step.REGISTER, fail, "no_match")
        return steps.all(TAKEN)
    days = told.registered.validity
    steps.take(Step.REGISTER, lambda: {})
    steps.take(Step.STATUS, lambda: agreement.holds(days, told.state, at=at))
    steps.take(Step.FRESH, lambda: agreement.fresh(told.state, at=at))
    return steps.all(TAKEN)
