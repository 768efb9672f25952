"""Enclose: which files go along with a mail that somebody is told by."""

from dataclasses import replace

from maild.desk.telling.happening import Happening
from maild.mail.enclosing import Enclosed
from maild.process.ticket import Event
from maild.replies.kinds import CLIENT, KINDS

_NONE = Enclosed()


def files_for(happening: Happening, kind: str) -> Enclosed:
    """Files of the house go with its words, and the client's to the TSM; never the other way round."""
    if happening.arrival is None:
        return _NONE
    if not KINDS[kind].has_files:
        return Enclosed(infected=happening.arrival.enclosed.infected)
    is_of_house = happening.findings is not None and happening.findings.person is not None
    if happening.event is Event.STAFF_WROTE:
        return _scanned(happening.arrival.enclosed)
    if KINDS[kind].audience == CLIENT or KINDS[kind].is_internal_thread:
        return happening.arrival.enclosed.without_text if is_of_house and happening.words else _NONE
    return _NONE if is_of_house else _scanned(happening.arrival.enclosed)


def _scanned(enclosed: Enclosed) -> Enclosed:
    """What nobody could look at stays behind: a TSM is told now, and not when the scanner is back."""
    if not enclosed.unscanned:
        return enclosed
    return replace(enclosed, files=tuple(file for file in enclosed.files if file.attachment not in enclosed.unscanned))
