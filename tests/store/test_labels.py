"""Labels in the store: all are kept, the newest counts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from maild.store.engine import Connection, Store
from maild.store.incoming.arrivals import store_alone
from maild.store.models.labels import (
    OVERRULED_BY,
    Label,
    LabelledText,
    _of_examples,
    _of_mails,
    add_labels,
    read_examples,
)
from maild.store.tables import examples, mails
from tests.support.rows import NOW, a_ticket, read_labels

MINUTE = timedelta(minutes=1)


def a_stored_mail(store: Store, words: str = "The VPN is down", **difference: Any) -> int:
    """A mail that has been taken in; answers its row."""

    def store_it(connection: Connection) -> int:
        row = store_alone(connection, words.encode(), now=NOW)
        taken_in = {"outcome": "ticket", "subject": words, "new_text": f"{words}.", "language": "en"}
        connection.execute(mails.update().where(mails.c.id == row).values({**taken_in, **difference}))
        return row

    return store.transact(store_it)


def a_stored_example(store: Store, name: str, **difference: Any) -> int:
    usual = {"identity": name, "subject": name, "text": f"{name}.", "added_at": NOW}

    def store_it(connection: Connection) -> int:
        return int(
            connection.execute(insert(examples).values({**usual, **difference}).returning(examples.c.id)).scalar_one()
        )

    return store.transact(store_it)


def a_label(**difference: Any) -> Label:
    usual = {"question": "category", "value": "network", "said_by": "Ana Ruiz", "said_at": NOW, "source": "tsm"}
    return Label(**{**usual, **difference})


def say(store: Store, *said: Label) -> None:
    store.transact(lambda connection: add_labels(connection, said))


def texts(store: Store, question: str = "category", **how: Any) -> list[LabelledText]:
    with store.read() as connection:
        return list(read_examples(connection, question, **how))


def test_a_team_does_not_count_once_the_mail_is_technical(store: Store) -> None:
    mail, again = a_stored_mail(store), a_stored_mail(store, "Another")
    for row in (mail, again):
        say(store, a_label(mail=row, question="team", value="Finance"))
        say(store, a_label(mail=row, question="technical", value="yes", said_at=NOW + MINUTE))
    say(store, a_label(mail=again, question="team", value="Sales", said_at=NOW + 2 * MINUTE))
    assert [(text.label, text.mail) for text in texts(store, "team")] == [("Sales", again)]
    assert [text.label for text in texts(store, "team", until=NOW)] == ["Finance", "Finance"]


def test_the_newest_label_counts_and_all_are_kept(store: Store) -> None:
    mail = a_stored_mail(store)
    say(store, a_label(mail=mail, value="hardware", said_at=NOW + MINUTE), a_label(mail=mail))
    with store.read() as connection:
        assert [label.value for label in read_labels(connection, mail)] == ["network", "hardware"]
    assert [text.label for text in texts(store)] == ["hardware"]


def test_of_two_labels_at_one_moment_the_one_said_last_counts(store: Store) -> None:
    mail = a_stored_mail(store)
    say(store, a_label(mail=mail), a_label(mail=mail, value="email"))
    assert [text.label for text in texts(store)] == ["email"]


def test_the_same_label_is_kept_once(store: Store) -> None:
    mail = a_stored_mail(store)
    say(store, a_label(mail=mail))
    say(store, a_label(mail=mail))
    with store.read() as connection:
        assert len(read_labels(connection, mail)) == 1


def test_a_label_keeps_who_said_it_and_what_the_model_had_said(store: Store) -> None:
    mail = a_stored_mail(store)
    label = a_label(mail=mail, verdict="software", cause=mail)
    say(store, label)
    with store.read() as connection:
        assert read_labels(connection, mail) == [label]


def test_an_earlier_day_knows_only_what_had_been_said(store: Store) -> None:
    mail = a_stored_mail(store)
    say(store, a_label(mail=mail), a_label(mail=mail, value="email", said_at=NOW + 2 * MINUTE))
    assert [text.label for text in texts(store, until=NOW + MINUTE)] == ["network"]
    assert texts(store, until=NOW - MINUTE) == []


def test_mails_of_one_ticket_are_one_group_and_others_are_not(store: Store) -> None:
    ticket = a_ticket(store)
    rows = [a_stored_mail(store, "one", ticket_id=ticket), a_stored_mail(store, "two", ticket_id=ticket)]
    rows.append(a_stored_mail(store, "three"))
    say(store, *(a_label(mail=row) for row in rows))
    found = texts(store)
    assert [text.ticket for text in found] == [ticket, ticket, None]
    assert found[0].group == found[1].group != found[2].group


def test_examples_are_read_beside_mails_with_groups_of_their_own(store: Store) -> None:
    a_ticket(store)
    rows = [a_stored_example(store, name, ticket="1") for name in ("a", "b")]
    rows += [a_stored_example(store, "c", group="1"), a_stored_example(store, "d")]
    say(store, a_label(mail=a_stored_mail(store, ticket_id=1)), *(a_label(example=row) for row in rows))
    found = texts(store)
    assert [text.new_text for text in found] == ["The VPN is down.", "a.", "b.", "c.", "d."]
    assert found[1].group == found[2].group
    assert len({text.group for text in found}) == 4


def test_a_question_is_not_answered_by_another(store: Store) -> None:
    say(store, a_label(mail=a_stored_mail(store)))
    assert texts(store, "technical") == []


@pytest.mark.parametrize("wrong", [{}, {"mail": 1, "example": 1}, {"mail": 1, "source": "rumour"}])
def test_a_label_is_about_one_thing_and_has_a_source(store: Store, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="one mail or one example"):
        say(store, a_label(**wrong))


def test_the_newest_of_two_examples_labels_counts(store: Store) -> None:
    row = a_stored_example(store, "a")
    say(store, a_label(example=row), a_label(example=row, value="email", said_at=NOW + MINUTE))
    assert [text.label for text in texts(store)] == ["email"]


def test_a_stored_mail_without_words_is_read_as_empty(store: Store) -> None:
    row = a_stored_mail(store, subject=None, new_text=None, language=None)
    say(store, a_label(mail=row))
    (found,) = texts(store)
    assert (found.subject, found.new_text, found.at) == ("", "", NOW)
    with store.read() as connection:
        assert connection.scalar(select(mails.c.written_at)) is None


@pytest.mark.parametrize("question", ["category", *OVERRULED_BY])
def test_later_labels_are_looked_for_among_those_of_the_same_text(store: Store, question: str) -> None:
    """Among all labels of the question, a million of them would take days."""
    with store.read() as connection:
        for query in (_of_mails(question, None), _of_examples(question, None)):
            read = str(query.compile(connection.engine, compile_kwargs={"literal_binds": True}))
            if connection.dialect.name == "sqlite":
                steps = [
                    row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {read}")) if " later " in row[3]
                ]
                assert steps
                assert all("_id=? AND question=?" in step for step in steps)
            else:
                assert "OR later.said_at =" not in " ".join(read.split())
