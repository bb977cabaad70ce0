"""Build what looks certificates up, with the budgets of the settings and the hub's own key for receipts."""

from datetime import timedelta

from hub import key_places
from hub.settings import Settings
from registry.exchange.retrieval import Limits, LookUps
from registry.store.documents import Documents


def build(settings: Settings, documents: Documents) -> LookUps:
    """The look-ups of a worker."""
    limits = Limits(
        live=timedelta(minutes=settings.live_minutes),
        uses=settings.use_budget,
        misses=settings.miss_budget,
        guesses=settings.guess_budget,
        per_minute=settings.look_up_budget,
    )
    return LookUps(documents, key_places.opener(settings.signing_folder), limits=limits)
