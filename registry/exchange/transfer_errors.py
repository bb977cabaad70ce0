"""Name every refusal of materials and transfers."""

from registry.exchange.errors import ExchangeError


class MaterialRefused(ExchangeError):
    """What was sent is no material: empty, too large, of no known form, or its description is wrong (facts: reason)."""

    code = "material.refused"


class TransferRefused(ExchangeError):
    """A transfer cannot be dispatched so (facts: reason)."""

    code = "transfer.refused"


class ReceiverRefused(ExchangeError):
    """Nobody can take a transfer there: the sender itself, or an authority that has ended (facts: reason)."""

    code = "transfer.receiver_refused"


class TransferOver(ExchangeError):
    """The transfer stands where this cannot be done any more, or not yet (facts: state)."""

    code = "transfer.over"


class ItemGone(ExchangeError):
    """An item does not hold any more, so it is neither handed on nor taken (facts: place, state)."""

    code = "transfer.item_gone"


class ItemsUnclear(ExchangeError):
    """An answer names places that the transfer does not have, or one twice."""

    code = "transfer.items_unclear"


class OwnWordRefused(ExchangeError):
    """What was signed outside is not this party's own word of this transfer under its own key (facts: reason)."""

    code = "transfer.own_word_refused"


class UploadRefused(ExchangeError):
    """No upload can be so: its size, that of a piece, or too many are open at once (facts: reason)."""

    code = "upload.refused"


class UploadOutOfStep(ExchangeError):
    """The piece does not follow what came, or not all came yet (facts: received)."""

    code = "upload.out_of_step"


class ScannerSilent(ExchangeError):
    """The virus scanner that files are shown to does not answer, so nothing is kept (facts: reason)."""

    code = "material.scanner_silent"
