from dataclasses import replace
from datetime import timedelta

import pytest

from maild.errors import Bounced, Deferred, Refused, Unauthorized, Unavailable, Uncertain, Unnoted
from maild.outbox import Schedule
from maild.outbox.fate import decide_fate
from maild.store.outgoing.outbox import Due
from tests.support.outboxes import DESK, NOW

DUE = Due(
    id=1,
    ticket_id=None,
    kind="reminder",
    recipient="a@b.test",
    envelope_from=DESK,
    message_id="<1@b>",
    content=b"",
    created_at=NOW,
    attempts=9,
)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("250 ok", "sent"),
        (Bounced("550 no"), "bounced"),
        (Uncertain("gone"), "uncertain"),
        (Deferred("451 later"), "deferred"),
        (Unavailable("our trouble"), "deferred"),
        (Unnoted("the store is away"), "deferred"),
        (Unauthorized("554 relay access denied"), "deferred"),
        (Refused("whatever"), "deferred"),
    ],
)
def test_each_outcome_has_its_fate(outcome: str | Refused, state: str) -> None:
    assert decide_fate(DUE, outcome, schedule=Schedule(), now=NOW).state == state


@pytest.mark.parametrize(
    ("refusal", "state"),
    [(Deferred("451 later"), "bounced"), (Unavailable("535 who?"), "held"), (Unauthorized("554 relay?"), "held")],
)
def test_after_five_days_a_mail_is_given_up_but_never_bounced_for_our_own_trouble(refusal: Refused, state: str) -> None:
    fate = decide_fate(DUE, refusal, schedule=Schedule(), now=NOW + timedelta(days=5))
    assert fate.state == state
    assert str(refusal) in fate.answer


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (50, 240)])
def test_pauses_grow_up_to_four_hours(attempts: int, minutes: int) -> None:
    assert Schedule().next_try_at(attempts=attempts, now=NOW) == NOW + timedelta(minutes=minutes)


def test_a_mail_that_was_kept_for_long_is_still_tried_a_few_times() -> None:
    first = replace(DUE, attempts=1)
    later = NOW + timedelta(days=30)
    assert decide_fate(first, Deferred("451 greylisted"), schedule=Schedule(), now=later).state == "deferred"


def test_what_the_server_refuses_us_is_tried_at_growing_pauses_and_what_stops_all_mail_every_minute() -> None:
    def minutes(refusal: Refused) -> float:
        due_at = decide_fate(DUE, refusal, schedule=Schedule(), now=NOW).due_at
        assert due_at is not None
        return (due_at - NOW) / timedelta(minutes=1)

    assert (minutes(Unauthorized("554 relay?")), minutes(Unavailable("gone"))) == (240, 1)
    assert minutes(Unnoted("the store is away")) == 1 / 60, "what was not begun for the store's sake goes at once"
