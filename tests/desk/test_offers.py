"""One-tap actions of a mail: one row until the link of one comes back, and what stood in rows of their own before."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import Connection, insert, text

from maild.mail.message import Address
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from maild.store.tables import actions
from tests.support.closings import TEAM, resolve, status, tap
from tests.support.desks import UNSURE, Desk
from tests.support.making import NOON, a_mail, a_policy, some_rules

VOUCHED = TrustMethod(method="authserv_id", value="mx.acme.example")


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, some_rules(team=TEAM, trust=VOUCHED, policy=a_policy()))


def one_by_one(desk: Desk) -> None:
    """Keep what is offered as maild did before it had `offers`."""

    def work(connection: Connection) -> None:
        for row in connection.execute(text("SELECT ticket_id, person, orders FROM offers")).all():
            common = {"ticket_id": row.ticket_id, "person": row.person, "made_at": NOON}
            for token, orders in json.loads(row.orders).items():
                connection.execute(insert(actions), {**common, "token": token, "orders": orders})
        connection.execute(text("DELETE FROM offers"))

    desk.store.transact(work)


def test_all_taps_of_a_mail_are_one_row(desk: Desk) -> None:
    desk.arrive(a_mail(), UNSURE)
    (row,) = desk.rows("SELECT orders FROM offers")
    assert len(json.loads(row.orders)) == 5
    assert desk.rows("SELECT token FROM actions") == []


def test_what_is_tapped_becomes_an_action_and_is_used_once(desk: Desk) -> None:
    asked = resolve(desk)
    desk.arrive(tap(asked, "fails"))
    assert status(desk) == "open"
    (action,) = desk.rows("SELECT orders, used_at FROM actions")
    assert (action.orders, action.used_at is not None) == ("fails", True)
    desk.arrive(tap(asked, "fails", text="Once more."))
    assert len(desk.rows("SELECT token FROM actions")) == 1
    assert desk.rows("SELECT event FROM events WHERE event = 'client_denied'") == [("client_denied",)]


def test_links_that_are_out_already_work_when_maild_is_renewed(desk: Desk) -> None:
    asked = resolve(desk)
    one_by_one(desk)
    desk.arrive(tap(asked, "works"))
    assert status(desk) == "closed"
    assert len(desk.rows("SELECT token FROM actions WHERE used_at IS NOT NULL")) == 1


def test_a_link_that_names_another_ticket_offers_nothing(desk: Desk) -> None:
    tapped = tap(resolve(desk), "works")
    address = tapped.to[0].address
    other = address.replace("+a1.", "+a2.")
    assert other != address
    desk.arrive(replace(tapped, to=(Address(address=other),)))
    assert (status(desk), desk.rows("SELECT token FROM actions")) == ("resolved", [])
