"""A ticket is closed: whoever solved it says by mail what it teaches, and that becomes an article."""

from dataclasses import replace
from datetime import timedelta
from email.message import Message

import pytest

from maild.process.clocks.kinds import Clock
from maild.process.policy import PostMortem, ReplyLimits, Suggestions
from maild.process.ticket import Event, Outcome
from maild.store.engine import Store
from tests.desk.post_mortems import LATER, NED_AT, Learning, quoted
from tests.desk.test_triage import tap, text_of
from tests.support.closings import reply
from tests.support.desks import UNSURE
from tests.support.making import NOON, a_mail, verdicts

CLIENT = "bea@client.example"


@pytest.fixture
def desk(store: Store) -> Learning:
    return Learning(store)


def to_clients(desk: Learning) -> list[str]:
    return desk.written_to(CLIENT)


def live(desk: Learning) -> list[str]:
    return [row.kind for row in desk.rows("SELECT kind FROM deadlines WHERE settled_at IS NULL")]


def test_the_form_comes_filled_in_with_what_the_ticket_tells(desk: Learning) -> None:
    form = text_of(desk.solves()).replace("\r\n", "\n")
    for heading, said in (
        ("Problem", "VPN is down"),
        ("Symptoms", "VPN error 809 since the update."),
        ("Root cause", "…"),
    ):
        assert f"{heading}:\n\n{said}" in form
    assert "Fix:\n\nplease renew the certificate." in form
    assert "Hello Bea" not in form
    assert live(desk) == [Clock.POST_MORTEM]


def test_one_sentence_makes_an_article_of_it(desk: Learning) -> None:
    form = desk.solves()
    said = desk.says(f"The certificate had expired.\n\nNed{quoted(form)}", form)
    assert said.outcome is Outcome.COMMAND
    [(name, version, body)] = desk.articles()
    assert (name, version) == ("1-vpn-is-down", 1)
    assert "## Root cause\n\nThe certificate had expired." in body
    assert "## Fix\n\nplease renew the certificate." in body
    assert live(desk) == []


def test_what_is_said_stands_instead_of_what_was_filled_in(desk: Learning) -> None:
    form = desk.solves()
    desk.says(f"Fix: a new certificate\nTips: see the calendar{quoted(form)}", form)
    body = desk.articles()[0][2]
    assert "a new certificate" in body
    assert "please renew" not in body


def test_a_second_answer_is_the_next_version(desk: Learning) -> None:
    form = desk.solves()
    desk.says(f"It had expired.{quoted(form)}", form)
    desk.says(f"Prevention: watch the date{quoted(form)}", form)
    assert [(name, version) for name, version, _ in desk.articles()] == [("1-vpn-is-down", 1), ("1-vpn-is-down", 2)]
    assert "It had expired." in desk.articles()[1][2]
    assert "watch the date" in desk.articles()[1][2]


def test_nothing_of_the_form_ever_reaches_the_client(desk: Learning) -> None:
    form = desk.solves()
    before = to_clients(desk)
    desk.says(f"Their admin is careless.{quoted(form)}", form)
    desk.says("/article\n\nA secret of the house", form)
    desk.says("nothing", form)
    assert to_clients(desk) == before
    assert "careless" not in "".join(text_of(desk.last_to(CLIENT)))


def test_a_client_who_answers_the_form_writes_no_article(desk: Learning) -> None:
    form = desk.solves()
    desk.says(f"Root cause: you are all fools{quoted(form)}", form, author=CLIENT)
    desk.says(f"Root cause: me too{quoted(form)}", form, author="mallory@evil.example")
    assert desk.articles() == []


def test_one_word_or_one_tap_says_that_there_is_nothing_to_learn(desk: Learning) -> None:
    form = desk.solves()
    desk.says(f"Nothing{quoted(form)}", form)
    other = desk.solves(number=2)
    tap(desk, other, "nothing", NED_AT)
    assert desk.events().count(Event.POST_MORTEM_DECLINED) == 2
    assert (desk.articles(), live(desk)) == ([], [])


@pytest.mark.parametrize(("language", "word"), [("en", "nothing"), ("de", "nichts"), ("fr", "rien"), ("es", "nada")])
def test_a_form_offers_the_word_of_its_language_and_reads_it(desk: Learning, language: str, word: str) -> None:
    desk.rules = replace(desk.rules, desk=replace(desk.rules.desk, languages=(language,)))
    desk.voice = replace(desk.voice, desk=desk.rules.desk)
    form = desk.solves()
    assert [line for line in text_of(form).splitlines() if line.endswith(f": {word}")]
    desk.says(f"{word.capitalize()}.{quoted(form)}", form)
    assert desk.events().count(Event.POST_MORTEM_DECLINED) == 1


