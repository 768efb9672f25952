"""What replies mean: sentences in four languages, and what must never be called resolved."""

import csv
import re
import time

import pytest

from maild.classify.intent.intents import read_intents
from maild.classify.intent.reply_intent import ASKED, is_reply, read_in_context, reply_intent
from maild.classify.line import classify
from maild.classify.models import Models, load
from maild.classify.signature.signing import names_of
from maild.process.questions import FIXED
from maild.shipped import folder
from tests.support.mail_making import a_mail
from tests.support.places import SENTENCES

LEAST = {"english": 150, "german": 100, "french": 100, "spanish": 100}
CONTRAST = re.compile(r"\b(but|aber|mais|pero)\b|^(Thank|Danke|Vielen Dank|Merci|Gracias)")
THANKS = re.compile(r"thank|dank|merci|gracias|close|cerr|schließ", re.IGNORECASE)
TABLE = read_intents(folder("models") / "reply_intent.json")


def sentences(language: str) -> list[dict[str, str]]:
    with (SENTENCES / f"replies_{language}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def intent(text: str, parent: str = "", author: str = "") -> str:
    return reply_intent(text, TABLE, parent=parent, author=names_of(author)).label or "unsure"


def closes(text: str) -> bool:
    """Whether the ticket is closed by these words alone, whatever they answer."""
    read = (reply_intent(text, TABLE, parent=parent) for parent in ("", ASKED))
    return any(one.label == "resolved" and one.beside is None for one in read)


@pytest.mark.parametrize(("language", "least"), LEAST.items())
def test_so_many_different_sentences_are_tested(language: str, least: int) -> None:
    assert len({row["text"] for row in sentences(language)}) >= least


@pytest.mark.parametrize("language", LEAST)
def test_a_reply_is_read_as_a_person_would(language: str) -> None:
    read = [(row, reply_intent(row["text"], TABLE, parent=row["parent"])) for row in sentences(language)]
    assert [(row, verdict) for row, verdict in read if (verdict.label or "unsure") != row["label"]] == []


def test_what_only_sounds_resolved_is_not() -> None:
    read = [(row["text"], reply_intent(row["text"], TABLE)) for row in sentences("never_resolved")]
    assert len(read) > 400
    assert [each for each in read if each[1].label == "resolved"] == []


ASKED_TO_CLOSE = (
    "May we close the ticket?",
    "Dürfen wir das Ticket schließen?",
    "Pouvons-nous clôturer le ticket ?",
    "¿Podemos cerrar el ticket?",
)


def closes_if_asked(text: str) -> bool:
    """Whether it is closed by these words as an answer to any of our questions."""
    read = (reply_intent(text, TABLE, parent=parent) for parent in ("", ASKED, *ASKED_TO_CLOSE))
    return any(one.label == "resolved" and one.beside is None for one in read)


def test_who_is_asked_whether_it_may_be_closed_closes_it_by_saying_so_and_by_nothing_less() -> None:
    rows = sentences("asked_to_close")
    for language in ("en", "de", "fr", "es"):
        for answer in ("yes", "no"):
            assert sum(row["language"] == language and row["closes"] == answer for row in rows) >= 40
    assert [row for row in rows if closes_if_asked(row["text"]) is not (row["closes"] == "yes")] == []
    assert all(reply_intent("Oui.", TABLE, parent=question).label == "resolved" for question in ASKED_TO_CLOSE)


def test_what_says_more_than_that_it_works_is_left_to_a_person() -> None:
    texts = [row["text"] for row in sentences("left_to_a_person")]
    assert len(texts) > 700
    assert [text for text in texts if closes(text)] == []


@pytest.mark.parametrize("around", ["{}", "Hello Ana,\n\n{}\n\nBest regards\nJo Berger", "{}\nThanks\nJo"])
def test_what_says_that_it_works_and_nothing_strange_closes(around: str) -> None:
    texts = [around.format(row["text"]) for row in sentences("that_close")]
    assert len(texts) > 150
    read = [(text, reply_intent(text, TABLE)) for text in texts]
    assert [each for each in read if (each[1].label, each[1].beside) != ("resolved", None)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Oui c'est bon, merci !",
        "Oui merci c'est bon",
        "C'est bon, merci !",
        "Oui parfait, merci beaucoup",
        "Bonjour,\n\noui c'est bon, merci !\n\nJean",
        "Ja das passt, danke!",
        "Ja super danke",
        "Guten Tag Frau Ruiz,\n\nja, danke.",
        "Sí está bien, gracias",
        "Sí perfecto, muchas gracias",
        "Hola Ana:\nSí, gracias",
        "Yes it's good, thanks!",
        "Yes it's ok thank you",
        "Hello,\n\nyes",
        "Yes. I'll let you know if it comes back.",
        "Yes, thanks. If it happens again I will let you know.",
    ],
)
def test_a_yes_closes_with_the_words_around_it_only_where_we_asked_whether_it_works(text: str) -> None:
    asked = reply_intent(text, TABLE, parent=ASKED)
    assert (asked.label, asked.beside) == ("resolved", None)
    assert reply_intent(text, TABLE).label != "resolved"


