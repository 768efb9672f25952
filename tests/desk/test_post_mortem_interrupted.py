"""Whatever ends a closing or the answer to its form in its middle: nothing of it is there; done again, all of it, once."""

from collections.abc import Callable

import pytest

from maild.mail.message import Address, Mail
from maild.mail.quoting import new_text
from maild.store.engine import Store
from tests.desk.post_mortems import NED_AT, Learning, quoted
from tests.desk.test_triage import VOUCHED
from tests.support.desks import follow_up
from tests.support.interrupting import intake_interrupted, seen


def said(desk: Learning, text: str, kind: str) -> Mail:
    return follow_up(
        desk.newest(kind, NED_AT),
        author=Address(address=NED_AT),
        message_id="<once@acme.example>",
        fingerprint="9" * 64,
        new_text=new_text(text),
        text=text,
        authentication=VOUCHED,
    )


def closing(desk: Learning) -> Mail:
    desk.asks("VPN is down", "VPN error 809")
    return said(desk, "/close\n\nIt works again.", "assignment")


def answering(desk: Learning) -> Mail:
    form = desk.solves()
    return said(desk, f"It had expired.{quoted(form)}", "post_mortem")


@pytest.mark.parametrize("begin", [closing, answering])
def test_it_happens_wholly_or_not_at_all(store: Store, begin: Callable[[Learning], Mail]) -> None:
    desk = Learning(store)
    mail, after = begin(desk), 0
    before = seen(desk)
    while intake_interrupted(desk, mail, after):
        assert seen(desk) == before
        after += 3
    assert after > 15
    assert desk.events().count("post_mortem_asked") == 1
    assert desk.written_to(NED_AT).count("post_mortem") == 1
    assert len(desk.articles()) == (1 if begin is answering else 0)