def time_spent(message: Message) -> str:
    return text_of(message).replace("\r\n", "\n").partition("Time spent:\n\n")[2].partition("\n")[0]


def test_a_form_is_reminded_of_once(desk: Learning) -> None:
    spent = time_spent(desk.solves())
    assert desk.pass_time(NOON + timedelta(days=1)) == []
    assert desk.pass_time(NOON + timedelta(days=4)) == [Event.POST_MORTEM_REMINDED]
    assert desk.pass_time(NOON + timedelta(days=40)) == []
    assert desk.written_to(NED_AT).count("post_mortem") == 2
    assert "the only reminder" in " ".join(text_of(desk.last_to(NED_AT)).split())
    assert time_spent(desk.last_to(NED_AT)) == spent, "time goes on, and the work on a closed ticket does not"


def test_the_reminder_can_be_answered_too(desk: Learning) -> None:
    form = desk.solves()
    desk.pass_time(NOON + timedelta(days=4))
    desk.says(f"It had expired.{quoted(form)}", desk.newest("post_mortem", NED_AT), now=NOON + timedelta(days=5))
    assert len(desk.articles()) == 1


def test_a_reopened_ticket_is_not_reminded_of(desk: Learning) -> None:
    desk.solves()
    desk.says("/reopen\n\nIt is back", desk.newest("assignment", NED_AT))
    assert Clock.POST_MORTEM not in live(desk)


@pytest.mark.parametrize(
    ("policy", "because"),
    [(PostMortem(ask=False), "off"), (PostMortem(skip_below=9), "it took 2 mails, and [post_mortem] skip_below is 9")],
)
def test_who_is_not_asked_is_counted_with_the_reason(store: Store, policy: PostMortem, because: str) -> None:
    desk = Learning(store, policy)
    assignment = desk.asks("VPN", "VPN is down")
    desk.says("It is the cable.", assignment)
    desk.says("/close\n\nDone.", assignment)
    assert because in desk.reasons("post_mortem_skipped")[0]
    assert "post_mortem" not in desk.written_to(NED_AT)


def test_what_is_not_technical_teaches_the_desk_nothing(desk: Learning) -> None:
    rules = replace(desk.rules, desk=replace(desk.rules.desk, front_team=None))
    desk.rules = rules
    desk.arrive(a_mail(), tuple(verdicts(kind="person", technical="no", category=None).values()))
    assert desk.rows("SELECT technical FROM tickets")[0].technical in (0, False)
    desk.says("It is in your inbox.")
    desk.says("/close\n\nDone.", desk.newest("assignment", NED_AT))
    assert desk.reasons("post_mortem_skipped") == ["it is not technical"]


def test_what_nobody_has_called_technical_or_not_may_teach_something(desk: Learning) -> None:
    desk.arrive(a_mail(), UNSURE)
    desk.says("/close\n\nIt was the cable.", desk.newest("assignment", NED_AT))
    assert desk.rows("SELECT technical FROM tickets")[0].technical is None
    assert desk.events().count(Event.POST_MORTEM_ASKED) == 1


def test_as_many_mails_as_it_takes_are_enough(store: Store) -> None:
    desk = Learning(store, PostMortem(skip_below=2))
    desk.solves()
    assert desk.events().count(Event.POST_MORTEM_ASKED) == 1


def test_each_closing_asks_anew_and_a_mail_that_closes_twice_asks_once(desk: Learning) -> None:
    desk.solves()
    desk.says("/reopen\n\nIt is back", desk.newest("assignment", NED_AT))
    desk.says("/close\n\nNow it is really over", desk.newest("assignment", NED_AT))
    assert (desk.events().count(Event.POST_MORTEM_ASKED), desk.written_to(NED_AT).count("post_mortem")) == (2, 2)
    assignment = desk.asks("Printer", "The printer does not print.", 2)
    desk.says("/resolve\n\nThe tray was empty.", assignment)
    desk.says("/works\n/reopen\n/close\n\nShe rang: it was the other tray.", assignment)
    ended = {Event.CLIENT_CONFIRMED, Event.REOPENED, Event.CLOSED}
    assert ended <= {row.event for row in desk.rows("SELECT event FROM events WHERE ticket_id = 2")}
    assert (desk.events().count(Event.POST_MORTEM_ASKED), desk.written_to(NED_AT).count("post_mortem")) == (3, 3)


