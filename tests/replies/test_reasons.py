"""Reasons are kept in English, and said in the language of those who read them."""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import maild
from maild.process.commands.moments import read_moment
from maild.process.ticket import Event, Status
from maild.replies.kinds import CLIENT, KINDS
from maild.replies.reasons.rows import LANGUAGES, cut, read_reasons, read_words
from maild.replies.reasons.saying import say, say_word
from maild.shipped import folder
from tests.support.making import NOON, a_desk, priorities
from tests.support.replies_making import an_occasion, written

PACKAGE = Path(maild.__file__).parent
NAMES = frozenset({"because", "reason", "trouble", "doubt", "why"})
READ = ("process", "desk", "classify")
CONSTANT = frozenset({"authority", "planning", "wording", "kind"})
"""Modules whose constants are reasons."""

UNSAID = ("past", "remembering", "training", "evaluation", "content", "serving", "drift", "scanning", "parts", "trust")
"""Modules whose reasons reach no mail: what was moved in, and what operators read."""

KEPT = frozenset(
    {
        "a mail without an author is held, not opened",
        "as when it came",
        "null return path (RFC 5321 4.5.5)",
        "[post_mortem] ask is off",
        "it is not technical",
        "nobody has been responsible for it",
        "Precedence: auto_reply",
        "Auto-Submitted: Zz1 (RFC 3834)",
        "report-type: Zz1 (RFC 6522)",
        "Zz1 is there",
        "List-Id: Zz1 (RFC 2919)",
        "Precedence: Zz1",
        "fields of a list: Zz1 (RFC 2369, 8058)",
        "there is no such commandZz1",
        "Zz1: Zz1 has been sent out, and cannot be undone",
        "Zz1 is no time that maild understands; write it like Zz1",
        "the time is missing; write it like Zz1",
        "there is no Zz1 called Zz1Zz1 Known: Zz1",
    }
)
"""Reasons that the history alone tells, names of fields, and sentences of which a part may be missing or begins with a slash."""


