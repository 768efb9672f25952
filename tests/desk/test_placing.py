"""Own words that a tap has placed in a ticket go there alone, and as they were shown."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import Message
from itertools import count

import pytest
from sqlalchemy import Connection

from maild.mail.message import Address, Attachment, Forwarded, Mail
from maild.mail.quoting import REPLY_DELIMITER, new_text
from maild.process.decision import Decision
from maild.process.incident import Standing
from maild.process.policy import ReplyLimits
from maild.process.ticket import Event, Outcome
from maild.process.trust import TrustMethod
from maild.store.desk import incidents
from maild.store.desk.incidents import NewIncident
from maild.store.engine import Store
from tests.desk.test_triage import VOUCHED, offered, text_of
from tests.desk.test_whose import forwarded, own_words
from tests.support.desks import Desk, follow_up
from tests.support.making import ANA, EVA, NOON, a_mail, a_team, some_rules

BEA, CARL = "bea@client.example", "carl@other.example"
TWO = {"subject": "About T-1 and T-2"}


@dataclass(kw_only=True)
class Placing:
    """A desk with two clients' tickets, and what Ana writes to its plain address; every step is a minute later."""

    desk: Desk
    steps: "count[int]" = field(default_factory=lambda: count(1))

    def later(self) -> datetime:
        return NOON + timedelta(minutes=next(self.steps))

    def written(self, mail: Mail) -> Decision:
        return self.desk.arrive(mail, now=self.later())

    def tapped(self, message: Message, what: str) -> Decision:
        return self.desk.arrive(a_tap(message, what, next(self.steps)), now=self.later())

    def said_yes(self, message: Message) -> Decision:
        number = next(self.steps)
        yes = follow_up(
            message, author=Address(address=ANA.addresses[0]), message_id=f"<yes-{number}@x>", authentication=VOUCHED,
            fingerprint=f"{number:064}", text="Yes", new_text="Yes", in_reply_to=(str(message["Message-ID"]),),
        )  # fmt: skip
        return self.desk.arrive(yes, now=self.later())

    def ordered(self, text: str) -> Decision:
        """Ana writes commands in answer to a mail of T-1."""
        ana = Address(address=ANA.addresses[0], name="Ana Ruiz")
        answer = follow_up(
            self.desk.mail_of("assignment"), author=ana, message_id="<orders@acme.example>", fingerprint="9" * 64,
            text=text, new_text=text, authentication=VOUCHED,
        )  # fmt: skip
        return self.desk.arrive(answer, now=self.later())

    def came_in_again(self, mail: Mail) -> Decision:
        return self.desk.arrive_again(mail, now=self.later())

    def placed(self, mail: Mail, ticket: str) -> Message:
        """The confirmation that is asked for once the tap on this ticket has been done."""
        self.tapped(self.desk.mail_of("whose"), ticket)
        assert self.came_in_again(mail).event is Event.CONFIRMATION_ASKED
        return self.confirmation()

    def confirmation(self) -> Message:
        return self.desk.newest("confirm", ANA.addresses[0])


def a_tap(message: Message, what: str, number: int) -> Mail:
    return a_mail(
        author=Address(address=ANA.addresses[0]), message_id=f"<tap-{number}@acme.example>",
        fingerprint=f"{number:064}", to=(Address(address=offered(message)[what]),), new_text="", text="",
        subject=f"T-1 {what}", authentication=VOUCHED,
    )  # fmt: skip


@pytest.fixture
def placing(store: Store) -> Placing:
    team = a_team(people=(*a_team().people, ANA, EVA))
    desk = Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail())
    other = a_mail(author=Address(address=CARL), message_id="<carl@other>", fingerprint="c" * 64, subject="Printer")
    desk.arrive(other)
    return Placing(desk=desk)


def shown_in(message: Message) -> str:
    return " ".join(text_of(message).split())


def confirmed_in(message: Message) -> list[str]:
    """The lines that a confirmation shows as the message."""
    lines = text_of(message).partition("The message:")[2].splitlines()
    return [line[2:] for line in lines if line.startswith(">")]


def answered_in(message: Message) -> str:
    """The words that a client gets, without what maild says around them."""
    lines = text_of(message).replace("\r", "").partition("\n-- \n")[0].splitlines()
    return "\n".join(line for line in lines if REPLY_DELIMITER not in line).strip()


