"""How much the desk writes unasked, at most."""

from maild.mail.message import Address
from maild.process.policy import ReplyLimits
from maild.store.engine import Store
from tests.desks import Desk
from tests.making import a_mail, a_policy, some_rules


def test_a_freemail_domain_has_no_limit_of_its_own_and_its_addresses_have(store: Store) -> None:
    desk = Desk(store, some_rules(policy=a_policy(limits=ReplyLimits(per_address=2, per_domain=3, in_total=6))))
    for number in range(9):
        author = Address(address=f"somebody{number if number < 5 else 0}@gmail.com")
        desk.arrive(a_mail(message_id=f"<{number}@x.example>", fingerprint=str(number) * 64, author=author))
    assert [kind for kind, _ in desk.written()].count("acknowledgement") == 6
    assert desk.written_to("somebody0@gmail.com") == ["acknowledgement"] * 2
