"""Which ticket a mail belongs to, and whose word counts."""

import pytest

from maild.mail.message import Address
from maild.process.thread import MOST_TAPS, Known, KnownToken, Thread, find_clues, judge
from maild.process.ticket import Trust
from maild.process.token import action_part, address_part, make_token, message_id, subject_tag
from tests.support.making import a_desk, a_mail

CLIENT = "bea@client.example"
TOKEN = make_token(3, b"k" * 32, ticket=17, recipient=CLIENT, cause="mail 1 acknowledgement")
KNOWN = Known(
    tokens={TOKEN: KnownToken(ticket=17, recipient=CLIENT)},
    message_ids={},
    participants={17: {CLIENT, "cleo@client.example"}},
)


def thread_of(
    known: Known = KNOWN, author: str = CLIENT, same_person: frozenset[str] = frozenset(), **mail: object
) -> Thread | None:
    return judge(find_clues(a_mail(**mail), a_desk()), known, author, same_person)


def in_address(token: str, number: int = 17) -> tuple[Address, ...]:
    return (Address(address=f"support+{address_part(number, token)}@acme.example"),)


def test_a_token_in_the_reply_address_joins() -> None:
    thread = thread_of(to=in_address(TOKEN))
    assert thread
    assert (thread.ticket, thread.joins, thread.trust) == (17, True, Trust.TOKEN)


def test_a_reply_address_in_capitals_joins() -> None:
    thread = thread_of(to=(Address(address=in_address(TOKEN)[0].address.upper()),))
    assert thread
    assert thread.joins


def test_a_token_of_the_envelope_joins_though_to_shows_another_address() -> None:
    thread = thread_of(delivered_to=(in_address(TOKEN)[0].address,))
    assert thread
    assert thread.joins


def test_a_token_in_our_message_id_joins() -> None:
    thread = thread_of(references=("<old@client.example>", message_id(17, TOKEN, "acme.example")))
    assert thread
    assert (thread.joins, thread.trust) == (True, Trust.TOKEN)


def test_a_token_in_the_subject_joins() -> None:
    thread = thread_of(subject=f"AW: {subject_tag('T', 17, TOKEN)} VPN is down")
    assert thread
    assert (thread.joins, thread.trust) == (True, Trust.TOKEN)


@pytest.mark.parametrize("subject", ["Re: [T-17] VPN is down", "Any news on T-17?", "t-17: still down", "(T-17)"])
def test_a_bare_number_in_the_subject_only_links(subject: str) -> None:
    thread = thread_of(subject=subject)
    assert thread
    assert (thread.ticket, thread.joins) == (17, False)


@pytest.mark.parametrize("subject", ["Re: [T-99] VPN is down", "Our KT-17 is broken", "part T-17-4", "T-17a"])
def test_a_number_of_no_ticket_says_nothing(subject: str) -> None:
    assert thread_of(subject=subject) is None


def test_an_invented_token_says_nothing() -> None:
    assert thread_of(to=in_address("aaaaaaaaaaaaaa")) is None


def test_a_token_of_another_ticket_says_nothing() -> None:
    assert thread_of(to=in_address(TOKEN, number=18)) is None


def test_a_stranger_with_a_valid_token_is_linked_not_joined() -> None:
    thread = thread_of(author="mallory@evil.example", to=in_address(TOKEN))
    assert thread
    assert (thread.ticket, thread.joins, thread.trust) == (17, False, Trust.CLAIMED)


def test_a_participant_with_another_persons_token_joins_as_claimed() -> None:
    thread = thread_of(author="cleo@client.example", to=in_address(TOKEN))
    assert thread
    assert (thread.joins, thread.trust) == (True, Trust.CLAIMED)


def test_an_answer_to_the_clients_own_mail_joins_as_claimed() -> None:
    known = Known(tokens={}, message_ids={"<first@client.example>": {17}}, participants=KNOWN.participants)
    thread = thread_of(known, in_reply_to=("<first@client.example>",))
    assert thread
    assert (thread.joins, thread.trust) == (True, Trust.CLAIMED)


def test_two_answers_to_a_mail_that_we_never_saw_belong_together() -> None:
    known = Known(tokens={}, message_ids={}, ghosts={"<ghost@client.example>": {17}}, participants=KNOWN.participants)
    thread = thread_of(known, references=("<ghost@client.example>",))
    assert thread
    assert thread.joins


def test_the_participants_ticket_is_found_among_several_of_one_ghost() -> None:
    known = Known(
        tokens={},
        message_ids={"<announcement@client.example>": {17, 23}},
        participants={**KNOWN.participants, 23: {"other@client.example"}},
    )
    thread = thread_of(known, references=("<announcement@client.example>",))
    assert thread
    assert (thread.ticket, thread.joins) == (17, True)


def test_a_mail_that_we_know_counts_before_one_that_others_only_refer_to() -> None:
    known = Known(
        tokens={},
        message_ids={"<first@client.example>": {17}},
        ghosts={"<second@client.example>": {23}, "<first@client.example>": {23}},
        participants={**KNOWN.participants, 23: {"other@client.example"}},
    )
    thread = thread_of(
        known, author="mallory@evil.example", references=("<first@client.example>", "<second@client.example>")
    )
    assert thread
    assert (thread.ticket, thread.joins) == (17, False)


def test_another_address_of_the_same_person_counts() -> None:
    known = Known(
        tokens={TOKEN: KnownToken(ticket=17, recipient="ana@acme.example")},
        message_ids={},
        participants={17: {"ana@acme.example"}},
    )
    both = frozenset({"ana@acme.example", "ana.ruiz@acme.example"})
    thread = thread_of(known, author="ana.ruiz@acme.example", same_person=both, to=in_address(TOKEN))
    assert thread
    assert (thread.joins, thread.trust) == (True, Trust.TOKEN)


def test_a_hostile_chain_of_references_is_cut() -> None:
    chain = tuple(f"<{number}@x.example>" for number in range(5000))
    assert len(find_clues(a_mail(references=chain), a_desk()).message_ids) == 30


def test_of_thousands_of_taps_a_few_are_looked_up() -> None:
    to = tuple(Address(address=f"support+{action_part(number, TOKEN)}@acme.example") for number in range(5_000))
    assert [clue.number for clue in find_clues(a_mail(to=to), a_desk()).actions] == list(range(MOST_TAPS))
