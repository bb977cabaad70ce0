"""Tell the kinds of signed receipts apart: whose word each is, and which entry of the log speaks of its act.

    retrieval-receipt/1    the hub's own key; `retrieved`
    transfer-manifest/1    the sender's seal, or the hub's key for it; `transfer-dispatched`
    transfer-answer/1      the seal of who answers, or the hub's key for it; `transfer-received` …

Trust: a hub's key speaks for a party that has no seal there, and the report says so: such a word proves nothing
       against that hub.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from verification import canonical, handovers, receipts
from verification.canonical import Json
from verification.errors import UnknownFormat
from verification.receipts import Receipt
from verification.report import HANDOVER_TEXT, RECEIPT_TEXT
from verification.trust_list import ListedKey, TrustList

LIMIT = max(receipts.LIMIT, handovers.LIMIT)
OFFICE, HUB = "office", "hub"


@dataclass(frozen=True, slots=True)
class ReceiptKind:
    """One kind: its format and the type of its token, who may sign it, what the log calls its act."""

    form: str
    typ: str
    subject: str
    read: Callable[[bytes], Receipt]
    party: Callable[[Receipt], Json]  # whose seal may sign it; None: the hub's own key alone
    event: Callable[[Receipt], str]
    fact: str

    def keys(self, trust: TrustList, found: Receipt) -> Iterator[tuple[ListedKey, str]]:
        """The keys that may have signed, and by whom each is held."""
        named = self.party(found)
        listed = None if named is None else trust.authority(str(cast("Mapping[str, Json]", named)["code"]))
        yield from ((key, OFFICE) for key in (() if listed is None else listed.seals))
        yield from ((key, HUB) for key in trust.status_keys)


RETRIEVAL = ReceiptKind(
    receipts.FORMAT, receipts.TYPE, RECEIPT_TEXT, receipts.from_bytes,
    party=lambda _: None, event=lambda _: "retrieved", fact="receipt",
)  # fmt: skip
MANIFEST = ReceiptKind(
    handovers.MANIFEST, handovers.MANIFEST_TYPE, HANDOVER_TEXT, handovers.manifest,
    party=lambda found: found.content["sender"], event=lambda _: "transfer-dispatched", fact="manifest",
)  # fmt: skip
ANSWER = ReceiptKind(
    handovers.ANSWER, handovers.ANSWER_TYPE, HANDOVER_TEXT, handovers.answer,
    party=lambda found: found.content["by"], event=lambda found: f"transfer-{found.content['act']}", fact="answer",
)  # fmt: skip
KINDS = (RETRIEVAL, MANIFEST, ANSWER)


def of(payload: bytes) -> ReceiptKind:
    """The kind that a payload says it is."""
    value = canonical.decode(payload, limit=LIMIT)
    form = value.get("format") if isinstance(value, Mapping) else None
    for kind in KINDS:
        if kind.form == form:
            return kind
    raise UnknownFormat(path="$.format", expected=" | ".join(kind.form for kind in KINDS))
