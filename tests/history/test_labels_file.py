"""Label files: a precise answer to every mistake, and nothing half done."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maild.errors import Refused
from maild.history.label_import import LabelsKept, check_labels, import_labels
from maild.history.label_reading import LabelFile
from maild.process.questions import questions_of
from maild.store.engine import Store
from maild.store.models.labelled import count_labels
from maild.store.models.labels import LabelledText, read_examples
from tests.store.test_labels import a_stored_mail
from tests.support.making import a_desk, a_team, priorities
from tests.support.rows import a_ticket

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUESTIONS = questions_of(["billing", "email", "network"], priorities(), a_team())


def a_file(folder: Path, content: str | bytes, name: str = "labels.csv", **difference: Any) -> LabelFile:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return LabelFile(**{"path": path, "questions": QUESTIONS, "now": NOW, **difference})


def refused(file: LabelFile) -> str:
    with pytest.raises(Refused) as refusal:
        check_labels(file)
    return str(refusal.value)


def keep(store: Store, file: LabelFile) -> LabelsKept:
    return import_labels(store, a_desk(), file, by="the test")


def texts(store: Store, question: str = "category") -> list[LabelledText]:
    with store.read() as connection:
        return list(read_examples(connection, question))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("subject,text,categry\na,b,network\n", "row 1: 'categry' is no column of labels; is category meant?"),
        ("subject,text\na,b\n", "no label: give the columns question and label"),
        ("category\nnetwork\n", "no text: give one of the columns"),
        ("text,category,category\na,network,email\n", "row 1: the column category stands there twice"),
        ("", "its first row is empty, and must name the columns"),
        ("\n\n", "is empty"),
        (
            "text,category\na,netwok\n",
            "row 2, column category: category = 'netwok' is no label of this desk (is network",
        ),
        ("text,question,label\na,colour,red\n", "row 2, column label: 'colour' is no question; allowed are technical"),
        ("text,question,label\na,,network\n", "row 2, column question: there is a label, and no question"),
        ("text,urgency\na,4\n", "urgency = '4' is no label of this desk; allowed are 1, 2, 3"),
        ("text,category\na,network,x\n", "row 2: 3 cells under 2 columns"),
        ('text,category\n"a,network\nb,email\n', "row 2: this is no CSV from here on"),
        (b"text,category\na,network\n\xe4\xf6,email\n", "row 3, column text: not UTF-8 (byte 0xE4)"),
        ("text,category\na,network\n".encode("utf-16"), "is written in UTF-16; save it as CSV in UTF-8"),
        (b"text,category\na\0b,network\n", "row 2, column text: a NUL character"),
        ("text,category,said_at\na,network,yesterday\n", "row 2, column said_at: 'yesterday' is no time"),
        ("text,category,said_at\na,network,2031-01-01\n", "column said_at: '2031-01-01' is in the future"),
        ("text,category,digest\na,network,abc\n", "column digest: 'abc' is no SHA-256"),
        ("text,category,language\na,network,e n!\n", "column language: 'e n!' is no language"),
        ("text,category,source\na,network,rumour\n", "column source: 'rumour' is no source; allowed are admin, audit"),
        (f"text,category,id\na,network,{'x' * 1001}\n", "column id: 1,001 characters; at most 1,000"),
        ("text,category\na,\n", "no row has a label"),
    ],
)
def test_a_mistake_in_a_csv_is_named_by_row_and_column(tmp_path: Path, content: str | bytes, words: str) -> None:
    assert words in refused(a_file(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"\ufefftext,category{',' * 100}\na,network\n", "row 1: a row of more than 90 characters"),
        (
            f"\ufefftext,category\na,network\nb,network{',' * 90}\nc,email\n",
            "row 3: this is no CSV from here on (a row of",
        ),
        ('text,category\n"' + "a\n" * 50, "row 2: this is no CSV from here on (a row of more than 90 characters)"),
    ],
)
def test_a_row_longer_than_any_is_not_read_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, words: str
) -> None:
    monkeypatch.setattr("maild.history.rows.MOST_OF_ROW", 90)
    assert words in refused(a_file(tmp_path, content))
    check_labels(a_file(tmp_path, "\ufefftext,category\n" + "some text,network\n" * 40))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"text": "a", "category": "network"}\n{"text": ', "row 2: no JSON"),
        ('["a"]\n', "row 1: a JSON object was expected"),
        ('{"text": ["a"], "category": "network"}\n', "row 1, column text: one text was expected"),
        (b'{"text": "\xe4", "category": "network"}\n', "row 1: not UTF-8 (byte 0xE4 at octet 11)"),
        ('{"text": "a", "kategorie": "network"}\n', "row 1: 'kategorie' is no column of labels; is category meant?"),
        ('{"text": "a", "urgency": 7}\n', "urgency = '7' is no label"),
        ("[" * 100_000 + "\n", "row 1: no JSON"),
    ],
)
def test_a_mistake_in_json_lines_is_named_by_its_line(tmp_path: Path, content: str | bytes, words: str) -> None:
    assert words in refused(a_file(tmp_path, content, "labels.jsonl"))


def test_a_name_that_tells_nothing_is_refused(tmp_path: Path) -> None:
    assert "allowed are .csv, .tsv, .jsonl" in refused(a_file(tmp_path, "x", "labels.xlsx"))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = LabelFile(path=tmp_path / "no.csv", questions=QUESTIONS, now=NOW)
    assert "No such file" in refused(file)


def test_all_mistakes_are_told_at_once_the_first_twenty_in_words(tmp_path: Path) -> None:
    rows = "".join(f"text {number},wrong{number}\n" for number in range(30))
    told = refused(a_file(tmp_path, f"text,category\n{rows}")).splitlines()
    assert told[0] == "Nothing was imported: 30 in labels.csv to be put right"
    assert len(told) == 22
    assert told[-1] == "... and 10 more"


def test_a_mistake_that_stands_in_many_rows_is_told_once_with_their_number(store: Store, tmp_path: Path) -> None:
    rows = "".join(f"text {number},netwok,\ntext {number},network,soon {number}\n" for number in range(600))
    told = refused(a_file(tmp_path, f"text,category,said_at\n{rows}last,nonsense,\n")).splitlines()
    assert told[0] == "Nothing was imported: 1,201 in labels.csv to be put right"
    assert len(told) == 4
    assert ", 600 rows (2, 4, 6, 8, 10, ...), column category: category = 'netwok' is no label" in told[1]
    assert ", 600 rows (3, 5, 7, 9, 11, ...), column said_at: what stands there is no time; write" in told[2]
    assert ", row 1,202, column category: category = 'nonsense' is no label" in told[3]
    missing = "".join(f"<{number}@x.example>,network\n" for number in range(700))
    with pytest.raises(Refused) as refusal:
        keep(store, a_file(tmp_path, f"message_id,category\n{missing}"))
    _, line = str(refusal.value).splitlines()
    assert (
        ", 700 rows (2, 3, 4, 5, 6, ...), column message_id: no such mail has come in, and the row has no text" in line
    )


def test_nothing_is_kept_of_a_file_with_one_mistake(store: Store, tmp_path: Path) -> None:
    rows = "".join(f"text {number},network\n" for number in range(1200))
    with pytest.raises(Refused, match="row 1,202"):
        keep(store, a_file(tmp_path, f"text,category\n{rows}last,nonsense\n"))
    assert texts(store) == []


def test_a_spreadsheet_with_a_column_a_question_is_read(store: Store, tmp_path: Path) -> None:
    kept = keep(
        store, a_file(tmp_path, "\ufeffSubject;Text;Technical;Category\nVPN;does not connect;1;Network\n;Invoice;no;\n")
    )
    assert (kept.of_examples, kept.labels) == (2, 3)
    (text,) = texts(store)
    assert (text.subject, text.new_text, text.label, text.said_by, text.source) == (
        "VPN",
        "does not connect",
        "network",
        "the test",
        "import",
    )
    assert [text.label for text in texts(store, "technical")] == ["yes", "no"]


def test_the_language_of_a_text_is_found_out_where_the_file_does_not_name_it(store: Store, tmp_path: Path) -> None:
    german = "Guten Tag, seit heute Morgen erreiche ich das Netzwerk nicht mehr, bitte helfen Sie mir."
    english = "Hello, since this morning I cannot reach the network any more, please help me."
    keep(
        store,
        a_file(
            tmp_path, f'text,language,category\n"{german}",,network\n"{english}",,network\n"{english} Bob",fr,email\n'
        ),
    )
    assert [text.language for text in texts(store)] == ["de", "en", "fr"]


def test_a_row_finds_its_mail_by_digest_message_id_or_ticket(store: Store, tmp_path: Path) -> None:
    ticket = a_ticket(store)
    mails = [
        a_stored_mail(store, "one"),
        a_stored_mail(store, "two", message_id="<two@x.example>"),
        a_stored_mail(store, "three", ticket_id=ticket),
    ]
    digest = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    rows = f"{digest},,,network\n,<two@x.example>,,email\n,,T-{ticket},billing\n"
    kept = keep(store, a_file(tmp_path, f"digest,message_id,ticket,category\n{rows}"))
    assert (kept.of_mails, kept.of_examples) == (3, 0)
    assert [(text.mail, text.label) for text in texts(store)] == list(
        zip(mails, ("network", "email", "billing"), strict=True)
    )


def test_a_row_without_mail_and_without_text_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(
        Refused,
        match=r"row 2, column message_id: no mail <x@y\.example> has come in, and the row has no text of its own",
    ):
        keep(store, a_file(tmp_path, "message_id,category\n<x@y.example>,network\n"))
    with pytest.raises(
        Refused, match=r"row 2, column ticket: no ticket T-999 has come in, and the row has no text of its own"
    ):
        keep(store, a_file(tmp_path, "ticket,category\nT-999,network\n"))
    with pytest.raises(
        Refused, match=r"row 2, column text: the row has no text of its own to learn from, and names no mail or ticket"
    ):
        keep(store, a_file(tmp_path, "id,subject,text,category\n7,,,network\n"))


def test_one_id_with_two_texts_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="row 3, column text: 7 is known with another text"):
        keep(store, a_file(tmp_path, "id,text,category\n7,a,network\n7,b,email\n"))


def test_a_file_is_imported_twice_and_kept_once(store: Store, tmp_path: Path) -> None:
    file = a_file(tmp_path, "id,text,category,technical\n1,a,network,yes\n2,b,email,yes\n")
    assert keep(store, file).labels == 4
    assert keep(store, file).labels == 0


def test_what_a_later_import_says_counts(store: Store, tmp_path: Path) -> None:
    keep(store, a_file(tmp_path, "id,text,category\n1,a,network\n"))
    keep(store, a_file(tmp_path, "id,text,category\n1,a,email\n", now=NOW.replace(hour=13)))
    assert [text.label for text in texts(store)] == ["email"]
    with store.read() as connection:
        assert count_labels(connection) == 2


def test_an_older_word_does_not_overrule_a_newer_one(store: Store, tmp_path: Path) -> None:
    keep(store, a_file(tmp_path, "id,text,category\n1,a,network\n"))
    keep(store, a_file(tmp_path, "id,text,category,said_at\n1,a,email,2020-01-01\n"))
    assert [text.label for text in texts(store)] == ["network"]


def test_rows_that_repeat_or_contradict_earlier_rows_are_told(tmp_path: Path) -> None:
    rows = "a,network\na,network\nb,network\nb,email\nc,email\n"
    says = check_labels(a_file(tmp_path, f"text,category\n{rows}"))
    assert (says.rows, says.repeated, says.contradictions) == (5, 1, ((5, 4),))


def test_labels_of_another_system_are_renamed_or_left_out(store: Store, tmp_path: Path) -> None:
    renamed = {("category", "netz"): "network", ("category", "misc"): ""}
    file = a_file(tmp_path, "text,category\na,Netz\nb,MISC\nc,email\n", renamed=renamed)
    assert check_labels(file).labels == {"category": {"email": 1, "network": 1}}
    keep(store, file)
    assert [text.label for text in texts(store)] == ["network", "email"]


def test_times_without_a_zone_are_the_desks(store: Store, tmp_path: Path) -> None:
    zone = ZoneInfo("Europe/Berlin")
    keep(store, a_file(tmp_path, "text,category,written_at\na,network,2026-07-01 09:30\n", zone=zone))
    assert texts(store)[0].at == datetime(2026, 7, 1, 7, 30, tzinfo=UTC)


def test_json_lines_are_read(store: Store, tmp_path: Path) -> None:
    lines = [{"text": "a\nb", "technical": True, "urgency": 1}, {"text": "ü", "question": "category", "label": "email"}]
    content = "\n".join(json.dumps(line) for line in lines)
    assert keep(store, a_file(tmp_path, content, "labels.jsonl")).labels == 3
    assert texts(store, "technical")[0].new_text == "a\nb"
