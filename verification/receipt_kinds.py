"""Tell the kinds of signed receipts apart: whose word each is, and which entry of the log speaks of its act.

    retrieval-receipt/1    the hub's own key; `retrieved`
    transfer-manifest/1    a key of the sender, or the hub's for it; `transfer-dispatched`
    transfer-answer/1      a key of who answers, or the hub's for it; `transfer-received` …

Trust: the report says by whom the key is kept. `office`: by the party itself, outside; `seal`: the party's seal, which
       lies in the hub; `hub`: the hub's own, for who has no seal there. The last two prove nothing against that hub.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from verification import canonical, handovers, receipts
from verification.canonical import Json
from verification.errors import UnknownFormat
from verification.receipts import Receipt
from verification.report import HANDOVER_TEXT, RECEIPT_TEXT
from verification.trust_list import ListedKey, TrustList

LIMIT = max(receipts.LIMIT, handovers.LIMIT)
OFFICE, SEAL, HUB = "office", "seal", "hub"


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
        """The keys that may have signed, and how each is kept."""
        named = self.party(found)
        listed = None if named is None else trust.authority(str(cast("Mapping[str, Json]", named)["code"]))
        if listed is not None:
            yield from ((key, OFFICE) for key in listed.own_keys)
            yield from ((key, SEAL) for key in listed.seals)
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


def of(payload: bytes, kinds: Sequence[ReceiptKind] = KINDS) -> ReceiptKind:
    """The kind that a payload says it is, among some."""
    value = canonical.decode(payload, limit=LIMIT)
    form = value.get("format") if isinstance(value, Mapping) else None
    for kind in kinds:
        if kind.form == form:
            return kind
    raise UnknownFormat(path="$.format", expected=" | ".join(kind.form for kind in kinds))