def sample(node: ast.expr) -> str | None:
    """The sentence with a word in each place that differs."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "Zz1" for part in node.values)
    return None


def branches(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from (*branches(node.body), *branches(node.orelse))
    elif isinstance(node, ast.BoolOp):
        yield from (each for value in node.values for each in branches(value))
    else:
        yield node


def reasons_in(file: Path) -> Iterator[str]:
    """What is called a reason there; of commands all that they answer, which is why they are refused; of machines how they are known."""
    is_command = file.parent.name == "commands" or file.stem == "automatic"
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        is_named = isinstance(node, ast.keyword) and node.arg in NAMES
        is_kept = isinstance(node, ast.Assign) and any(
            isinstance(to, ast.Name) and to.id in NAMES for to in node.targets
        )
        is_kept |= file.stem in CONSTANT and isinstance(node, ast.Assign)
        is_refusal = is_command and isinstance(node, ast.Return)
        value = getattr(node, "value", None) if is_named or is_kept or is_refusal else None
        yield from filter(None, (sample(each) for each in branches(value)) if value else ())


def every_reason() -> list[str]:
    files = [file for part in READ for file in sorted((PACKAGE / part).rglob("*.py"))]
    told = [file for file in files if not {file.stem, *file.parts}.intersection(UNSAID)]
    found = {reason for file in told for reason in reasons_in(file)}
    # One word, a command or only what comes from elsewhere is nothing to say.
    return sorted(
        each for each in found if " " in each.replace("Zz1", "").strip() and each not in KEPT and each[0] != "/"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_in_the_code_is_said_in_every_language(language: str) -> None:
    found = every_reason()
    assert len(found) >= 150
    assert [each for each in found if say(each, language).replace("\N{NO-BREAK SPACE}", "") == each] == []


def test_every_row_says_the_same_things_in_every_language() -> None:
    for row in read_reasons():
        for sentence in row.said.values():
            assert sorted(slot.name for slot in cut(sentence)[1]) == sorted(slot.name for slot in row.slots), row.fixed


def test_no_row_stands_there_twice() -> None:
    rows = [(row.fixed, row.slots) for row in read_reasons()]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("word", [each.value.replace("_", " ") for each in (*Status, *Event)])
def test_every_status_and_event_has_its_word(word: str) -> None:
    assert set(read_words()[word]) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.audience != CLIENT])
def test_no_mail_to_the_house_holds_a_reason_in_another_language(kind: str, language: str) -> None:
    because = (
        "in the name of Ana Ruiz, and held until they confirm it: your mail server does not vouch for its author",
    )
    refused = (("/close", "closing without asking the client needs a reason in the text"),)
    occasion = an_occasion(kind, because=because, transcript=refused)
    text = " ".join(written(occasion, desk=a_desk(languages=(language,)))[0].text.split())
    assert "vouch" not in text
    assert "needs a reason" not in text


def test_reasons_stay_english_for_those_who_read_english() -> None:
    assert say("it is already closed", "en") == "it is already closed"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", ["urgency", "impact"])
def test_every_cue_of_the_tables_of_points_is_said_in_every_language(question: str, language: str) -> None:
    table = json.loads((folder("models") / f"{question}.json").read_text("utf-8"))
    names = [cue["name"] for cue in table["cues"]]
    lists = [
        f"{question} 1: {name}: “eins” (+4), {name}: “zwei” (+1), {name}: “drei” (+1), {name}: “vier” (no point)"
        for name in names
    ]
    assert len(names) >= 20
    same = {name for name in names if read_words()[name][language] == name}
    unsaid = [name for name, told in zip(names, lists, strict=True) if name in say(told, language)]
    assert same <= {"production"}
    assert set(unsaid) == same


def test_a_label_is_said_as_words_in_english_too() -> None:
    reason = "not_resolved: it is back: “broken_again: still”"
    assert say(reason, "en") == "not resolved: it is back: “broken_again: still”"


def test_a_sentence_of_which_a_part_may_be_missing_is_said_with_it_and_without() -> None:
    assert say("there is no such command", "de") == "diesen Befehl gibt es nicht"
    assert (
        say("/foo: there is no such command; did you mean /note?", "es")
        == "/foo: ese comando no existe; ¿quiso decir /note?"
    )
    missing = say("there is no team called Foo. Known: billing, sales", "de")
    assert missing == "es gibt nichts mit dem Namen Foo (Team). Bekannt: billing, sales"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    ["", "monkey", "at 3", "15h", "14.10", "14.10.", "30.2.", "1.13.2026", "25:00", "Friday, 1.12.", "Friday 13pm"],
)
def test_why_a_moment_is_refused_is_said_whole(text: str, language: str) -> None:
    said = say(str(read_moment(text, now=NOON, calendar=priorities().calendar)), language)
    for word in (" is ", " no ", "write", "must", "range", "another"):
        assert word not in said or (language, word) == ("es", " no ")


def test_a_reason_in_a_reason_is_said_too() -> None:
    said = say(
        "urgency 2: outage: “down; no hurry, it is already closed” (+3), deadline within hours: “now” (+1)", "de"
    )
    assert said == "Dringlichkeit 2: Ausfall: „down; no hurry, it is already closed“ (+3), Frist in Stunden: „now“ (+1)"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "subject begins with “Auto „reply“”"),
        ("de", "der Betreff beginnt mit „Auto 'reply'“"),
        ("fr", "l\N{RIGHT SINGLE QUOTATION MARK}objet commence par «\N{NO-BREAK SPACE}Auto 'reply'\N{NO-BREAK SPACE}»"),
        ("es", "el asunto empieza por «Auto 'reply'»"),
    ],
)
def test_what_a_reason_quotes_stands_between_the_marks_of_the_language(language: str, said: str) -> None:
    assert say("subject begins with “Auto „reply“”", language) == said
    assert say("/note “as it is”", language) == "/note “as it is”"


JOINED = {
    "in the name of Ana, and held until they confirm it: once let through, its words go to a@x.example, b@x.example": "im Namen "
    "von Ana, und zurückgehalten bis zur Bestätigung: lassen Sie sie durch, gehen ihre Worte an a@x.example, b@x.example",
    "carl@x.example takes part; whether it is solved is for bea@x.example to say; unsure: no single word": "carl@x.example ist "
    "beteiligt; ob es gelöst ist, sagt bea@x.example; unsicher: kein einzelnes Wort",
    "nothing was done: /undo: /waiting: answer to bea@x.example has been sent out, and cannot be undone": "nichts wurde "
    "ausgeführt: /undo: /waiting: Antwort an bea@x.example hat das Haus verlassen und kann nicht zurückgenommen werden",
    "nothing was done: a.bin (2 MB): all attachments together may have at most 1 MB ([limits] relay_bytes); nothing was sent": "nichts "
    "wurde ausgeführt: a.bin (2 MB): alle Anhänge zusammen dürfen 1 MB haben ([limits] relay_bytes); nichts wurde gesendet",
    "the name of one client, in words that go to all clients of the incident, a private key": "der Name eines Kunden, in Worten, "
    "die an alle Kunden der Störung gehen, ein privater Schlüssel",
    "in the name of Ruiz, Ana, and held until they confirm it: your mail server does not vouch for its author": "im Namen von "
    "Ruiz, Ana, und zurückgehalten bis zur Bestätigung: Ihr Mailserver bürgt nicht für den Verfasser",
    "in the name of Ana, and held until they confirm it: one tap on /resolve, and your mail server does not vouch for its author; "
    "once let through, its words go to a@x.example": "im Namen von Ana, und zurückgehalten bis zur Bestätigung: ein Klick auf /resolve, "
    "und Ihr Mailserver bürgt nicht für den Verfasser; lassen Sie sie durch, gehen ihre Worte an a@x.example",
    "in the name of Ana, and held until they confirm it: one tap on /spam, and its subject is not the link's: it may be an old "
    "message of yours that somebody has sent again": "im Namen von Ana, und zurückgehalten bis zur Bestätigung: ein Klick auf /spam, "
    "und der Betreff ist nicht der des Links: Es kann eine alte Nachricht von Ihnen sein, die jemand noch einmal geschickt hat",
    "Ruiz, Ana is away until 2026-12-01: de la Netz, Ned stands in": "Ruiz, Ana ist bis 2026-12-01 abwesend: de la Netz, Ned "
    "vertritt",
    "one tap, Ana Ruiz answered": "ein Klick, Ana Ruiz hat geantwortet",
    "technical: the model leans to no, but is not sure enough (0.67; it decides from 0.88 on): print (+0.1)": "technisch: das "
    "Modell neigt zu nein, ist aber nicht sicher genug (0.67; ab 0.88 entscheidet es): print (+0.1)",
}


@pytest.mark.parametrize("reason", JOINED)
def test_reasons_that_are_joined_are_told_apart(reason: str) -> None:
    assert say(reason, "de") == JOINED[reason]


@pytest.mark.parametrize(
    ("language", "reason", "said"),
    [
        ("es", "too few words to tell", "demasiado pocas palabras para decirlo"),
        (
            *("fr", "in the name of Ana Ruiz, and held until they confirm it: x"),
            "l'auteur indiqué est Ana Ruiz ; retenu jusqu'à sa confirmation : x",
        ),
        ("de", "9:00 is in the past: it is 10:00 now", "9:00 liegt in der Vergangenheit: es ist jetzt 10:00"),
        (
            "de",
            "15h is 15:00 or 15 hours; write which",
            "15h ist 15:00 oder 15 Stunden; schreiben Sie, was gemeint ist",
        ),
        (
            "fr",
            "one tap of Ana Ruiz came from another address, ana@home.example",
            "un clic au nom de : Ana Ruiz, venu d'une autre adresse, ana@home.example",
        ),
        (
            "fr",
            "once let through, its words go to a@b.c, d@e.f",
            "si vous le laissez passer, son texte sera envoyé à a@b.c, d@e.f",
        ),
        ("es", "once let through, its words go to a@b.c", "si lo deja pasar, su texto va a a@b.c"),
        (
            "es",
            "once let through, its words go to all clients of the incident: a@b.c, d@e.f",
            "si lo deja pasar, su texto va a todos los clientes de la incidencia: a@b.c, d@e.f",
        ),
        (
            "de",
            "am 14.10 can mean two things: 2026-10-14, which is in the past, or 2027-10-14; write which",
            "am 14.10 kann zweierlei heißen: 2026-10-14, was vorbei ist, oder 2027-10-14; schreiben Sie, was gemeint ist",
        ),
        ("de", "30.2. is no date: that month has no such day", "30.2. ist kein Datum: diesen Tag hat der Monat nicht"),
        (
            "es",
            "13.13. is no date: there is no such month; a time is written 13:13",
            "13.13. no es una fecha: ese mes no existe; una hora se escribe 13:13",
        ),
        ("fr", "1.13.2026 is no date: there is no such month", "1.13.2026 n'est pas une date : ce mois n'existe pas"),
        ("fr", "once let through, its words stay internal", "si vous le laissez passer, son texte reste en interne"),
        ("es", "once let through, its words stay internal", "si lo deja pasar, su texto no sale de la empresa"),
    ],
)
def test_reasons_are_said_as_people_of_the_language_say_them(language: str, reason: str, said: str) -> None:
    assert " ".join(say(reason, language).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()) == said


def test_what_nobody_knows_stays_as_it_is() -> None:
    assert say("550 5.1.1 no such user here", "fr") == "550 5.1.1 no such user here"
    assert say_word("Linear", "es") == "Linear"


HOSTILE = (
    "; : , ",
    "a: ",
    "a; ",
    "a, ",
    "a, b; c: ",
    "technical: a, ",
    "nothing was done: ",
    "x wrote to y, which goes on here; ",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_reason_made_of_nothing_but_joints_takes_few_steps(piece: str) -> None:
    say(piece, "de")  # reads the rows

    def count(length: int) -> int:
        calls = []
        sys.setprofile(lambda _, event, __: calls.append(event))
        said = say((piece * length)[:length], "de")
        sys.setprofile(None)
        return len(calls) if said else 0

    assert count(2_000) < 20_000


@pytest.mark.parametrize("count", [3, 60])
def test_a_list_of_many_names_stands_in_a_sentence_of_the_readers_language(count: int) -> None:
    names = ", ".join(f"cat{number}" for number in range(count))
    said = say(f"there is no category called x. Known: {names}", "de")
    assert said == f"es gibt nichts mit dem Namen x (Kategorie). Bekannt: {names}"
