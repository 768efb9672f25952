"""Which events of a ticket are comments below its issue, and what kind of comment each is: a table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from maild.process.ticket import Event


class CommentKind(StrEnum):
    """Whose words a comment holds, and who else has read them."""

    CLIENT = "client"
    """The client's, to the desk."""

    PUBLIC = "public"
    """The desk's, to the client."""

    INTERNAL = "internal"
    """The desk's, to itself."""

    REMARK = "remark"
    """maild's own: why something happened, or why nothing did."""


COMMENTS: Mapping[Event, CommentKind] = MappingProxyType(
    {
        Event.CLIENT_REPLIED: CommentKind.CLIENT,
        Event.CLIENT_DENIED: CommentKind.CLIENT,
        Event.CLIENT_CONFIRMED: CommentKind.CLIENT,
        Event.CLIENT_THANKED: CommentKind.CLIENT,
        Event.CLOSURE_UNCLEAR: CommentKind.CLIENT,
        Event.CLOSURE_HEARD: CommentKind.CLIENT,
        Event.TSM_ANSWERED: CommentKind.PUBLIC,
        Event.ANSWERED_DIRECTLY: CommentKind.PUBLIC,
        Event.ASKED: CommentKind.PUBLIC,
        Event.PROGRESS_REPORTED: CommentKind.PUBLIC,
        Event.RESOLVED: CommentKind.PUBLIC,
        Event.NOTED: CommentKind.INTERNAL,
        Event.ESCALATED: CommentKind.INTERNAL,
        Event.CONSULTED: CommentKind.INTERNAL,
        Event.ENGINEERING_ANSWERED: CommentKind.INTERNAL,
        Event.STAFF_WROTE: CommentKind.INTERNAL,
        Event.MERGED: CommentKind.REMARK,
        Event.HANDED_OFF: CommentKind.REMARK,
        Event.TRACKER_DECLINED: CommentKind.REMARK,
    }
)
"""Events that are not here show in the issue's fields, or concern nobody there."""
