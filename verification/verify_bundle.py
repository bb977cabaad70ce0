"""Verify the evidence of a transfer by itself: what was handed over, what both parties said, and when.

    1 readable    3 every file is listed with its digest    6 the list is signed    8 time-stamped    9 by a hub that is
    trusted    10 the parties' own words hold, are about each other and about the files    15 both stand in the log

Order: the container is the hub's; what counts of the transfer are the words inside, each under its party's signature.
Trust: a bundle comes from anyone. What certificates in it are worth today it does not say: they are files like any.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from verification import containers, digests, handovers, jws, steps, trusted, verify_receipt
from verification.canonical import Json
from verification.containers import Container
from verification.errors import CheckFailed, CheckUnknown, Refusal, TokenRefused
from verification.pdf import cms, stamp
from verification.pdf.cms import Cms
from verification.receipt_kinds import OFFICE
from verification.receipts import Receipt
from verification.report import BUNDLE, BUNDLE_FILE, RECEIPT, Axis, Check, Facts, Outcome, Policy, Report, Step
from verification.steps import Steps
from verification.trust_list import TrustList
from verification.trusted import Trust
from verification.values import written

TAKEN = (Step.READABLE, Step.WHOLE, Step.SIGNED, Step.TIME, Step.SEALED, Step.STATEMENT, Step.LOG)
MANIFEST_NAME = "manifest"
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Words:
    """The manifest, the answers, what the log says of each; `own`: those signed by keys that no hub keeps, too."""

    manifest: Receipt
    answers: tuple[Receipt, ...]
    logs: tuple[Check, ...]
    own: tuple[str, ...]

    def facts(self) -> Facts:
        """What the report tells."""
        return {"transfer": str(self.manifest.content["id"]), "answers": len(self.answers), "own": len(self.own)}

    def claims(self) -> Mapping[str, Json]:
        """What they say."""
        answers = [dict(one.content) for one in self.answers]
        return {"manifest": dict(self.manifest.content), "answers": answers, "own": list(self.own)}


def verify_bundle(file: BinaryIO, *, trust: Trust, at: datetime, policy: Policy = BUNDLE) -> Report:
    """The report on a bundle; whatever is in it, there is one."""
    written(at)  # our caller's mistake, not the bundle's
    course = _Course(trust, at)
    try:
        checks = course.run(file)
    except Exception:
        checks = steps.unreadable(TAKEN)
    told = None if course.words is None else course.words.claims()
    file.seek(0)
    return Report(digests.sha256_of(file), at, policy, checks, subject=BUNDLE_FILE, receipt=told)


class _Course(Steps):
    """One bundle on its way through the checks."""

    def __init__(self, trust: Trust, at: datetime) -> None:
        super().__init__()
        self.words: Words | None = None
        self._trust, self._at = trust, at

    def run(self, file: BinaryIO) -> tuple[Check, ...]:
        """Every check, in order."""
        found = self.take(Step.READABLE, containers.opened, file)
        whole = self.take(Step.WHOLE, _whole, found)
        signed = self.take(Step.SIGNED, _sealed, whole)
        time = self.take(Step.TIME, self._time, signed)
        when = self._at if time is None else datetime.fromisoformat(str(time["at"]))
        self.take(Step.SEALED, lambda one: trusted.hub_seal(self._trust, one, (), at=when), signed)
        self.words = self.take(Step.STATEMENT, self._said, whole)
        self.take(Step.LOG, _logged, self.words)
        return self.all(TAKEN)

    def _time(self, signed: Cms) -> Facts:
        if signed.stamp is None:
            raise CheckUnknown(reason="not_stamped")
        stamped = stamp.read(signed.stamp, signed.signature)
        if stamped.at > self._at + SKEW:
            raise CheckFailed(reason="from_future", at=written(stamped.at))
        return {"at": written(stamped.at), "stamper": trusted.stamper(self._trust, stamped.token, (), at=stamped.at)}

    def _said(self, found: Container) -> Words:
        if not isinstance(self._trust, TrustList):
            raise CheckUnknown(reason="words_no_list")
        manifest, log = self._word(found, _name(MANIFEST_NAME), handovers.manifest)
        acts = [act for act in handovers.ACTS if _name(act) in found.files]
        answers = [self._word(found, _name(act), handovers.answer) for act in acts]
        for act, (one, _) in zip(acts, answers, strict=True):
            _require_about(one, manifest, act)
        _require_items(found, manifest)
        own = tuple(act for act in (MANIFEST_NAME, *acts) if self._own(found, act))
        _require_no_more(found, (MANIFEST_NAME, *acts))
        return Words(manifest, tuple(one for one, _ in answers), (log, *(check for _, check in answers)), own)

    def _word(self, found: Container, name: str, read: "handovers.Reader") -> tuple[Receipt, Check]:
        """A word whose signature holds, and how it stands in the log."""
        text = found.files.get(name, b"").decode("ascii", errors="replace")
        proof = found.files.get(name.replace("words/", "proofs/").replace(".jws", ".json"))
        report = verify_receipt.verify_receipt(text, trust=self._trust, evidence=proof, at=self._at)
        signed = all(report.axis(axis) is Outcome.PASSED for axis in RECEIPT.required)
        if not signed or report.axis(Axis.TIME) is Outcome.FAILED:
            raise CheckFailed(reason="word_refused", word=name)
        try:
            return read(jws.unverified_payload(text, limit=handovers.LIMIT)), report.check(Step.LOG)
        except Refusal:
            raise CheckFailed(reason="word_refused", word=name) from None

    def _own(self, found: Container, act: str) -> bool:
        """Whether a party signed the same word with a key of its own; an unlisted one counts nothing."""
        name, word = f"own/{act}.jws", found.files[_name(act)].decode("ascii")
        if name not in found.files:
            return False
        text = found.files[name].decode("ascii", errors="replace")
        try:
            said = [jws.unverified_payload(one, limit=handovers.LIMIT) for one in (text, word)]
        except TokenRefused:
            said = []
        report = verify_receipt.verify_receipt(text, trust=self._trust, at=self._at)
        if len(set(said)) != 1 or report.check(Step.SIGNED).outcome is Outcome.FAILED:
            raise CheckFailed(reason="word_refused", word=name)
        usable = report.check(Step.SEALED).outcome is Outcome.PASSED
        return usable and report.check(Step.SIGNED).evidence.get("held_by") == OFFICE


def _whole(found: Container) -> Container:
    if containers.list_of(found.named) != found.listed:
        raise CheckFailed(reason="files_differ")
    return found


def _sealed(found: Container) -> Cms:
    signed = cms.read(found.signature)
    return signed.require_digest(hashlib.new(signed.digest_algorithm, found.listed).digest()).require_signature()


def _name(act: str) -> str:
    return f"words/{act}.jws"


def _require_about(answer: Receipt, manifest: Receipt, act: str) -> None:
    """An answer is to this manifest, of the act its file is named after, by the party whose act that is."""
    if answer.content["manifest"] != manifest.digest:
        raise CheckFailed(reason="other_manifest")
    party = manifest.content["sender" if act == handovers.WITHDRAWN else "receiver"]
    if answer.content["act"] != act or _code(answer.content["by"]) != _code(party):
        raise CheckFailed(reason="other_party", word=_name(act))


def _code(party: Json) -> Json:
    return cast("Mapping[str, Json]", party)["code"]


def _require_no_more(found: Container, acts: Sequence[str]) -> None:
    """A second signature stands beside a word, and nowhere else."""
    for name in found.named:
        if name.startswith("own/") and name not in {f"own/{act}.jws" for act in acts}:
            raise CheckFailed(reason="word_refused", word=name)


def _require_items(found: Container, manifest: Receipt) -> None:
    """Every file among the items is one of the manifest; which of them travel along the parties decide."""
    items = cast("list[Mapping[str, Json]]", manifest.content["items"])
    known = {str(one["document"]) for one in items}
    for name, digest in found.named.items():
        if name.startswith("items/") and digest not in known:
            raise CheckFailed(reason="foreign_item", word=name)


def _logged(words: Words) -> Facts:
    for check in words.logs:
        if check.outcome is Outcome.FAILED:
            raise CheckFailed(reason=check.reason, **check.evidence)
    for check in words.logs:
        if check.outcome is Outcome.UNKNOWN:
            raise CheckUnknown(reason=check.reason, **check.evidence)
    return words.logs[0].evidence
