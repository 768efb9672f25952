"""What leaves the house for a tracker, and what of a tracker's news counts: pure decisions."""

from datetime import timedelta

import pytest

from maild.process.mirroring.judging import Look, judge
from maild.process.mirroring.masking import mask
from maild.process.mirroring.ordering import refuse_clients
from maild.process.mirroring.policy import CANCELED, MirrorPolicy
from maild.process.mirroring.projecting import NAMES, TYPES
from maild.process.mirroring.telling import COMMENTS
from maild.process.plan import Step
from maild.process.ticket import Event, Role, Status
from maild.process.tracker import Entry, Field, Fields, Issue, User
from tests.support.making import NOON, TOLD

ANA = User(id="ana", name="Ana", address="ana@acme.example")
ROBOT = User(id="robot", name="maild", address=None)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "Bea Kunde called, and KUNDE again; Kundendienst did not.",
            "[client] called, and [client] again; Kundendienst did not.",
        ),
        ("Write to bea.kunde+vpn@mail.client.example, please.", "Write to [address], please."),
        ("Ring +49 (0)170 123-4567 or 0170/1234567.", "Ring [number] or [number]."),
        (
            "Error 0x80070005 in 10.0.22631.4317 on 2026-11-23 at 12:05:07",
            "Error 0x80070005 in 10.0.22631.4317 on 2026-11-23 at 12:05:07",
        ),
        ("T-17 fails since build 4711", "T-17 fails since build 4711"),
        ("", ""),
    ],
)
def test_who_a_client_is_is_masked_and_what_they_say_is_not(text: str, masked: str) -> None:
    assert mask(text, names=["Bea Kunde"]) == masked


def test_a_client_without_a_name_hides_nothing_else() -> None:
    assert mask("It is on, or so it says.", names=["", "It"]) == "It is on, or so it says."


def test_each_status_has_types_of_state_and_comments_are_of_events_that_carry_words() -> None:
    assert set(NAMES) == {*(status.value for status in Status), CANCELED}
    assert all(TYPES[name] for name in NAMES)
    assert set(COMMENTS) <= set(Event)
    assert {Event.TRACKER_NOTED, Event.MIRRORED}.isdisjoint(COMMENTS)
    assert MirrorPolicy().personal == "none"
    assert not any(
        role == "client" for event in (Event.TRACKER_NOTED, Event.TRACKER_DECLINED) for role, _ in TOLD[event]
    )


def test_what_is_done_in_the_tracker_writes_to_no_client_and_a_client_who_is_not_told_is_no_reason_against_it() -> None:
    steps = (Step(event=Event.CLOSED, because="in Linear: closed"),)
    told = {Event.CLOSED: ((Role.CLIENT, "closed_notice"),)}
    assert refuse_clients(steps, told) == "the client would be written to (closed): do it by mail"
    assert refuse_clients(steps, {Event.CLOSED: ((Role.CLIENT, ""), (Role.TEAM, "taken_back"))}) == steps
    assert refuse_clients(steps, {}) == steps


def entry(value: object, by: User | None, minutes: int, field: Field = Field.PRIORITY) -> Entry:
    return Entry(id=f"{minutes}", field=field, value=value, by=by, at=NOON + minutes * MINUTE)


def found(
    theirs: int, *entries: Entry, ours: int = 3, told: int = 3, decided: int | None = None, **more: object
) -> list[object]:
    """What of the priority counts: values, and whether we overruled them."""
    issue = Issue(id="i", key="ENG-1", url="", fields=Fields(priority=theirs), updated_at=NOON, entries=entries)
    look = Look(
        ours=Fields(priority=ours),
        told=Fields(priority=told),
        seen=Fields(priority=told),
        theirs=issue.fields,
        issue=issue,
        decided_at={} if decided is None else {Field.PRIORITY: NOON + decided * MINUTE},
        viewer="robot",
        **more,  # type: ignore[arg-type]
    )
    return [(each.value, each.overruled_at is not None) for each in judge(look)]


def test_the_last_word_of_a_person_counts_unless_ours_is_later() -> None:
    assert found(3) == []
    assert found(1, entry(2, ANA, 1), entry(1, ANA, 2)) == [(1, False)]
    assert found(1, entry(1, ANA, 2), decided=1) == [(1, False)]
    assert found(1, entry(1, ANA, 2), decided=3, ours=4) == [(1, True)]
    assert found(1, entry(1, ANA, 2), ours=1) == []


def test_what_is_as_we_told_it_is_our_own() -> None:
    assert found(3, entry(3, ROBOT, 1)) == []
    assert found(3, entry(1, ROBOT, 1), entry(3, ROBOT, 2)) == []
    assert found(3, entry(3, ANA, 1)) == []


def test_what_our_own_change_covered_counts_all_the_same() -> None:
    assert found(3, entry(1, ANA, 1), entry(3, ROBOT, 2), decided=0) == [(1, False)]
    assert found(3, entry(1, ANA, 1), entry(3, ROBOT, 2), decided=2) == [(1, True)]
    assert found(3, entry(1, ANA, 1), entry(3, ROBOT, 2), known=frozenset({"1"})) == []


def test_whoever_lent_us_their_key_decides_for_themselves() -> None:
    assert found(1, entry(1, ROBOT, 1)) == [(1, False)]
    lent = {"is_viewer_human": True}
    assert found(1, entry(1, ROBOT, 1), **lent) == [(1, False)]
    assert found(3, entry(1, ROBOT, 1), entry(3, ROBOT, 2), **lent) == []


def test_a_change_that_nobody_is_said_to_have_made_is_an_automations() -> None:
    issue = found(1)
    assert issue == [(1, False)]