@pytest.mark.parametrize(
    "text",
    [
        "Guten Tag Frau Dr. Maier\n\nDas Problem ist gelöst.\n\nFreundliche Grüsse\nU. Meier",
        "Works again!\n\nBest regards,\nJane Doe",
        "Hola Ana:\n\nya funciona todo.\n\nUn saludo,\nCarmen",
        "Hallo,\ngeht wieder.\nGruß Peter",
        "Dear support team, the scanner is working again. Best regards, John Smith",
        "Guten Morgen, das VPN läuft wieder stabil. Beste Grüße, Jens Krause",
        "Problème résolu, vous pouvez fermer le ticket. Cordialement, Julie Martin",
        "Buenos días, la VPN funciona de nuevo. Saludos, Carmen López",
        "Hallo, es funktioniert jetzt. Vielen Dank und viele Grüße, Martina",
        "Guten Tag, das Problem ist gelöst. Freundliche Grüße, Thomas Keller",
    ],
)
def test_whoever_signs_and_whom_they_greet_is_not_strange(text: str) -> None:
    read = reply_intent(text, TABLE)
    assert (read.label, read.beside) == ("resolved", None)


@pytest.mark.parametrize("row", sentences("signed"), ids=lambda row: row["text"][-40:])
def test_a_signature_stops_no_closing_and_hides_nothing(row: dict[str, str]) -> None:
    author = f"{row['author'] or 'Desk'} <a@acme.example>"
    read = read_in_context(a_mail(row["text"], Subject="Re: x", From=author, In_Reply_To="<1@acme.example>"), TABLE)
    assert any(one.label == "resolved" and one.beside is None for one in read) == (row["closes"] == "yes"), read


@pytest.mark.parametrize("end", ["Thanks, {}", "Danke\n{}", "have a good day. {}", "\n{}"])
def test_the_name_of_whoever_wrote_it_is_known(end: str) -> None:
    ends = [end.format(name) for name in ("urgent", "jo berger")]
    mails = [a_mail(f"It works now.\n{each}", Subject="Re: x", From="Jo Berger <jb@acme.example>") for each in ends]
    assert [read_in_context(mail, TABLE)[0].beside is None for mail in mails] == [False, True]


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("It works now. My rules are all off.", "My rules are all off"),
        ("Es geht wieder.\n\nWo sind meine Favoriten?", "Wo sind meine Favoriten?"),
        ("It works again. " + "Thanks. " * 300, "more than 2,000 characters"),
        ("It works now, " + "dromedary " * 50, "dromedary " * 10),
    ],
)
def test_the_words_that_were_not_understood_are_told(text: str, beside: str) -> None:
    assert (reply_intent(text, TABLE).beside or "").strip() == beside.strip()


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        (
            "Der Drucker druckt wieder. Bitte schicken Sie die Rechnung noch einmal.",
            "Bitte schicken Sie die Rechnung noch einmal",
        ),
        ("Works again. Thanks, Rückruf", "Rückruf"),
        ("WORKS AGAIN. THANKS. BUDGET", "BUDGET"),
    ],
)
def test_what_no_phrase_knows_and_what_has_capitals_is_strange(text: str, beside: str) -> None:
    assert (reply_intent(text, TABLE).beside or "").strip() == beside


@pytest.mark.parametrize("language", LEAST)
def test_every_label_is_tested_in_every_language(language: str) -> None:
    assert {row["label"] for row in sentences(language)} == {*FIXED["reply_intent"], "unsure"}


@pytest.mark.parametrize("language", LEAST)
def test_capitals_and_missing_accents_never_make_a_reply_resolved(language: str) -> None:
    accents = str.maketrans("áàâäéèêëíîïóôöúùûüçñ\N{RIGHT SINGLE QUOTATION MARK}", "aaaaeeeeiiiooouuuucn'")
    for row in sentences(language):
        if row["label"] != "resolved":
            assert intent(row["text"].upper(), row["parent"]) != "resolved", row["text"]
            assert intent(row["text"].translate(accents), row["parent"]) != "resolved", row["text"]


@pytest.mark.parametrize("language", LEAST)
def test_a_greeting_and_a_name_change_nothing(language: str) -> None:
    for row in sentences(language):
        if not row["parent"]:
            assert intent(f"Ana,\n\n{row['text']}\n\nJo", author="Jo") == row["label"], row["text"]


