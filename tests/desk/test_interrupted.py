"""Whatever ends a decision in its middle, nothing of it is there; done again, it is all there, once."""

from collections.abc import Callable

import pytest

from maild.mail.message import Address, Mail
from maild.store.engine import Store
from tests.desk.test_triage import ANA, NED, VOUCHED, a_desk_with, offered
from tests.support.desks import INVOICE, UNSURE, Desk
from tests.support.interrupting import intake_interrupted, seen
from tests.support.making import a_mail, a_team, some_rules


def a_tap(desk: Desk, kind: str, what: str, author: str) -> Mail:
    address = offered(desk.mail_of(kind))[what]
    return a_mail(
        author=Address(address=author),
        message_id="<tap@acme.example>",
        fingerprint="9" * 64,
        to=(Address(address=address),),
        subject=f"T-1 {what}",
        new_text="",
        text="",
        authentication=VOUCHED,
    )


def undecided(store: Store) -> tuple[Desk, Mail]:
    desk = a_desk_with(store, ANA, NED)
    desk.arrive(a_mail(), UNSURE)
    return desk, a_tap(desk, "assignment", "category network", dict(desk.written())["assignment"])


def handed_off(store: Store) -> tuple[Desk, Mail]:
    desk = Desk(store, some_rules(team=a_team(people=(*a_team().people, ANA))))
    desk.arrive(a_mail(), INVOICE)
    return desk, a_tap(desk, "hand_off", "return", "finance@acme.example")


@pytest.mark.parametrize("begin", [undecided, handed_off])
def test_a_tap_happens_wholly_or_not_at_all(store: Store, begin: Callable[[Store], tuple[Desk, Mail]]) -> None:
    desk, mail = begin(store)
    before, after = seen(desk), 0
    while intake_interrupted(desk, mail, after):
        assert seen(desk) == before
        after += 3
    assert after > 20
    kinds = [kind for kind, _ in desk.written()]
    assert len(desk.rows("SELECT 1 FROM actions WHERE used_at IS NOT NULL")) == 1
    assert kinds.count("handed_back_notice") == (1 if begin is handed_off else 0)
