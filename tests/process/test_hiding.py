"""No mail to a client names an address of somebody of the house, whatever brought it there."""

import pytest

from maild.mail.message import Address
from maild.process.guarding.hiding import without_house
from maild.replies.kinds import CLIENT, KINDS
from tests.support.making import a_desk, a_mail, a_team, a_ticket
from tests.support.relays import html_of
from tests.support.replies_making import BEA, LENA, an_occasion, text_of, written

TO_CLIENTS = [name for name, kind in KINDS.items() if kind.audience == CLIENT]
RELAYS = [name for name in TO_CLIENTS if KINDS[name].is_relay]
QUOTED = """On 3 November Lena Lead <Lena@Acme.example> wrote to otto:
Write to lena+night@acme.example, or mailto:LENA@ACME.EXAMPLE."""


def hidden(words: str, **differences: object) -> str:
    return without_house(words, a_team(), a_desk(), **differences)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", RELAYS)
def test_words_that_are_relayed_name_the_desk_instead(kind: str) -> None:
    reply, message = written(an_occasion(kind, words=QUOTED, author_name="Lena Lead"))
    whole = f"{message.as_string()}{text_of(message)}{html_of(message)}{reply.text}{reply.subject}".casefold()
    assert "lena@" not in whole
    assert "lena+" not in whole
    assert "Lena Lead <support@acme.example>" in reply.text


@pytest.mark.parametrize("kind", TO_CLIENTS)
def test_a_subject_that_names_a_person_of_the_house_is_repeated_without(kind: str) -> None:
    subject = "Fwd: lena@acme.example told us to write"
    ticket = a_ticket(subject=subject)
    _, message = written(an_occasion(kind, ticket=ticket, mail=a_mail(subject=subject), words="Hello."))
    assert "lena@acme.example" not in f"{message.as_string()}{text_of(message)}{html_of(message)}"


def test_somebody_of_the_house_who_is_the_client_reads_their_own_address() -> None:
    ticket = a_ticket(client=LENA.address, client_name=LENA.name)
    reply, message = written(
        an_occasion("answer", ticket=ticket, recipient=LENA, words="We write to lena@acme.example.")
    )
    assert "lena@acme.example" in reply.text
    assert LENA.address in str(message["To"])


def test_the_house_reads_its_addresses() -> None:
    assert "lena@acme.example" in written(an_occasion("internal_words", words=QUOTED.casefold()))[0].text


@pytest.mark.parametrize(
    "words",
    [
        "helena@acme.example",
        "lena@acme.example.org",
        "lena@acme.example-two",
        "x.lena@acme.example",
        "finance@acme.example",
        "support+t1.x@acme.example",
        "Lena",
    ],
)
def test_other_addresses_stay(words: str) -> None:
    assert hidden(f"Ask {words}, please.") == f"Ask {words}, please."


def test_what_stands_around_the_address_stays() -> None:
    assert hidden("(lena@acme.example). <lena@acme.example>") == "(support@acme.example). <support@acme.example>"
    assert hidden("lena@acme.example", spared={BEA.key}) == "support@acme.example"
    assert hidden("lena@acme.example", spared={Address(address="Lena@acme.example").key}) == "lena@acme.example"
