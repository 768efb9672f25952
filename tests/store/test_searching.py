"""Search finds tickets and articles by their words, alike on both databases, and nothing but words is ever a query."""

import pytest
from sqlalchemy import text

from maild.knowledge.words import words_of
from maild.store.engine import Connection, Store
from maild.store.knowledge.searching import ARTICLE, TICKET, by_index, drop_article, index_article, index_mail, search

TEXTS = {
    1: "The VPN client drops every few minutes, Fehler 809, Zürich",
    2: "The printer on the second floor has no paper; tête-bêche, señal",
    3: "VPN error 809 since the update",
}


@pytest.fixture
def filled(store: Store) -> Store:
    def fill(connection: Connection) -> None:
        for number, words in TEXTS.items():
            index_mail(connection, number, words)
        index_article(connection, "vpn-certificate", "VPN error 809: the certificate had expired")

    store.transact(fill)
    return store


def found(store: Store, words: str, kind: str = TICKET) -> list[str]:
    with store.read() as connection:
        return [hit.key for hit in search(connection, kind, words, limit=10)]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("vpn update", ["3", "1"]),
        ("ZURICH", ["1"]),
        ("zürich", ["1"]),
        ("SENAL tete", ["2"]),
        ("809 paper", ["2", "3", "1"]),
        ("nowhere", []),
        ("", []),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(filled: Store, words: str, keys: list[str]) -> None:
    assert sorted(found(filled, words)) == sorted(keys)
    assert found(filled, words)[:1] == keys[:1]


def test_articles_and_tickets_are_found_apart(filled: Store) -> None:
    assert found(filled, "vpn error 809", ARTICLE) == ["vpn-certificate"]
    assert "vpn-certificate" not in found(filled, "vpn error 809")


def test_an_article_is_found_by_its_newest_words_alone_and_no_more_once_it_is_dropped(filled: Store) -> None:
    filled.transact(lambda connection: index_article(connection, "vpn-certificate", "the firewall"))
    assert found(filled, "certificate", ARTICLE) == []
    assert found(filled, "firewall", ARTICLE) == ["vpn-certificate"]
    filled.transact(lambda connection: drop_article(connection, "vpn-certificate"))
    assert found(filled, "firewall", ARTICLE) == []


@pytest.mark.parametrize(
    "hostile",
    [
        '"; DROP TABLE search_texts; --',
        "vpn' OR '1'='1",
        'vpn AND (NOT NEAR("x", 5) OR *',
        "vpn:* & !(809) <-> |",
        'text:vpn ^vpn* "',
        "vpn\0809",
        "\\' \\\" %s {} ? :query $1",
        "vpn " * 5_000,
        "😀 vpn \u202e",
        "maildkindarticle vpn",
    ],
)
def test_no_syntax_of_a_query_means_anything(filled: Store, hostile: str) -> None:
    assert set(found(filled, hostile)) <= {"1", "2", "3"}
    assert set(found(filled, hostile, ARTICLE)) <= {"vpn-certificate"}
    assert found(filled, "vpn update") == ["3", "1"]


def test_words_are_letters_and_digits_alone() -> None:
    assert words_of("The E-Mail: 0x80070005 ('access' denied)* Straße") == "e mail 0x80070005 access denied strasse"


def test_a_word_that_all_tickets_share_does_not_hide_the_rare_one(store: Store) -> None:
    def fill(connection: Connection) -> None:
        for number in range(1, 400):
            index_mail(connection, number, f"printer problem {'kyocera' if number == 7 else 'office'}")

    store.transact(fill)
    assert found(store, "printer problem kyocera toner")[0] == "7"


def test_the_full_text_index_itself_is_used(filled: Store) -> None:
    with filled.read() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("SELECT count(*) FROM search_fts WHERE search_fts MATCH '\"809\"'")) == 3
        else:
            kind = "SELECT am.amname FROM pg_class c JOIN pg_am am ON am.oid = c.relam"
            assert connection.scalar(text(f"{kind} WHERE c.relname = 'ix_search_texts_words'")) == "gin"


def test_postgresql_reads_its_index_of_words_and_then_no_other_by_bitmaps(postgresql_url: str) -> None:
    store = Store(postgresql_url)
    with store.read() as connection:
        query = "EXPLAIN SELECT id FROM search_texts WHERE to_tsvector('simple'::regconfig, text) @@ to_tsquery('simple', 'vpn')"
        with by_index(connection):
            plan = " ".join(connection.scalars(text(query)))
        assert "Bitmap Index Scan on ix_search_texts_words" in plan
        assert connection.scalar(text("SHOW enable_bitmapscan")) == "off"
    store.close()