def test_a_mail_that_holds_a_forwarded_one_and_is_confirmed_is_its_authors_own(placing: Placing) -> None:
    inner = Forwarded(author=Address(address=CARL), subject="Printer", text="It is broken.", message_id=None)
    mail = follow_up(
        placing.desk.mail_of("assignment"), author=Address(address=ANA.addresses[0]), message_id="<fw@acme.example>",
        fingerprint="8" * 64, text="/note\nAs Carl says.", new_text="/note\nAs Carl says.", forwarded=inner,
    )  # fmt: skip
    assert placing.written(mail).event is Event.CONFIRMATION_ASKED
    placing.tapped(placing.confirmation(), "release")
    decision = placing.came_in_again(mail)
    assert (decision.outcome, decision.ticket) == (Outcome.COMMAND, 1)


@pytest.mark.parametrize("by", ["tap", "yes"])
def test_what_was_confirmed_for_one_client_is_never_sent_to_another(placing: Placing, by: str) -> None:
    placing.written(mail := own_words(**TWO, text="Please turn the blue switch."))
    first = placing.placed(mail, "T-1")
    assert f"its words go to {BEA}" in shown_in(first)
    second = placing.placed(mail, "T-2")
    before = placing.desk.written_to(CARL)
    placing.tapped(first, "release") if by == "tap" else placing.said_yes(first)
    assert placing.came_in_again(mail).event is Event.CONFIRMATION_ASKED
    asked = placing.confirmation()
    assert asked["Message-ID"] != second["Message-ID"]
    assert f"its words go to {CARL}" in shown_in(asked)
    assert placing.desk.written_to(CARL) == before
    placing.tapped(asked, "release")
    assert (placing.came_in_again(mail).outcome, placing.desk.written_to(BEA)) == (Outcome.RELAY, ["acknowledgement"])
    assert "blue switch" in text_of(placing.desk.last_to(CARL))


@pytest.mark.parametrize("by", ["tap", "yes"])
def test_the_confirmation_of_the_last_choice_lets_through(placing: Placing, by: str) -> None:
    placing.written(mail := own_words(**TWO))
    placing.placed(mail, "T-1")
    second = placing.placed(mail, "T-2")
    placing.tapped(second, "release") if by == "tap" else placing.said_yes(second)
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert "restart it once more" in text_of(placing.desk.last_to(CARL))


LEAK = f"Bea: restart it. The same happens to {CARL}."


def test_what_the_guard_held_in_one_ticket_is_not_sent_in_another_by_one_tap(placing: Placing) -> None:
    placing.written(mail := own_words(**TWO, text=LEAK.replace(CARL, f"{BEA} and {CARL}")))
    placing.tapped(placing.placed(mail, "T-1"), "release")
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    before = placing.desk.written_to(CARL)
    confirmation = placing.placed(mail, "T-2")
    assert placing.desk.written_to(CARL) == before
    placing.tapped(confirmation, "release")
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    placing.tapped(placing.desk.newest("leak", ANA.addresses[0]), "relay")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert "restart it" in text_of(placing.desk.last_to(CARL))


def test_what_the_guard_holds_is_let_through_by_its_own_question_alone(placing: Placing) -> None:
    placing.written(mail := own_words(**TWO, text=f"Carl: restart it. The same happens to {BEA}."))
    outdated = placing.placed(mail, "T-1")
    placing.tapped(placing.placed(mail, "T-2"), "release")
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    before = placing.desk.written_to(CARL)
    placing.tapped(outdated, "release")
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    assert placing.desk.written_to(CARL) == before


@pytest.mark.parametrize("order", [("T-1", "T-2"), ("T-2", "T-1")])
def test_of_two_choices_that_come_in_together_the_later_one_is_meant(placing: Placing, order: tuple[str, str]) -> None:
    placing.written(mail := own_words(**TWO))
    question = placing.desk.mail_of("whose")
    taps = [a_tap(question, what, number) for number, what in enumerate(order, start=50)]
    placing.desk.arrive_together(taps, now=placing.later())
    assert placing.came_in_again(mail).ticket == int(order[1].removeprefix("T-"))


INSIDE = "Hello Bea,\n\n> --^--^-- Please answer above this line\n> The VPN does not connect.\n\nThe internal price is 17 EUR, tell nobody."


@pytest.mark.parametrize(
    "text",
    [
        INSIDE,
        "Hello Bea,\n\n> The VPN does not connect.\n\nTry the other gateway.",
        "/urgency 1\n\nHello Bea,\n\nOn Monday, Bea wrote:\n> It is broken.\n\nIt will be mended.",
        "On Monday, Bea wrote:\n> It is broken.\n\n/waiting\nWhich gateway is it?",
    ],
)
def test_what_is_let_through_is_what_was_shown_however_it_is_quoted(placing: Placing, text: str) -> None:
    placing.written(mail := own_words(text=text, new_text=new_text(text)))
    shown = confirmed_in(placing.placed(mail, "T-1"))
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).outcome in {Outcome.RELAY, Outcome.COMMAND}
    words = [line for line in shown if not line.startswith("/")]
    assert "\n".join(words).strip() == answered_in(placing.desk.last_to(BEA))


