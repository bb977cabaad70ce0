"""Verify a sealed PDF: a numbered list of checks, and an answer that is a report whatever comes in.

 1 readable    2–7 intact: one signature, over the whole file, in PAdES form, bytes unchanged, signed, certified
 8 time of sealing proven    9 sealed by a trusted key at that time    10–11 statement inside, and what the page says
12 the seal is the named authority's    13 entitled to the type    14 as registered    15 in the log
16 holds now    17 that state seen lately

Each step adds exactly one check; a step that stands on one that did not pass is UNKNOWN (`not_reached`).
Order: the page's text is read only of a file whose signature holds, a trusted seal's or not.
Trust: nothing is fetched; a file's own words are believed only as far as the steps above them carry.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from verification import agreement, certificates, digests, logged, renewed, statement, steps, trusted, verify_copy
from verification.copies import Copy
from verification.errors import CheckFailed, CheckUnknown, DerRefused, Refusal
from verification.evidence import NOTHING, Evidence, Hearing, Witness, hearing, silent
from verification.pdf import byte_range, cms, face, opened, renewal, security_store, stamp, validation_data
from verification.pdf.byte_range import Place
from verification.pdf.cms import Cms
from verification.pdf.opened import Opened
from verification.pdf.renewal import Renewal
from verification.pdf.security_store import Store
from verification.report import COPY, COPY_TEXT, NO_FACTS, OFFLINE, Check, Facts, Policy, Report, Step
from verification.statement import Statement
from verification.steps import Steps
from verification.trusted import Trust
from verification.values import written

FILE = "statement.json"
SUB_FILTER = "ETSI.CAdES.detached"
SKEW = timedelta(minutes=5)  # how far two honest clocks may stand apart
_NO_COPY: Copy | None = None
NO_CHANGES = 1  # ISO 32000-2 table 257: P 1


def verify(
    document: bytes,
    *,
    trust: Trust,
    evidence: Evidence = NOTHING,
    witness: Witness = silent,
    at: datetime,
    policy: Policy = OFFLINE,
) -> Report:
    """The report on a document; bytes that no reader can make sense of get one, too.

    `witness` is asked about the identifier that the file claims, if `evidence` says nothing of a registration.
    """
    name = digests.sha256(document)
    written(at)  # our caller's mistake, not the document's
    course = _Course(document, name, trust, hearing(evidence, witness), at)
    try:
        checks = course.run()
    except Exception:
        checks = steps.unreadable()
    if course.copied:
        told = None if course.copy is None else course.copy.claims()
        return Report(name, at, COPY, checks, subject=COPY_TEXT, annotated=told)
    return Report(name, at, policy, checks, course.claimed)


@dataclass(frozen=True, slots=True)
class Read:
    """The statement inside a file."""

    statement: Statement
    digest: str

    def facts(self) -> Facts:
        """What the report tells."""
        return {"identifier": self.statement.identifier, "digest": self.digest}


@dataclass(frozen=True, slots=True)
class Whole:
    """A file divided: what the seal must cover to its end, its validation data, and an archive's renewals."""

    sealed: bytes
    place: Place
    store: Store | None
    renewals: tuple[Renewal, ...]

    def facts(self) -> Facts:
        """What the report tells."""
        renewed = {"renewals": len(self.renewals)} if self.renewals else {}
        return {**self.place.facts(), "validation_data": 0 if self.store is None else 1, **renewed}

    def tokens(self, seal: Cms) -> tuple[bytes | None, ...]:
        """Every time-stamp of the file, the oldest first."""
        return seal.stamp, *(one.token for one in self.renewals)

    def held(self) -> Store:
        """All validation data of the file."""
        stores = (self.store or Store(), *(one.added for one in self.renewals))
        return Store(*(sum(groups, ()) for groups in zip(*(one.groups for one in stores), strict=True)))


@dataclass(frozen=True, slots=True)
class Certified:
    """A seal that holds, and the certificates that stand behind it as validation data."""

    seal: Cms
    stored: certificates.Path


@dataclass(frozen=True, slots=True)
class Proven:
    """The time before which the seal was made."""

    at: datetime
    stamper: str

    def facts(self) -> Facts:
        """What the report tells."""
        return {"at": written(self.at), "stamper": self.stamper}


