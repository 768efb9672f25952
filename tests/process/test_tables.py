"""Tables that must agree, agree."""

from maild.process.ticket import Event, Status
from maild.process.transitions import REMARKS, TRANSITIONS, advance, without_taken_back
from tests.support.making import TOLD

SILENT = frozenset(
    {
        Event.AUTOMATIC_REPLY_CAME,
        Event.IMPORTED,
        Event.STRANGER_LINKED,
        Event.ACKNOWLEDGEMENT_WITHHELD,
        Event.HAND_OFF_CONFIRMED,
        Event.TRIAGED,
        Event.INFORMATION_ASKED,
        Event.CLOCK_STARTED,
        Event.CLOCK_PAUSED,
        Event.CLOCK_STOPPED,
        Event.GATHERED,
        Event.CATEGORIZED,
        Event.PRIORITIZED,
        Event.NOTED,
        Event.REOPENED,
        Event.LINKED,
        Event.CLIENT_CHANGED,
        Event.PARTICIPANT_ADDED,
        Event.PARTICIPANT_REMOVED,
        Event.INCIDENT_DISMISSED,
        Event.INCIDENT_LEFT,
        Event.INCIDENT_UNDONE,
        Event.POST_MORTEM_SKIPPED,
        Event.POST_MORTEM_ANSWERED,
        Event.POST_MORTEM_DECLINED,
        Event.ARTICLE_WRITTEN,
        Event.ARTICLE_KNOWN,
        Event.ARTICLE_RELATED,
        Event.CLIENT_THANKED,
        Event.CLOSED_WRONGLY,
        Event.CLOSED_RIGHTLY,
        Event.BRANCHED_OFF,
        Event.MIRRORED,
    }
)
"""Events that nobody is told about by a mail of their own."""


def test_every_event_changes_a_status_or_is_a_remark() -> None:
    changing = {event for _, event in TRANSITIONS}
    assert changing | set(REMARKS) == set(Event)
    assert not changing & set(REMARKS)


def test_every_event_is_told_or_listed_as_silent() -> None:
    assert set(TOLD) | SILENT == set(Event)
    assert not set(TOLD) & SILENT


def test_a_client_may_write_in_every_status() -> None:
    assert all((status, Event.CLIENT_REPLIED) in TRANSITIONS for status in Status)


def test_what_was_closed_rightly_after_all_takes_back_the_wrong_closing_before_it_and_no_other() -> None:
    happened = [
        "closed 1",
        "closed_wrongly 1",
        "closed 2",
        "closed_wrongly 2",
        "closed_rightly",
        "closed 3",
        "closed_rightly",
    ]
    kept = without_taken_back(happened, lambda each: each.partition(" ")[0])
    assert kept == ["closed 1", "closed 2", "closed 3"]
    assert without_taken_back(happened[:5], lambda each: each.partition(" ")[0])[1] == "closed_wrongly 1"


def test_a_remark_changes_no_status() -> None:
    assert all(advance(status, event) is status for status in Status for event in REMARKS)


def test_a_closed_ticket_that_is_written_to_is_open_again() -> None:
    assert advance(Status.CLOSED, Event.CLIENT_REPLIED) is Status.OPEN