def test_every_file_that_would_go_is_named(placing: Placing) -> None:
    files = tuple(
        Attachment(name=f"file-{number}.pdf", media_type="application/pdf", size=10, digest=f"{number:064}")
        for number in range(40)
    )
    placing.written(mail := own_words(attachments=files))
    shown = shown_in(placing.placed(mail, "T-1"))
    assert all(each.name in shown for each in files)


def test_the_words_of_a_tap_from_another_address_are_shown_as_they_would_go(placing: Placing) -> None:
    asked = a_tap(placing.desk.mail_of("assignment"), "waiting", 60)
    phone = replace(asked, author=Address(address="ana@phone.example"), text=INSIDE, new_text=new_text(INSIDE))
    placing.written(phone)
    shown = confirmed_in(placing.confirmation())
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(phone).outcome is Outcome.COMMAND
    assert "\n".join(shown).strip() == answered_in(placing.desk.last_to(BEA))


DORA = "dora@elsewhere.example"
MANY = [f"person-{number:02}@elsewhere.example" for number in range(30)]


def let_through(placing: Placing, text: str) -> tuple[str, set[str]]:
    """What the confirmation says of where the words go, and who of the outside gets them then."""
    placing.written(mail := own_words(text=text))
    placing.placed(mail, "T-1")
    said = shown_in(placing.confirmation()).partition("its words go to ")[2].partition(" The message:")[0]
    before = len(placing.desk.written())
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).outcome in {Outcome.RELAY, Outcome.COMMAND}
    got = {to for kind, to in placing.desk.written()[before:] if not to.endswith("@acme.example")}
    return said, got


@pytest.mark.parametrize(
    ("text", "readers"),
    [
        ("Here it is.", [BEA]),
        (f"/client {DORA}\n\nHere it is.", [DORA]),
        (f"/cc add {DORA}\n\nHere it is.", [BEA, DORA]),
        (f"/client {DORA}\n/cc add {CARL}\n\nHere it is.", [DORA, CARL]),
        (f"/waiting\n/cc add {DORA}\n\nIs it there?", [BEA]),
        (f"/cc add {DORA}\n/waiting\n\nIs it there?", [BEA, DORA]),
        ("\n".join(f"/cc add {each}" for each in MANY) + "\n\nHere it is.", [BEA, *MANY]),
    ],
)
def test_all_who_would_get_the_words_are_named(placing: Placing, text: str, readers: list[str]) -> None:
    assert let_through(placing, text) == (", ".join(readers), set(readers))


@pytest.mark.parametrize(
    ("text", "readers"),
    [
        ("Here it is.", [BEA, DORA]),
        (f"/cc remove {DORA}\n\nHere it is.", [BEA]),
        (f"/client {DORA}\n\nHere it is.", [DORA]),
        ("/undo\n\nHere it is.", [BEA]),
    ],
)
def test_those_who_take_part_already_are_named(placing: Placing, text: str, readers: list[str]) -> None:
    placing.ordered(f"/cc add {DORA}")
    assert let_through(placing, text) == (", ".join(readers), set(readers))


def test_where_the_words_go_to_an_incident_all_of_its_clients_are_named(placing: Placing) -> None:
    assert let_through(placing, "/incident declare\n\nWe are on it.") == (f"all clients of the incident: {BEA}", {BEA})


def test_who_would_get_the_words_now_is_asked_about_anew_where_it_was_somebody_else(placing: Placing) -> None:
    placing.written(mail := own_words())
    confirmation = placing.placed(mail, "T-1")
    placing.ordered(f"/client {DORA}")
    placing.tapped(confirmation, "release")
    assert placing.came_in_again(mail).event is Event.CONFIRMATION_ASKED
    assert placing.desk.written_to(DORA) == []
    assert f"its words go to {DORA}" in shown_in(placing.confirmation())
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert placing.desk.written_to(DORA) == ["answer"]


def test_what_its_author_says_to_have_sent_to_the_client_themselves_is_only_recorded(placing: Placing) -> None:
    before = placing.desk.written_to(BEA)
    placing.written(mail := own_words(cc=(Address(address=BEA),), authentication=()))
    placing.tapped(placing.placed(mail, "T-1"), "release")
    assert placing.came_in_again(mail).event is Event.ANSWERED_DIRECTLY
    assert placing.desk.written_to(BEA) == before


