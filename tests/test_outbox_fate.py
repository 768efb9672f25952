from datetime import timedelta

import pytest

from maild.errors import Bounced, Deferred, Refused, Unavailable, Uncertain
from maild.outbox import Schedule
from maild.outbox.fate import decide_fate
from maild.store.outbox import Due
from tests.outboxes import DESK, NOW

DUE = Due(
    id=1,
    ticket_id=None,
    kind="reminder",
    recipient="a@b.test",
    envelope_from=DESK,
    message_id="<1@b>",
    content=b"",
    created_at=NOW,
    attempts=3,
)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("250 ok", "sent"),
        (Bounced("550 no"), "bounced"),
        (Uncertain("gone"), "uncertain"),
        (Deferred("451 later"), "deferred"),
        (Unavailable("our trouble"), "deferred"),
        (Refused("whatever"), "deferred"),
    ],
)
def test_each_outcome_has_its_fate(outcome: str | Refused, state: str) -> None:
    assert decide_fate(DUE, outcome, schedule=Schedule(), now=NOW).state == state


@pytest.mark.parametrize(("refusal", "state"), [(Deferred("451 later"), "bounced"), (Unavailable("535 who?"), "held")])
def test_after_five_days_a_mail_is_given_up_but_never_bounced_for_our_own_trouble(refusal: Refused, state: str) -> None:
    fate = decide_fate(DUE, refusal, schedule=Schedule(), now=NOW + timedelta(days=5))
    assert fate.state == state
    assert str(refusal) in fate.answer


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (50, 240)])
def test_pauses_grow_up_to_four_hours(attempts: int, minutes: int) -> None:
    next_try_at = Schedule().next_try_at(attempts=attempts, created_at=NOW, now=NOW)
    assert next_try_at == NOW + timedelta(minutes=minutes)
