"""Judge an annotated copy (加注件): sealed by the hub, of which certificate, for whom, until when, and how that stands.

    1–9 as for any sealed file, by a key of the hub    10–11 what the copy says of itself, and what its page says
    12 the hub's own seal    16 the original holds now, while the copy may be used    17 that state seen lately

Order: past its last day a copy is authentic evidence of past use: it is never called invalid, and the original's state
       is not asked any more.
Trust: the copy's word on its original is the hub's; nobody sees the original in it.
"""

from collections.abc import Sequence
from datetime import datetime

from verification import agreement, copies
from verification.copies import Copy
from verification.errors import CheckFailed, CheckUnknown, Refusal
from verification.evidence import Hearing, StateSeen
from verification.legal_dates import Validity, legal_date
from verification.pdf import face, opened
from verification.pdf.opened import Opened
from verification.report import NO_FACTS, Check, Facts, Step
from verification.steps import Steps
from verification.trusted import Owner, Roots, Trust

TAKEN = tuple(step for step in Step if step not in {Step.ENTITLED, Step.REGISTER, Step.LOG})


def carried(found: Opened) -> bool:
    """Whether a file says that it is a copy; one with a statement is judged as what that says."""
    names = [name for name, _ in found.attachments]
    return copies.FILE in names and "statement.json" not in names


def finish(
    steps: Steps, document: bytes, found: Opened, owner: Owner | None, *, trust: Trust, hear: Hearing, at: datetime
) -> tuple[tuple[Check, ...], Copy | None]:
    """The checks after the seal's, and what the copy says."""
    read = steps.take(Step.STATEMENT, _read, found.attachments)
    steps.take(Step.PAGE, lambda one, _: _page(one, document), read, owner)
    steps.take(Step.OWNER, lambda one: _own(one, trust), owner)
    told = hear(None if read is None else read.of)
    days = None if read is None else agreement.days(Validity(None, None), told.registered)
    over = read is not None and legal_date(at) > read.until
    steps.take(Step.STATUS, lambda one, held: _holds(one, held, told.state, at=at), read, days)
    steps.take(Step.FRESH, lambda: _over() if over else agreement.fresh(told.state, at=at))
    return steps.all(TAKEN), read


def _read(attachments: Sequence[tuple[str, bytes]]) -> Copy:
    held = [content for name, content in attachments if name == copies.FILE]
    if len(held) > 1:
        raise CheckFailed(reason="several", found=len(held))
    try:
        return copies.from_bytes(held[0])
    except Refusal:
        raise CheckFailed(reason="unreadable") from None


def _page(read: Copy, document: bytes) -> Facts:
    absent = face.missing(read.face, opened.page_texts(document))
    if absent:
        raise CheckFailed(reason="differs", field=absent[0], missing=len(absent))
    return NO_FACTS


def _own(owner: Owner, trust: Trust) -> Facts:
    if isinstance(trust, Roots):
        raise CheckUnknown(reason="no_list")
    return {"hub": owner.certificate}


def _holds(read: Copy, days: Validity, seen: StateSeen | None, *, at: datetime) -> Facts:
    if legal_date(at) > read.until:
        raise CheckUnknown(reason="use_over", last=read.until.isoformat())
    return agreement.holds(days, seen, at=at)


def _over() -> Facts:
    raise CheckUnknown(reason="not_asked")