def test_who_confirms_what_they_gave_up_before_hears_that_nothing_was_done(placing: Placing) -> None:
    placing.written(mail := own_words())
    confirmation = placing.placed(mail, "T-1")
    placing.tapped(placing.desk.mail_of("whose"), "")
    decision = placing.tapped(confirmation, "release")
    assert (decision.event, decision.ticket) == (Event.COMMAND_REFUSED, 1)
    assert placing.desk.written()[-1] == ("refused_commands", ANA.addresses[0])
    assert "was given up before this; send it again" in shown_in(placing.desk.last_to(ANA.addresses[0]))
    assert placing.desk.rows("SELECT outcome FROM mails WHERE id = 3")[0].outcome == "unrelated"


@pytest.mark.parametrize("mail", [own_words(), forwarded(subject="Printer")])
def test_who_chooses_a_ticket_for_what_they_gave_up_before_hears_it_in_that_ticket(
    placing: Placing, mail: Mail
) -> None:
    placing.written(mail)
    placing.tapped(placing.desk.mail_of("whose"), "")
    decision = placing.tapped(placing.desk.mail_of("whose"), "T-1")
    assert (decision.event, decision.ticket) == (Event.COMMAND_REFUSED, 1)
    said = shown_in(placing.desk.newest("refused_commands", ANA.addresses[0]))
    assert "was given up before this; send it again if you want it to happen after all" in said


def test_who_taps_twice_on_a_ticket_for_what_has_gone_hears_it_in_that_ticket(placing: Placing) -> None:
    placing.written(mail := forwarded(subject="Printer"))
    placing.tapped(placing.desk.mail_of("whose"), "T-1")
    assert placing.came_in_again(mail).ticket == 1
    assert placing.tapped(placing.desk.mail_of("whose"), "T-1").ticket == 1
    assert "already done" in shown_in(placing.desk.newest("refused_commands", ANA.addresses[0]))


def test_who_confirms_in_one_ticket_what_has_gone_in_another_hears_that_it_stays_so(placing: Placing) -> None:
    placing.written(mail := own_words(**TWO))
    first = placing.placed(mail, "T-1")
    placing.tapped(placing.placed(mail, "T-2"), "release")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert placing.tapped(first, "release").event is Event.COMMAND_REFUSED
    assert "is no longer being held" in shown_in(placing.desk.last_to(ANA.addresses[0]))
    assert placing.desk.written_to(BEA) == ["acknowledgement"]


def test_the_tap_on_a_ticket_asks_again_where_the_limit_withheld_the_confirmation(placing: Placing) -> None:
    desk = placing.desk
    desk.rules = replace(desk.rules, policy=replace(desk.rules.policy, limits=ReplyLimits(confirmations=1)))
    placing.written(mail := own_words(**TWO))
    placing.tapped(desk.mail_of("whose"), "T-1")
    assert placing.came_in_again(mail).event is Event.CONFIRMATION_ASKED
    assert "confirm" not in desk.written_to(ANA.addresses[0])
    later = NOON + timedelta(hours=2)
    again = a_tap(desk.mail_of("whose"), "T-1", 90)
    assert desk.arrive(again, now=later).outcome is Outcome.COMMAND
    assert desk.arrive_again(mail, now=later + timedelta(minutes=1)).event is Event.CONFIRMATION_ASKED
    desk.arrive(a_tap(placing.confirmation(), "release", 91), now=later + timedelta(minutes=2))
    assert desk.arrive_again(mail, now=later + timedelta(minutes=3)).outcome is Outcome.RELAY
    assert "restart it once more" in text_of(desk.last_to(BEA))


def test_who_chooses_a_ticket_anew_confirms_anew_and_meets_the_guard_anew(placing: Placing) -> None:
    placing.written(mail := own_words(**TWO, text=LEAK))
    first = placing.placed(mail, "T-1")
    placing.tapped(first, "release")
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    leak = placing.desk.newest("leak", ANA.addresses[0])
    placing.tapped(leak, "relay")
    placing.tapped(placing.desk.mail_of("whose"), "T-2")
    assert placing.came_in_again(mail).event is Event.CONFIRMATION_ASKED
    again = placing.placed(mail, "T-1")
    placing.tapped(again, "release")
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    assert placing.desk.written_to(BEA) == ["acknowledgement"]