@pytest.mark.parametrize("command", ["/spam", "/merge T-1"])
def test_spam_and_merged_tickets_teach_nothing(desk: Learning, command: str) -> None:
    desk.asks("VPN", "VPN is down")
    desk.says(command, desk.asks("VPN", "VPN is down again", 2))
    assert not {Event.POST_MORTEM_ASKED, Event.POST_MORTEM_SKIPPED}.intersection(desk.events())


def test_article_adds_to_the_article_before_the_ticket_is_closed(desk: Learning) -> None:
    assignment = desk.asks("VPN", "VPN error 809")
    before = to_clients(desk)
    desk.says("/article\n\nFix: renew the certificate", assignment)
    desk.says("/article\n\nLook at the clock of the machine first.", assignment)
    assert to_clients(desk) == before
    body = desk.articles()[1][2]
    assert "renew the certificate" in body
    assert "## Tips and tricks\n\nLook at the clock" in body


def alike(desk: Learning) -> Message:
    """Two tickets that teach the same; what is offered after the second."""
    for number in (1, 2):
        form = desk.solves(number=number)
        desk.says(f"The certificate of the VPN had expired.{quoted(form)}", form)
    return desk.newest("article_alike", NED_AT)


def test_nearly_identical_articles_are_offered_for_a_decision(desk: Learning) -> None:
    offer = alike(desk)
    assert "1-vpn-is-down" in text_of(offer)
    tap(desk, offer, "same 1-vpn-is-down", NED_AT)
    behind = {(row.name, row.ticket_id) for row in desk.rows("SELECT name, ticket_id FROM article_tickets")}
    assert {("1-vpn-is-down", 1), ("1-vpn-is-down", 2)} <= behind
    [retired] = desk.rows("SELECT name, retired_because FROM articles WHERE retired_at IS NOT NULL")
    assert tuple(retired) == ("2-vpn-is-down", "merged into 1-vpn-is-down")


def test_or_they_name_each_other(desk: Learning) -> None:
    tap(desk, alike(desk), "related 1-vpn-is-down", NED_AT)
    links = {(row.name, row.other) for row in desk.rows("SELECT name, other FROM article_links")}
    assert links == {("1-vpn-is-down", "2-vpn-is-down"), ("2-vpn-is-down", "1-vpn-is-down")}


def test_an_article_is_suggested_with_the_next_ticket_and_scored(desk: Learning) -> None:
    form = desk.solves()
    desk.says(f"The certificate had expired.{quoted(form)}", form)
    assignment = text_of(desk.asks("VPN error again", "Since the update VPN error 809 comes up", 2))
    assert "1-vpn-is-down" in assignment
    assert "809" in assignment.partition("1-vpn-is-down")[2]
    desk.says("Please renew it", desk.newest("assignment", NED_AT))
    desk.says("/close\n\nworks", desk.newest("assignment", NED_AT))
    tap(desk, desk.newest("post_mortem", NED_AT), "same 1-vpn-is-down", NED_AT)
    assert [row.outcome for row in desk.rows("SELECT outcome FROM suggestions")] == ["confirmed"]
    desk.says("/reopen\n\nIt is back", desk.newest("assignment", NED_AT), now=LATER + timedelta(hours=1))
    assert [row.outcome for row in desk.rows("SELECT outcome FROM suggestions")] == ["asked_again"]


def test_an_article_that_is_not_there_is_refused(desk: Learning) -> None:
    form = desk.solves()
    desk.says("/same no-such-article", form)
    assert "there is no article no-such-article" in text_of(desk.last_to(NED_AT))


def shown_to_client(desk: Learning, number: int, **fields: object) -> str:
    """What the acknowledgement of one more client with the same problem says."""
    desk.asks("VPN error 809", "VPN error 809 since the update", number, **fields)
    return text_of(desk.newest("acknowledgement", CLIENT))


def teach(desk: Learning, fix: str) -> None:
    """A ticket whose fix that is, and three more that were the same."""
    form = desk.solves("VPN error 809", "VPN error 809 since the update")
    desk.says(f"Root cause: careless\nFix: {fix}{quoted(form)}", form)
    for number in range(2, 5):
        form = desk.solves("VPN error 809", "VPN error 809 since the update", number)
        tap(desk, form, "same 1-vpn-error-809", NED_AT, number=number)


