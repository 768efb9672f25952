"""Line 3: a mail is due (claim -> submit -> settle); nothing is lost and nothing is sent twice."""

from maild.outbox.line import Outbox, Round
from maild.outbox.schedule import Schedule

__all__ = ["Outbox", "Round", "Schedule"]
