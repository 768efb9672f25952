"""Commands that are possible alone, and not together or not in the ticket's status. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from maild.process.plan import Step
from maild.process.ticket import Event, Status
from maild.process.transitions import advance

INTERNAL = frozenset({Event.NOTED, Event.MARKED_SPAM, Event.ARTICLE_WRITTEN})
"""What their words say stays in the house."""

_COURSES = frozenset(
    {
        *(Event.RESOLVED, Event.CLOSED, Event.CLIENT_CONFIRMED, Event.MARKED_SPAM, Event.MERGED, Event.HANDED_OFF),
        *(Event.ASKED, Event.ESCALATED),
    }
)
"""Where a ticket goes from here: it can go one way only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Above:
    """What the commands above a line come to."""

    status: Status
    steps: frozenset[tuple[Event, str]] = frozenset()
    changes: Mapping[str, object] = field(default_factory=dict)
    has_said: bool = False
    """Whether one of them says the text."""

    course: str = ""
    """The line that sends the ticket on its way."""


def with_conflicts(
    lines: Sequence[str], steps: Sequence[Step], status: Status, *, is_internal: bool
) -> list[tuple[str, str]]:
    """Each line with what stands against it beside those above; empty where nothing does."""
    judged, above = [], _Above(status=status)
    for line, step in zip(lines, steps, strict=True):
        trouble = _trouble(step, above, is_internal=is_internal)
        judged.append((line, trouble))
        above = _with(above, line, step, is_possible=not trouble)
    return judged


def _trouble(step: Step, above: _Above, *, is_internal: bool) -> str:
    is_for_client = step.says and step.event not in INTERNAL
    is_contrary = any(above.changes.get(name, value) != value for name, value in step.changes.items())
    found = (
        ((step.event, step.because) in above.steps, "it is there twice"),
        (
            is_for_client and is_internal,
            "nothing in this thread reaches the client: write it in answer to a mail with the client's words",
        ),
        (
            step.says and above.has_said,
            "the text can be one thing only: a note, a question, a report or a solution",
        ),
        (
            above.course and step.event in {*_COURSES, Event.CLIENT_DENIED},
            f"a ticket can go one way only: {above.course}, or this",
        ),
        (is_contrary, "a command above says otherwise"),
        (_status_after(above.status, step) is None, f"impossible while the ticket is {above.status.replace('_', ' ')}"),
    )
    return next((trouble for is_so, trouble in found if is_so), "")


def _with(above: _Above, line: str, step: Step, *, is_possible: bool) -> _Above:
    course = line if step.event in _COURSES else "" if step.event is Event.REOPENED else above.course
    status = _status_after(above.status, step) if is_possible else None
    return _Above(
        status=status or above.status,
        steps=above.steps | {(step.event, step.because)},
        changes={**above.changes, **step.changes},
        has_said=above.has_said or step.says,
        course=course,
    )


def _status_after(status: Status, step: Step) -> Status | None:
    """None where the status does not allow the event; what another ticket is split off from goes on as the step says."""
    if step.event is Event.SPLIT_OFF:
        return Status(step.changes.get("status", status))
    try:
        return advance(status, step.event)
    except KeyError:
        return None
