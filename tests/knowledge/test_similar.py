"""Solved tickets that a new one is like: pure ranking, and what the assignment mail shows of them."""

from dataclasses import replace

from maild.classify.verdict import Verdict
from maild.knowledge.similar import Solved, find_similar
from maild.mail.message import Address
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.desk.test_triage import VOUCHED, text_of
from tests.support.desks import TECHNICAL, Desk, follow_up
from tests.support.making import a_mail, categories, some_rules

SOLVED = [
    Solved(number=1, subject="VPN", text="The VPN client drops every few minutes, error 809", answer="Renew it."),
    Solved(number=2, subject="Printer", text="The printer on the second floor has no paper tray", answer="Replaced."),
    Solved(number=3, subject="VPN again", text="VPN error 809 since the update of the client", answer="Reinstall it."),
]


def test_the_most_similar_comes_first_and_what_is_unlike_does_not_come() -> None:
    found = find_similar("My VPN client says error 809 after an update", SOLVED)
    assert [each.number for each, _ in found] == [3, 1]
    assert set(found[0][1][:2]) <= {"update", "809", "client", "vpn"}


def test_nothing_is_similar_to_nothing() -> None:
    assert find_similar("", SOLVED) == []
    assert find_similar("VPN error 809", []) == []


def test_a_word_that_all_tickets_share_says_little() -> None:
    alike = [replace(SOLVED[0], number=n, text=f"help topic{n} item{n} thing{n} matter{n}") for n in range(9)]
    assert find_similar("help with another subject altogether, please", alike) == []


def test_the_assignment_shows_how_a_like_ticket_was_solved_and_the_guide(store: Store) -> None:
    guided = replace(
        categories()["network"], guide="## First\n1. Is **everybody** cut off?\n- ping\n\n--\n> not a quote"
    )
    rules = some_rules(
        trust=TrustMethod(method="authserv_id", value="mx.acme.example"), categories={**categories(), "network": guided}
    )
    desk = Desk(store, rules)
    desk.arrive(a_mail())
    said = "/close\nHello Bea,\n\nwe renewed the certificate of the VPN server."
    lena = Address(address="lena@acme.example")
    for number, words in enumerate(("We renewed the certificate of the VPN server.", said)):
        mail = follow_up(
            desk.mail_of("assignment"),
            author=lena,
            message_id=f"<lena-{number}@acme.example>",
            fingerprint=f"{number:064}",
            new_text=words,
            text=words,
            authentication=VOUCHED,
        )
        desk.arrive(mail)

    other = Address(address="carl@other.example")
    desk.arrive(
        a_mail(author=other, message_id="<second@other.example>", fingerprint="7" * 64, subject="VPN is down here")
    )
    shown = text_of(desk.last_to("lena@acme.example")).replace("\r\n", "\n")
    assert "- T-1 VPN is down: “we renewed the certificate of the VPN server.”" in " ".join(shown.split())
    assert "First:\n\n1. Is everybody cut off?\n\n- ping\n\nnot a quote" in shown
    assert "bea@client.example" not in shown


def test_what_maild_asks_the_client_below_the_words_is_no_part_of_how_it_was_solved(store: Store) -> None:
    desk = Desk(store, some_rules(trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail())
    words = "/resolve\nWe renewed the certificate."
    lena = Address(address="lena@acme.example")
    answer = follow_up(
        desk.mail_of("assignment"), author=lena, message_id="<lena@acme.example>", fingerprint="8" * 64,
        new_text=words, text=words, authentication=VOUCHED,
    )  # fmt: skip
    desk.arrive(answer)
    works = {"message_id": "<yes@client.example>", "fingerprint": "9" * 64, "new_text": "Yes", "text": "Yes"}
    asked = follow_up(desk.last_to("bea@client.example"), **works)
    desk.arrive(asked, [*TECHNICAL, Verdict(question="reply_intent", label="resolved", confidence=1.0, because="yes")])
    assert desk.rows("SELECT status FROM tickets")[0].status == "closed"
    other = Address(address="carl@other.example")
    desk.arrive(a_mail(author=other, message_id="<second@other.example>", fingerprint="7" * 64))
    shown = " ".join(text_of(desk.newest("assignment", "lena@acme.example")).split())
    assert "T-1 VPN is down: “We renewed the certificate.”" in shown
