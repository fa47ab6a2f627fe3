from collections.abc import Sequence

import pytest

from shared.db.session import Sessions
from shared.events.base import Event
from shared.events.referral import HandoffAccepted, HandoffEscalated, ReferralCreated
from shared.messaging.subscriptions import Subscriptions


async def handle_one(event: ReferralCreated, sessions: Sessions) -> None: ...


async def handle_many(events: Sequence[Event], sessions: Sessions) -> None: ...


def test_a_consumer_of_one_event_filters_for_exactly_that_subject() -> None:
    subscriptions = Subscriptions(service="casework")

    subscriptions.on(ReferralCreated, durable="casework-intake")(handle_one)

    assert subscriptions.all[0].filter == "deflection.referral.created.v1"
    assert subscriptions.all[0].source == "referral"


def test_a_consumer_of_several_events_filters_for_their_entity() -> None:
    subscriptions = Subscriptions(service="casework")

    subscriptions.on_batch(HandoffAccepted, HandoffEscalated, durable="casework-x", at_most=9)(
        handle_many
    )

    assert subscriptions.all[0].filter == "deflection.handoff.>"


def test_a_consumer_keeps_to_one_entity_since_permissions_name_it() -> None:
    subscriptions = Subscriptions(service="casework")

    with pytest.raises(ValueError, match="one entity"):
        subscriptions.on_batch(HandoffAccepted, ReferralCreated, durable="casework-x", at_most=9)(
            handle_many
        )


def test_a_durable_name_is_used_once_and_says_whose_it_is() -> None:
    subscriptions = Subscriptions(service="casework")
    subscriptions.on(ReferralCreated, durable="casework-intake")(handle_one)

    with pytest.raises(ValueError, match="twice"):
        subscriptions.on(ReferralCreated, durable="casework-intake")(handle_one)
    with pytest.raises(ValueError, match="must begin with 'casework-'"):
        subscriptions.on(ReferralCreated, durable="notify-x")(handle_one)


def test_a_handler_stays_the_plain_function_it_was() -> None:
    subscriptions = Subscriptions(service="casework")

    assert subscriptions.on(ReferralCreated, durable="casework-intake")(handle_one) is handle_one
