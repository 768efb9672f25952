"""Enclose: which files go along with a mail that somebody is told by."""

from maild.desk.happening import Happening
from maild.mail.enclosing import Enclosed
from maild.replies.kinds import CLIENT, KINDS

_NONE = Enclosed()


def files_for(happening: Happening, kind: str) -> Enclosed:
    """Files of the house go with its words, and the client's to the TSM; never the other way round."""
    if happening.arrival is None or not KINDS[kind].has_files:
        return _NONE
    is_of_house = happening.findings is not None and happening.findings.person is not None
    if KINDS[kind].audience == CLIENT or KINDS[kind].is_internal_thread:
        return happening.arrival.enclosed if is_of_house and happening.words else _NONE
    return _NONE if is_of_house else happening.arrival.enclosed
