"""A group's Message-IDs are looked up once, and what its own mails bring is not forgotten over it."""

from maild.process.ticket import Outcome
from maild.store.engine import Store
from tests.support.desks import Desk
from tests.support.making import a_mail, some_rules


def test_the_same_mail_twice_in_one_group_is_one_ticket(store: Store) -> None:
    desk = Desk(store, some_rules())
    first, second = desk.arrive_together([a_mail(), a_mail()])
    assert (first.outcome, second.outcome) == (Outcome.TICKET, Outcome.DUPLICATE)


def test_a_mail_that_an_earlier_one_of_its_group_answers_joins_its_ticket(store: Store) -> None:
    desk = Desk(store, some_rules())
    answer = a_mail(message_id="<2@x>", fingerprint="2" * 64, in_reply_to=("<1@x>",), references=("<1@x>",))
    asked = a_mail(message_id="<1@x>", fingerprint="1" * 64)
    desk.arrive_together([answer, asked])
    assert len(desk.rows("SELECT id FROM tickets")) == 1