def test_the_guard_looks_anew_at_what_somebody_else_would_get_by_now(placing: Placing) -> None:
    placing.written(mail := own_words(text=LEAK))
    placing.tapped(placing.placed(mail, "T-1"), "release")
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    placing.ordered(f"/client {DORA}")
    placing.tapped(placing.desk.newest("leak", ANA.addresses[0]), "relay")
    assert placing.came_in_again(mail).event is Event.CONFIRMATION_ASKED
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).event is Event.RELAY_HELD
    placing.tapped(placing.desk.newest("leak", ANA.addresses[0]), "relay")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert placing.desk.written_to(DORA) == ["answer"]


def unvouched(placing: Placing, text: str, message: Message | None = None) -> Mail:
    """Ana answers a mail of the desk's, and nothing vouches for her."""
    ana = Address(address=ANA.addresses[0], name="Ana Ruiz")
    number = next(placing.steps)
    return follow_up(
        message or placing.desk.mail_of("assignment"), author=ana, message_id=f"<plain-{number}@x>", text=text,
        fingerprint=f"{number:064}", new_text=text,
    )  # fmt: skip


@pytest.mark.parametrize("by", ["tap", "yes"])
def test_a_held_answer_names_its_readers_and_is_asked_about_anew_where_they_have_changed(
    placing: Placing, by: str
) -> None:
    assert placing.written(mail := unvouched(placing, "Restart it.")).event is Event.CONFIRMATION_ASKED
    first = placing.confirmation()
    assert f"does not vouch for its author; once let through, its words go to {BEA} The message" in shown_in(first)
    placing.ordered(f"/client {DORA}")
    placing.tapped(first, "release") if by == "tap" else placing.said_yes(first)
    assert placing.came_in_again(mail).event is Event.CONFIRMATION_ASKED
    assert placing.desk.written_to(DORA) == []
    assert f"its words go to {DORA} The message" in shown_in(placing.confirmation())
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).outcome is Outcome.RELAY
    assert placing.desk.written_to(DORA) == ["answer"]


def test_a_held_note_names_nobody_and_goes_on_for_whomever(placing: Placing) -> None:
    placing.written(mail := unvouched(placing, "/note\nShe has paid."))
    assert "words go to" not in shown_in(placing.confirmation())
    placing.ordered(f"/client {DORA}")
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(mail).outcome is Outcome.COMMAND


def test_the_words_of_a_tap_from_another_address_are_asked_about_anew_for_others(placing: Placing) -> None:
    asked = a_tap(placing.desk.mail_of("assignment"), "waiting", 60)
    phone = replace(asked, author=Address(address="ana@phone.example"), text="Is it on?", new_text="Is it on?")
    placing.written(phone)
    first = placing.confirmation()
    assert f"/waiting; once let through, its words go to {BEA} The message" in shown_in(first)
    placing.ordered(f"/cc add {DORA}")
    placing.tapped(first, "release")
    assert placing.came_in_again(phone).event is Event.CONFIRMATION_ASKED
    assert placing.desk.written_to(DORA) == []
    placing.tapped(placing.confirmation(), "release")
    assert placing.came_in_again(phone).outcome is Outcome.COMMAND
    assert placing.desk.written_to(DORA) == ["answer"]


def joined(placing: Placing, number: int | None, ticket: int, *, now: datetime = NOON) -> int:
    """The ticket belongs to the proposed incident of this number; to a new one where there is none."""
    new = NewIncident(
        head=ticket, standing=Standing.PROPOSED, title="VPN", facts=None, mail=1
    )  # fmt: skip

    def join(connection: Connection) -> int:
        known = number or incidents.add_incident(connection, new, now=now)
        incidents.join(connection, known, [ticket], because="alike", is_late=False, now=now)
        return known

    return placing.desk.store.transact(join)


@pytest.mark.parametrize("is_placed", [True, False])
def test_who_has_joined_an_incident_since_is_asked_about(placing: Placing, is_placed: bool) -> None:
    incident = joined(placing, None, 1)
    text = "/incident declare\n\nWe know of it."
    placing.written(mail := own_words(text=text) if is_placed else unvouched(placing, text))
    first = placing.placed(mail, "T-1") if is_placed else placing.confirmation()
    assert f"all clients of the incident: {BEA} The message" in shown_in(first)
    joined(placing, incident, 2)
    placing.tapped(first, "release")
    assert placing.came_in_again(mail).event is Event.CONFIRMATION_ASKED
    assert "answer" not in placing.desk.written_to(CARL)
    assert f"all clients of the incident: {BEA}, {CARL} The message" in shown_in(placing.confirmation())
    placing.tapped(placing.confirmation(), "release")
    placing.came_in_again(mail)
    assert (placing.desk.written_to(BEA)[-1], placing.desk.written_to(CARL)[-1]) == ("answer", "answer")