@pytest.mark.parametrize(
    ("policy", "is_shown"),
    [
        (Suggestions(), False),
        (Suggestions(to_clients=True, precision=0.4, at_least=3), True),
        (Suggestions(to_clients=True, precision=0.5, at_least=20), False),
        (Suggestions(to_clients=True, precision=0.9, at_least=3), False),
    ],
)
def test_clients_are_shown_what_helped_only_above_the_gate(
    store: Store, policy: Suggestions, *, is_shown: bool
) -> None:
    desk = Learning(store, suggestions=policy)
    teach(desk, "Please renew the certificate of your machine.")
    told = shown_to_client(desk, 9)
    assert ("renew the certificate" in told) is is_shown
    assert "careless" not in told
    assert ("client" in {row.audience for row in desk.rows("SELECT audience FROM suggestions")}) is is_shown
    desk.says("/update\n\nWe are looking at it.", desk.newest("assignment", NED_AT))
    ours = "SELECT outcome FROM suggestions WHERE ticket_id = (SELECT max(id) FROM tickets)"
    assert {row.outcome for row in desk.rows(ours)} == {None}, "only what was closed can come back"


@pytest.mark.parametrize(
    ("fix", "read_in"),
    [
        ("Please renew the certificate of your machine.", "en"),
        ("Bitte erneuern Sie das Zertifikat Ihres Rechners.", "de"),
        ("Please renew the certificate of your machine, Bea.", None),
        ("Please renew the certificate as in ticket T-3.", None),
        ("Please renew the certificate of bea@client.example.", None),
    ],
)
def test_what_helped_is_shown_in_its_own_language_alone_and_never_names_anybody(
    store: Store, fix: str, read_in: str | None
) -> None:
    """All tickets are in English: what their TSM wrote need not be."""
    policy = Suggestions(to_clients=True, precision=0.4, at_least=3)
    desk = Learning(store, suggestions=policy, limits=ReplyLimits(per_address=50))
    teach(desk, fix)
    beginning = fix.partition(" the ")[0].partition(" das ")[0]
    for number, language in ((8, "en"), (9, "de"), (10, "fr")):
        assert (beginning in shown_to_client(desk, number, language=language)) is (language == read_in)


def test_the_reason_of_a_closing_never_stands_where_clients_may_read_it(desk: Learning) -> None:
    assignment = desk.asks("VPN is down", "VPN error 809")
    desk.says("/close\n/note\n\nA difficult person; we did nothing at all.", assignment)
    form = desk.newest("post_mortem", NED_AT)
    desk.says(f"It went away by itself.{quoted(form)}", form)
    assert "## How it was found\n\nA difficult person" in desk.articles()[0][2]
    assert "## Fix" not in desk.articles()[0][2]


def test_what_was_taken_back_before_the_client_read_it_is_no_fix(desk: Learning) -> None:
    assignment = desk.asks("VPN is down", "VPN error 809")
    desk.says("/resolve\n\nReset the box of these people.", assignment)
    desk.says("/undo", assignment)
    desk.says("/close\n\nIt went away by itself.", assignment)
    assert "Reset the box" not in text_of(desk.newest("post_mortem", NED_AT))


def fix_of(desk: Learning) -> str:
    form = " ".join(text_of(desk.newest("post_mortem", NED_AT)).split())
    return form.partition(" Fix: ")[2].partition(" How it was found:")[0]


def test_what_the_client_said_did_not_help_is_no_fix(desk: Learning) -> None:
    assignment = desk.asks("VPN is down", "VPN error 809")
    desk.says("/resolve\n\nWe have reset the box.", assignment)
    reply(desk, "It still does not work.", "not_resolved")
    desk.says("/resolve\n\nWe have renewed the certificate.", assignment)
    reply(desk, "The VPN works, the printer does not yet.", "partly")
    desk.says("/resolve\n\nThe print queue stood still, too.", assignment)
    reply(desk, "Now it works, thanks.", "resolved")
    assert fix_of(desk).startswith("We have renewed the certificate. The print queue stood still, too.")
    assert "reset the box" not in fix_of(desk)


def test_the_form_says_what_clients_may_ever_read(desk: Learning) -> None:
    assert "Only the text under Fix may ever be shown to clients" in " ".join(text_of(desk.solves()).split())


def test_an_incident_is_asked_about_once(desk: Learning) -> None:
    for number in (1, 2):
        desk.asks("VPN is down", "VPN error 809", number)
    first, second = [
        desk.sent(row.id) for row in desk.rows("SELECT id FROM outbox WHERE kind = 'assignment' ORDER BY id")
    ]
    desk.says("/incident declare", first)
    desk.says("/incident join T-1", second)
    desk.says("/close\n\nThe line is back.", first)
    desk.says("/close\n\nYour line is back, too.", second)
    assert desk.events().count(Event.POST_MORTEM_ASKED) == 1
    assert "the incident T-1" in desk.reasons("post_mortem_skipped")[0]
