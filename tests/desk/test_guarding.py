"""The leak guard at work: what a TSM is shown so that they say it is no leak, and what is in files is looked at."""

from datetime import timedelta

from maild.mail.message import Address
from maild.process.decision import Decision
from maild.process.ticket import Event, Outcome
from maild.process.trust import TrustMethod
from maild.store.engine import Store
from tests.desk.test_triage import VOUCHED, text_of
from tests.support.desks import Desk, follow_up
from tests.support.making import ANA, NOON, a_mail, a_team, some_rules

BEA, CARL = "bea@client.example", "carl@other.example"
FIX = (
    "The certificate of your gateway had expired: please import the new one from the customer area, restart the VPN "
    "service, and then connect again as before."
)
COMPLAINT = "Our VPN does not connect since this morning, error 809 at the gateway."


def says(desk: Desk, text: str, number: int, kind: str = "assignment") -> Decision:
    answer = follow_up(
        desk.newest(kind, "ana@acme.example"),
        author=Address(address="ana@acme.example", name="Ana Ruiz"),
        message_id=f"<ana-{number}@acme.example>",
        fingerprint=f"{number:064}",
        new_text=text,
        text=text,
        authentication=VOUCHED,
    )
    return desk.arrive(answer, now=NOON + timedelta(minutes=number))


def test_what_solved_another_ticket_is_named_to_be_said_again(store: Store) -> None:
    team = a_team(people=(*a_team().people, ANA))
    desk = Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail(new_text=COMPLAINT, text=COMPLAINT, author=Address(address=CARL)))
    says(desk, f"/close\n{FIX}", 1)
    desk.arrive(a_mail(message_id="<2@x>", fingerprint="3" * 64, new_text=COMPLAINT, text=COMPLAINT))
    assert "import the new one" in " ".join(text_of(desk.newest("assignment", "ana@acme.example")).split())
    assert says(desk, f"Dear Bea,\n\n{FIX}", 2).outcome is Outcome.RELAY
    assert says(desk, f"As in T-1: {FIX}", 3).event is Event.RELAY_HELD


def test_a_note_of_this_ticket_stays_one_whatever_another_client_was_told(store: Store) -> None:
    team = a_team(people=(*a_team().people, ANA))
    desk = Desk(store, some_rules(team=team, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    desk.arrive(a_mail())
    note = "They have not paid since March, and the lawyer says that we must not touch their router before they do."
    says(desk, f"/note\n{note}", 1)
    decision = says(desk, note.replace("March", "April").replace("says", "thinks"), 2)
    assert decision.event is Event.RELAY_HELD
    assert "with small changes" in decision.because
