"""Judge what a statement claims against the trust list, the register and the state that was seen.

In:    a statement whose document was checked, the owner of its seal, evidence, the time that is judged
Out:   facts for the report, or the reason why a check failed or cannot be made

Trust: unknown is not a yes, and unreachable is not a no.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from verification.errors import CheckFailed, CheckUnknown
from verification.evidence import Registered, State, StateSeen
from verification.legal_dates import Validity, legal_date
from verification.report import NO_FACTS, Facts
from verification.statement import Statement
from verification.trust_list import TrustList
from verification.trusted import Owner, Roots, Trust
from verification.values import written

_STATES = {State.REVOKED: "ended", State.SUSPENDED: "suspended", State.SUPERSEDED: "replaced"}
NAMED = frozenset({"suspended", "replaced", "withdrawn", "revoked", "penalised", "cancelled", "annulled"})


def owner(statement: Statement, owner: Owner, trust: Trust) -> Facts:
    """The seal is that of the body the statement says, and whoever it names was called so on its day."""
    body = statement.seal_owner or statement.issuer
    if owner.code is None:
        raise CheckUnknown(reason="unnamed")
    if owner.code != body.code:
        raise CheckFailed(reason="other_authority", authority=owner.code, expected=body.code)
    if isinstance(trust, TrustList):
        _require_names(statement, trust)
    return {"authority": body.code} | _now(trust, body.code, body.name)


def _now(trust: Trust, code: str, then: str) -> dict[str, str]:
    """What the authority is called by now, and who took over its tasks."""
    found = trust.authority(code) if isinstance(trust, TrustList) else None
    if found is None:
        return {}
    last = found.names[-1].text if found.names else then
    renamed = {} if then in (last, *(plate.text for plate in found.nameplates)) else {"name_now": last}
    return renamed | ({"successor": found.successors[-1].code} if found.successors else {})


def _require_names(statement: Statement, trust: TrustList) -> None:
    """A certificate is issued under a name or a name-plate of its day; the others bear their own names."""
    issuer = statement.issuer
    for body in (issuer, statement.decider or issuer, statement.seal_owner or issuer):
        entry = trust.entry_on(body.code, statement.issued)
        if entry is None:
            raise CheckFailed(reason="unlisted", authority=body.code)
        if not (entry.issues_as(body.name) if body == issuer else entry.name == body.name):
            raise CheckFailed(reason="other_name", authority=body.code)


def entitled(statement: Statement, trust: Trust) -> Facts:
    """The body that decided might issue this type on that day, in its own name or in the issuer's."""
    actor = statement.decider or statement.issuer
    principal = None if actor.code == statement.issuer.code else statement.issuer.code
    return may_issue(actor.code, statement.type, statement.issued, trust, in_name_of=(principal,))


def may_issue(
    authority: str, type_version: str, day: date, trust: Trust, *, in_name_of: Collection[str | None] | None = None
) -> Facts:
    """An authority might issue a type on a day; in whose name, if that is known."""
    if isinstance(trust, Roots):
        raise CheckUnknown(reason="no_list")
    type_code = type_version.partition("@")[0]
    entry = trust.entry_on(authority, day)
    if entry is None:
        raise CheckFailed(reason="unlisted", authority=authority)
    given = [one for one in entry.may_issue if in_name_of is None or one.in_name_of in in_name_of]
    if any(one.covers(type_code, region=entry.region) for one in given):
        return {"authority": authority, "type": type_code}
    if any(replace(one, region=None, grade=None).covers(type_code) for one in given):
        raise CheckUnknown(reason="partly", authority=authority, type=type_code)  # a statement names no region
    raise CheckFailed(reason="not_entitled", authority=authority, type=type_code)


def registered(digest: str | None, document: str, found: Registered | None) -> Facts:
    """The register issued these bytes, for this statement."""
    if found is None:
        raise CheckUnknown(reason="not_asked")
    if found.statement is None:
        raise CheckFailed(reason="not_issued")
    named = {} if found.identifier is None else {"identifier": found.identifier}
    if digest not in (None, found.statement):
        raise CheckFailed(reason="other_statement", **named)
    if document not in found.documents:
        raise CheckFailed(reason="other_file", **named)
    later = {} if found.consolidated_by is None else {"consolidated_by": found.consolidated_by}
    return {"document": document, **later}


def days(claimed: Validity, found: Registered | None) -> Validity:
    """The days on which the certificate holds: as registered, where the register has it; else as the file says."""
    return claimed if found is None or found.validity is None else found.validity


def holds(validity: Validity, seen: StateSeen | None, *, at: datetime) -> Facts:
    """The certificate holds at the time: within its days, and not taken back as far as was seen."""
    day = legal_date(at)
    if validity.waits_on(day):
        raise CheckFailed(reason="not_begun", first=str(validity.first))
    if validity.over_on(day):
        raise CheckFailed(reason="over", last=str(validity.last))
    if seen is None:
        raise CheckUnknown(reason="not_asked")
    if seen.state is not State.VALID:
        raise CheckFailed(reason=seen.named if seen.named in NAMED else _STATES[seen.state], **_about(seen))
    return NO_FACTS


def _about(seen: StateSeen) -> dict[str, str]:
    since = {} if seen.since is None else {"since": str(legal_date(seen.since))}
    return since | ({} if seen.successor is None else {"successor": seen.successor})


def fresh(seen: StateSeen | None, *, at: datetime) -> Facts:
    """The state was seen lately enough to rely on."""
    if seen is None:
        raise CheckUnknown(reason="not_asked")
    told: Facts = {"seconds": int(seen.age(at).total_seconds()), "at": written(seen.seen_at)}
    if seen.good_until is not None and at >= seen.good_until:
        raise CheckUnknown(reason="stale", **told)
    return told