@pytest.mark.parametrize("language", LEAST)
def test_a_sentence_under_a_condition_is_never_resolved(language: str) -> None:
    begins = {"english": "If ", "german": "Wenn ", "french": "Si ", "spanish": "Si "}[language]
    for row in sentences(language):
        first = row["text"].partition(".")[0]
        if row["label"] == "resolved" and not {"!", ":", "¡"} & set(first) and not CONTRAST.search(first):
            text = f"{begins}{first[0].lower()}{first[1:]}, Bo."
            assert intent(text) != "resolved", text


@pytest.mark.parametrize("language", LEAST)
def test_a_resolved_sentence_that_is_asked_is_not_resolved(language: str) -> None:
    for row in sentences(language):
        first = re.split(r"[.!:]", row["text"])[0]
        if row["label"] == "resolved" and not THANKS.search(first):
            clause = first.rpartition(",")[2].strip()
            assert intent(f"{clause}?") != "resolved", clause


def test_the_reason_quotes_the_mail_letter_for_letter() -> None:
    assert reply_intent("Sí,\n YA  funciona!", TABLE).because == "works now: “YA funciona”"


def test_what_is_quoted_and_signed_does_not_count() -> None:
    body = "Thank you.\n\n-- \nAna\nIt works now Ltd.\n\nOn Monday, Bo <bo@acme.example> wrote:\n> The problem is solved.\n"
    mail = a_mail(body, Subject="Re: printer", In_Reply_To="<1@acme.example>")
    assert intent(mail.new_text) == "thanks"


@pytest.fixture(scope="module", name="models")
def _models() -> Models:
    return load(folder("models"))


def meaning(models: Models, body: str, **fields: str) -> str | None:
    (verdicts,) = classify([a_mail(body, **fields)], models, ())
    return next((one.label or "unsure" for one in verdicts if one.question == "reply_intent"), None)


def test_only_what_looks_like_a_reply_is_asked_what_it_means(models: Models) -> None:
    assert meaning(models, "It works now.", Subject="Printer") is None
    assert meaning(models, "It works now.", Subject="AW: Printer") == "resolved"
    assert meaning(models, "It works now.", Subject="Printer", References="<1@acme.example>") == "resolved"


@pytest.mark.parametrize("subject", ["T-17 works", "[ACME2-170 a3.0123456789abcdef] works"])
def test_words_below_a_tap_are_asked_what_they_mean(models: Models, subject: str) -> None:
    assert meaning(models, "It is still broken.", Subject=subject) == "not_resolved"
    assert meaning(models, "Please help. Thanks, Bo", Subject=subject) is None, "what it is about stands in its subject"
    assert meaning(models, "The printer works now.", Subject=subject) is None


def test_a_bare_yes_counts_where_the_quoted_question_is_whether_it_works(models: Models) -> None:
    quote = "\n\nOn Monday, Bo <bo@acme.example> wrote:\n> Hello,\n> {}\n> Bo\n"
    asked = "Yes, thanks" + quote.format("is it working now?")
    other = "Yes, thanks" + quote.format("do you use the new laptop?")
    assert meaning(models, asked, Subject="Re: Printer") == "resolved"
    assert meaning(models, other, Subject="Re: Printer") == "thanks"


@pytest.mark.parametrize("subject", ["Re: x", "RE: x", "Aw: x", "SV: x", "Re[2]: x", "Réf: x"])
def test_subjects_of_replies(subject: str) -> None:
    assert is_reply(a_mail("x", Subject=subject)) is (subject != "Réf: x")


@pytest.mark.parametrize(
    "hostile",
    [
        "not " * 500_000,
        "works " * 300_000,
        "if it works, " * 100_000,
        "?" * 1_000_000,
        "no no, " * 200_000,
        "," * 1_000_000,
        "it works now" + "\n" * 1_000_000,
        "it works now\n" * 100_000,
        "it works now (a " * 100_000,
        "Thanks\n" * 100_000,
        "Thanks\nit fails\n" * 100_000,
        "it works now\n\nx" + "@" * 4_000,
        "it works\n" + "x\n\n" * 38 + "a-" * 3_900,
        "it works\n" + "x\n\n" * 38 + "a@" * 3_900,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_megabytes_of_malice_take_no_time(hostile: str) -> None:
    started = time.process_time()
    reply_intent(hostile, TABLE, parent=hostile)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["", " ", "\x00", "...", "?", "🙂", "__"])
def test_a_text_about_nothing_means_nothing(text: str) -> None:
    assert intent(text) in {"unsure", "question"}
