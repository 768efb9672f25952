"""Which events of a ticket are comments below its issue, and what kind of comment each is: a table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from maild.process.ticket import Event


class Voice(StrEnum):
    """Whose words a comment holds, and who else has read them."""

    CLIENT = "client"
    """The client's, to the desk."""

    PUBLIC = "public"
    """The desk's, to the client."""

    INTERNAL = "internal"
    """The desk's, to itself."""

    REMARK = "remark"
    """maild's own: why something happened, or why nothing did."""


COMMENTS: Mapping[Event, Voice] = MappingProxyType(
    {
        Event.CLIENT_REPLIED: Voice.CLIENT,
        Event.CLIENT_DENIED: Voice.CLIENT,
        Event.CLIENT_CONFIRMED: Voice.CLIENT,
        Event.CLIENT_THANKED: Voice.CLIENT,
        Event.CLOSURE_UNCLEAR: Voice.CLIENT,
        Event.CLOSURE_HEARD: Voice.CLIENT,
        Event.TSM_ANSWERED: Voice.PUBLIC,
        Event.ANSWERED_DIRECTLY: Voice.PUBLIC,
        Event.ASKED: Voice.PUBLIC,
        Event.PROGRESS_REPORTED: Voice.PUBLIC,
        Event.RESOLVED: Voice.PUBLIC,
        Event.NOTED: Voice.INTERNAL,
        Event.ESCALATED: Voice.INTERNAL,
        Event.CONSULTED: Voice.INTERNAL,
        Event.ENGINEERING_ANSWERED: Voice.INTERNAL,
        Event.STAFF_WROTE: Voice.INTERNAL,
        Event.MERGED: Voice.REMARK,
        Event.HANDED_OFF: Voice.REMARK,
        Event.TRACKER_DECLINED: Voice.REMARK,
    }
)
"""Events that are not here show in the issue's fields, or concern nobody there."""
