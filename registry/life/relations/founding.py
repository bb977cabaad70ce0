"""Ask whether a certificate may be issued, as far as its project is concerned, and write what it is about.

Order: asked when a draft is filed, and again in the intent's transaction, where subjects and relations are written
       with the certificate: an intent that is voided keeps its rows, and they count for nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from registry.directory.catalog.content import TypeContent
from registry.directory.findings import Finding
from registry.life.contents import Contents
from registry.life.errors import DemandsUnmet
from registry.life.relations import demands, facts, subjects, targets
from registry.store import once
from registry.store.database import Reading, Writing
from registry.store.envelopes import Keyring
from registry.store.tables.base import Row
from registry.store.tables.relations import CertificateRelation
from verification.statement import Statement


def findings(look: Reading, keyring: Keyring, content: TypeContent, given: Contents, *, at: datetime) -> list[Finding]:
    """Everything about its relations and its project that stands in the way of a draft."""
    rules, astray = content.definition.project, list(targets.findings(look, given.relations))
    if astray or rules is None or not rules.demands:
        return astray
    leaving, code = _leaving(given), content.definition.code
    known = facts.gather(look, keyring, rules, given.fields, type_code=code, leaving=leaving, at=at)
    return list(demands.findings(rules, given.fields, given.relations, known))


def require(tx: Writing, keyring: Keyring, content: TypeContent, given: Contents, *, at: datetime) -> Contents:
    """What a draft says with the relations that follow from its type's rules, or the refusal."""
    rules = content.definition.project
    if astray := tuple(targets.findings(tx, given.relations)):
        raise DemandsUnmet(astray)
    if rules is None or not rules.demands:
        return given
    fields, code = given.fields, content.definition.code
    known = facts.gather(tx, keyring, rules, fields, type_code=code, leaving=_leaving(given), at=at)
    if found := list(demands.findings(rules, fields, given.relations, known)):
        raise DemandsUnmet(tuple(found))
    return replace(given, relations=demands.merged(given.relations, demands.derived(rules, fields, known)))


def enter(tx: Writing, content: TypeContent, said: Statement) -> Sequence[Row]:
    """Write what a certificate is about, and its relations, as its statement tells them."""
    rows: list[Row] = [
        CertificateRelation(certificate=said.identifier, place=place, kind=one.kind, target_kind=one.target_kind,
                            target=one.target)
        for place, one in enumerate(said.relations)
    ]  # fmt: skip
    once.add_all(tx, rows)
    rules = content.definition.project
    return rows if rules is None else [*rows, *subjects.enter(tx, rules, said.identifier, said.fields)]


def _leaving(given: Contents) -> tuple[str, ...]:
    """The certificate whose place this one takes: it does not stand in its own way."""
    return () if given.replaces is None else (given.replaces.certificate,)
