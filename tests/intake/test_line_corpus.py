"""The small corpora go through the whole line: every mail is decided, or held with its reason."""

from maild.intake.line import Intake
from tests.mail.test_corpus import SOURCES
from tests.support.intakes import lay_down, look


def test_every_mail_of_the_world_is_decided_or_held_and_no_ticket_is_forgotten(intake: Intake) -> None:
    mails = lay_down(intake.store, *(path.read_bytes() for path in SOURCES))
    assert intake.take_in_all() == len(mails)
    undecided = "SELECT id FROM mails WHERE outcome IS NULL OR because IS NULL OR because = ''"
    assert look(intake.store, undecided) == []
    assert look(intake.store, "SELECT because FROM mails WHERE because LIKE '%maild failed on it%'") == []
    forgotten = (
        "SELECT id FROM tickets WHERE status != 'closed' AND (assignee IS NULL AND team IS NULL"
        " OR id NOT IN (SELECT ticket_id FROM deadlines WHERE settled_at IS NULL))"
    )
    assert look(intake.store, forgotten) == []
