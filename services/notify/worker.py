"""What the notify service does besides answering requests."""

from services.notify.handlers import referral
from services.notify.settings import Settings
from shared.http.journal_client import journal_reader
from shared.messaging.worker import Work
from shared.service import Means

subscriptions = referral.subscriptions


def make_work(settings: Settings, means: Means) -> Work:
    return Work(
        subscriptions=subscriptions,
        journals={"referral": journal_reader(means.http, settings.referral_url, means.tokens)},
    )