class _Course(Steps):
    """One document on its way through the checks."""

    def __init__(self, document: bytes, name: str, trust: Trust, hear: Hearing, at: datetime) -> None:
        super().__init__()
        self.claimed: Statement | None = None
        self.copied, self.copy = False, _NO_COPY
        self._document, self._name, self._trust, self._hear, self._at = document, name, trust, hear, at
        self._issued = document  # without what an archive added
        self._renewals: tuple[Renewal, ...] = ()

    def run(self) -> tuple[Check, ...]:
        """Every check, in order."""
        found = self.take(Step.READABLE, opened.open_file, self._document)
        signed = self._intact(found)
        self.copied = found is not None and verify_copy.carried(found)
        sealed = self._sealed(signed)
        if found is not None and self.copied:
            checks, self.copy = verify_copy.finish(
                self, self._document, found, sealed, trust=self._trust, hear=self._hear, at=self._at
            )
            return checks
        read = self.take(Step.STATEMENT, _statement, found)
        self.take(Step.PAGE, self._page, read, signed)
        self._agree(read, sealed)
        return self.all()

    def _intact(self, found: Opened | None) -> Certified | None:
        place = self.take(Step.SINGLE, self._single, found)
        whole = self.take(Step.WHOLE, self._whole, place)
        seal = self.take(Step.FORM, self._form, whole, found)
        same = self.take(Step.UNCHANGED, self._unchanged, seal, whole)
        signed = self.take(Step.SIGNED, Cms.require_signature, same)
        return self.take(Step.CERTIFIED, self._certified, signed, whole, found)

    def _sealed(self, signed: Certified | None) -> trusted.Owner | None:
        proven = self.take(Step.TIME, self._time, signed)
        when = self._at if proven is None else proven.at  # unproven: only what is trusted today counts
        whose = trusted.hub_seal if self.copied else trusted.seal
        return self.take(Step.SEALED, lambda one: whose(self._trust, one.seal, one.stored, at=when), signed)

    def _agree(self, read: Read | None, sealed: trusted.Owner | None) -> None:
        claimed = self.claimed = None if read is None else read.statement
        digest = None if read is None else read.digest
        told = self._hear(None if claimed is None else claimed.identifier)
        self.take(Step.OWNER, lambda one, by: agreement.owner(one, by, self._trust), claimed, sealed)
        self.take(Step.ENTITLED, lambda one, _: agreement.entitled(one, self._trust), claimed, sealed)
        issued = digests.sha256(self._issued) if self._renewals else self._name
        self.take(Step.REGISTER, lambda: agreement.registered(digest, issued, told.registered))
        self.take(Step.LOG, lambda one: logged.judge(one, told.log, self._trust), digest)
        days = None if claimed is None else agreement.days(claimed.validity, told.registered)
        self.take(Step.STATUS, lambda one: agreement.holds(one, told.state, at=self._at), days)
        self.take(Step.FRESH, lambda: agreement.fresh(told.state, at=self._at))

    def _single(self, found: Opened) -> Place:
        end, self._renewals = renewal.divided(self._document)
        self._issued = self._document[:end]
        place = byte_range.only(self._issued)
        expected = [place.numbers, *(one.place.numbers for one in self._renewals)]
        if [one.byte_range for one in found.signatures] != expected:
            raise CheckFailed(reason="reader_disagrees")
        return place

    def _whole(self, place: Place) -> Whole:
        end, store = security_store.apparent(self._issued)
        if end != place.end:
            end, store = len(self._issued), None
        sealed = self._issued[:end]
        return Whole(sealed, byte_range.require_whole(sealed, place), store, self._renewals)

    def _form(self, whole: Whole, found: Opened) -> Cms:
        if found.signatures[0].sub_filter != SUB_FILTER:
            raise CheckFailed(reason="other_sub_filter")
        try:
            held = byte_range.contents(whole.sealed, whole.place)
        except DerRefused:
            raise CheckFailed(reason="structure") from None
        if not found.signatures[0].contents.startswith(held):
            raise CheckFailed(reason="structure")
        return cms.read(held)

    def _unchanged(self, seal: Cms, whole: Whole) -> Cms:
        return seal.require_digest(whole.place.digest(whole.sealed, seal.digest_algorithm))

    def _certified(self, seal: Cms, whole: Whole, found: Opened) -> Certified:
        if found.signatures[0].permission != NO_CHANGES:
            raise CheckFailed(reason="not_certified")
        byte_range.require_certified(whole.sealed, whole.place)
        if whole.store is not None and security_store.divided(self._issued) != (len(whole.sealed), whole.store):
            raise CheckFailed(reason="foreign_store")
        leaves = (seal.signer, *(one for token in whole.tokens(seal) for one in stamp.carried(token)))
        stored = validation_data.require_own(whole.held(), leaves, trusted.known(self._trust))
        renewed.require(self._document, whole.renewals, stored, self._trust, until=self._at + SKEW)
        return Certified(seal, stored)

    def _time(self, signed: Certified) -> Proven:
        seal = signed.seal
        if seal.stamp is None:
            raise CheckUnknown(reason="not_stamped")
        stamped = stamp.read(seal.stamp, seal.signature)
        if stamped.at > self._at + SKEW:
            raise CheckFailed(reason="from_future", at=written(stamped.at))
        try:
            return Proven(stamped.at, trusted.stamper(self._trust, stamped.token, signed.stored, at=stamped.at))
        except CheckFailed as refused:
            if refused.facts["reason"] == "stray_certificate":
                raise CheckFailed(reason="stamp_broken") from None
            raise CheckUnknown(reason="unknown_stamper", at=written(stamped.at)) from None

    def _page(self, read: Read, _signed: Certified) -> Facts:
        absent = face.missing(read.statement.face, opened.page_texts(self._document))
        if absent:
            raise CheckFailed(reason="differs", field=absent[0], missing=len(absent))
        return NO_FACTS


def _statement(found: Opened) -> Read:
    held = [content for name, content in found.attachments if name == FILE]
    if not held:
        raise CheckFailed(reason="none")
    if len(held) > 1:
        raise CheckFailed(reason="several", found=len(held))
    try:
        return Read(statement.from_bytes(held[0]), digests.sha256(held[0]))  # canonical: these are the bytes
    except Refusal:
        raise CheckFailed(reason="unreadable") from None
