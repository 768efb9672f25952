"""What commands do together: everything, or nothing and a transcript."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from maild.process.commands.catalogue import CATALOGUE
from maild.process.commands.naming import find_named
from maild.process.commands.planning import follow, make_plan, named_tickets
from maild.process.commands.reading import read_commands
from maild.process.plan import Plan, Refusal, Request
from maild.process.ticket import Event, Status, Ticket
from tests.support.making import ANA, EVA, NOON, a_team, a_ticket, priorities, some_rules


def plan(text: str, *, others: Mapping[int, Ticket] | None = None, author: str = "Ana Ruiz", **ticket: Any) -> Plan:
    made = attempt(text, others=others, author=author, **ticket)
    assert isinstance(made, Plan), made
    return made


def refusal(text: str, *, others: Mapping[int, Ticket] | None = None, author: str = "Ana Ruiz", **ticket: Any) -> str:
    made = attempt(text, others=others, author=author, **ticket)
    assert isinstance(made, Refusal), made
    return made.because


def attempt(text: str, *, others: Mapping[int, Ticket] | None, author: str, **ticket: Any) -> Plan | Refusal:
    team = a_team()
    rules = some_rules(team=a_team(people=(*team.people, ANA, EVA)))
    written = read_commands(text)
    person = next(person for person in rules.team.people if person.name == author)
    request = Request(
        ticket=a_ticket(**ticket), author=person, rules=rules, words=written.words, others=others or {}, now=NOON
    )
    return make_plan(written, request)


def events(made: Plan) -> list[Event]:
    return [step.event for step in made.steps]


def test_a_text_without_commands_is_an_answer_to_the_client() -> None:
    made = plan("Please restart the router.")
    assert events(made) == [Event.TSM_ANSWERED]
    assert made.public_words == "Please restart the router."


def test_a_note_stays_in_the_house() -> None:
    made = plan("/note\nHe is on the old contract.")
    assert events(made) == [Event.NOTED]
    assert made.public_words == ""


def test_one_impossible_command_stops_all_of_them() -> None:
    assert refusal("/urgency 1\n/category netwrk\nWe are on it.") == (
        "/category netwrk: there is no category called netwrk; did you mean network? Known: network, billing"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/resolv\nDone", "there is no such command; did you mean /resolve?"),
        ("/urgency 7", "7 is not on the scale"),
        ("/urgency", "say /urgency 1-3"),
        ("/take it", "nothing may stand behind /take"),
        ("/resolve", "there is no text"),
        ("/close", "needs a reason"),
        ("/waiting", "there is no text"),
        ("/reopen\nwrong", "it is not closed, but open"),
        ("/spam\nGo away", "nobody answers spam"),
        ("/merge T-17", "that is this same ticket"),
        ("/merge T-99", "there is no ticket T-99"),
        ("/merge apples", "apples is no ticket"),
        ("/cc add lena@acme.example", "belongs to the desk's people"),
        ("/cc add support+t9.abc@acme.example", "is an address of this desk"),
        ("/cc bob@client.example", "say /cc add ADDRESS"),
        ("/cc add [bob@client.example](mailto:eve@evil.example)", "is not an address"),
        ("/client nobody", "nobody is not an address"),
        ("/assign Bob", "there is no person who owns tickets called Bob"),
        ("/assign Eva Engineer", "there is no person who owns tickets called Eva Engineer"),
        ("/handoff Sales", "there is no team called Sales"),
        ("/handoff", "say which team takes it, as in /handoff Finance"),
        ("/category billing", "billing is not technical: /handoff Finance"),
        ("/eta " + 12_000 * "a" + "1", "more than 400 characters stand in one line"),
        ("/cc add a" + 24_000 * " " + "x", "more than 400 characters stand in one line"),
        (60 * "/urgency 1\n", "more than 50 commands stand in one mail"),
        ("/eta yesterday", "no time that maild understands"),
        ("/eta 2026-11-01", "is in the past"),
        ("/eta 2026-13-45", "is no date"),
        ("/deescalate", "it is not escalated, but open"),
        ("/note\n/update\nHalfway", ""),
        ("/waiting\n/resolve\nDone?", "the text can be one thing only"),
        ("/urgency 1\n/urgency 1", "it is there twice"),
        ("/close\n/escalate\nDone", "a ticket can go one way only: /close, or this"),
        ("/resolve\n/close\nDone", "a ticket can go one way only: /resolve, or this"),
        ("/escalate\n/waiting\nWhy?", "a ticket can go one way only"),
        ("/works\n/fails", "a ticket can go one way only"),
        ("/urgency 1\n/urgency 2", "a command above says otherwise"),
        ("/assign Lena\n/assign Ana", "the assignee already"),
        ("/category network\n/eta 4h\n/eta 5h", "a command above says otherwise"),
        ("/return", "a TSM may not do this"),
        ("/urgency 1\n\n/impact 1\n\nWe are on it.", "/impact 1: a blank line has ended the commands"),
        ("/urgency 1\n\n/notes\nHe is a fool.", "/notes: a blank line has ended the commands"),
        ("/urgency 1\n\n/Notiz\nHe is a fool.", "/Notiz: a blank line has ended the commands"),
        ("/urgency 1\n\n\u200b\n/note\nHe is a fool.", "/note: a blank line has ended the commands"),
        ("/impact 9", "2 a team; 3 one person"),
        ("/assign Zoe", "called Zoe. Known: Lena Lead"),
    ],
)
def test_what_is_impossible_says_why(text: str, said: str) -> None:
    assert said in refusal(text)


@pytest.mark.parametrize("text", ["/take", "/assign Ana"])
def test_who_has_a_ticket_may_take_it(text: str) -> None:
    made = plan(f"{text}\n/urgency 1\nWe are on it.", assignee="Ana Ruiz")
    assert events(made) == [Event.ASSIGNED, Event.PRIORITIZED, Event.TSM_ANSWERED]


@pytest.mark.parametrize("status", [Status.OPEN, Status.WAITING, Status.CLOSED])
def test_that_a_ticket_is_technical_may_be_confirmed(status: Status) -> None:
    made = plan("/technical", technical=True, status=status)
    assert events(made) == [Event.CATEGORIZED]
    assert made.steps[0].labels == {"technical": "yes"}


def test_what_goes_on_in_another_ticket_is_not_reopened() -> None:
    assert "it goes on in T-9" in refusal("/reopen\nStill broken.", status=Status.CLOSED, merged_into=9)


def test_what_is_reopened_may_go_another_way() -> None:
    made = plan("/works\n/reopen\n/close\nIt was the other tray.", status=Status.RESOLVED)
    assert events(made)[:3] == [Event.CLIENT_CONFIRMED, Event.REOPENED, Event.CLOSED]


def test_what_leads_to_the_end_leads_nowhere_from_there() -> None:
    assert "impossible while the ticket is closed" in refusal("/waiting\nWhy?", status=Status.CLOSED)


@pytest.mark.parametrize("command", ["/resolve", "/close", "/waiting"])
def test_a_command_behind_a_split_finds_the_ticket_as_the_split_leaves_it(command: str) -> None:
    written = read_commands(f"/split\n{command}\nSwitched on.")
    request = Request(
        ticket=a_ticket(), author=ANA, rules=some_rules(), words=written.words, others={}, now=NOON,
        client_mails=2, found_in=Status.CLOSED,
    )  # fmt: skip
    made = make_plan(written, request)
    assert isinstance(made, Refusal)
    assert "impossible while the ticket is closed" in made.because


@pytest.mark.parametrize("text", ["/note\n\n/urgency 1 was wrong.", "/update\n\n/usr is full."])
def test_words_that_stay_in_the_house_or_name_no_command_may_begin_with_a_slash(text: str) -> None:
    assert plan(text).words == text.partition("\n\n")[2]


@pytest.mark.parametrize(
    "name",
    [
        *("Ana Ruiz <ana@acme.example>", "ana@acme.example", "ana@acme.example<mailto:ana@acme.example>"),
        *("MAILTO:ana@acme.example", "[ana@acme.example](mailto:ana@acme.example)"),
    ],
)
def test_a_person_is_known_by_what_a_mail_client_makes_of_them(name: str) -> None:
    assert plan(f"/assign {name}", assignee="Lena Lead").steps[0].changes == {"assignee": "Ana Ruiz"}


@pytest.mark.parametrize(
    "written",
    [
        *("Bob <bob@client.example>", "bob@client.example<mailto:bob@client.example>", "<bob@client.example>"),
        *(
            "MAILTO:bob@client.example",
            "<MAILTO:bob@client.example>",
            "[bob@client.example](mailto:bob@client.example)",
        ),
        *("[Bob Kunde](mailto:bob@client.example?subject=x)", "bob@client.example [mailto:bob@client.example]"),
    ],
)
def test_an_address_is_known_by_what_a_mail_client_makes_of_it(written: str) -> None:
    assert plan(f"/cc add {written}").steps[0].addresses == ("bob@client.example",)


def test_a_category_is_known_by_its_title() -> None:
    assert find_named("E-Mail and Calendar", {"email": 1}, what="category", besides={"E-mail and calendar": 1}) == 1


def test_an_engineer_may_note_and_not_resolve() -> None:
    assert events(plan("/note\nSee the core dump.", author="Eva Engineer")) == [Event.NOTED]
    assert "an engineer may not do this" in refusal("/resolve\nFixed.", author="Eva Engineer")


def test_several_commands_and_the_answer_happen_together() -> None:
    made = plan("/take\n/category network\n/urgency 1\n/eta tomorrow 15:00\nWe replace the router.")
    assert events(made) == [
        Event.ASSIGNED,
        Event.CATEGORIZED,
        Event.PRIORITIZED,
        Event.ESTIMATED,
        Event.TSM_ANSWERED,
    ]
    assert made.steps[3].changes["eta_at"] == datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def test_a_category_decides_a_ticket_that_nobody_had_decided_about() -> None:
    made = plan("/category network", status=Status.NEW, technical=None, category=None)
    assert events(made) == [Event.TRIAGED]
    assert made.steps[0].labels == {"category": "network", "technical": "yes"}


def test_urgency_and_impact_give_the_priority_of_the_matrix() -> None:
    made = plan("/urgency 1\n/impact 1")
    last = follow(a_ticket(), made.steps, priorities().matrix)[-1]
    assert (last.urgency, last.impact, last.priority) == (1, 1, 1)


def test_a_hand_off_is_taken_back_with_one_word() -> None:
    made = plan("/technical", status=Status.HANDED_OFF, technical=False, team="Finance", assignee=None)
    last = follow(a_ticket(status=Status.HANDED_OFF, team="Finance"), made.steps, priorities().matrix)[-1]
    assert (last.status, last.team, last.technical) == (Status.OPEN, None, True)


def test_the_tickets_that_commands_name_are_known_beforehand() -> None:
    assert named_tickets(read_commands("/merge t-9\n/link #12\n/link [T-3]\n/urgency 1"), "T") == [9, 12, 3, 1]


def test_a_name_may_be_cut_short_where_only_one_is_meant() -> None:
    assert plan("/assign ana", assignee="Lena Lead").steps[0].changes == {"assignee": "Ana Ruiz"}


def test_every_command_says_what_it_does() -> None:
    assert all((order.read.__doc__ or "").startswith(f"`/{name}") for name, order in CATALOGUE.items())
