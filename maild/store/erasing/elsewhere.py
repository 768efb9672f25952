"""A person's words in what is not theirs: articles, incidents, other people's tickets and mails of ours to others."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Text, cast, null, or_, select, tuple_, update

from maild.knowledge.passages import ERASED, Passages, passages_of
from maild.knowledge.words import words_of
from maild.mail.naming import pattern_of, spellings_of
from maild.store.database.packing import pack
from maild.store.database.portions import portions
from maild.store.erasing.letters import erase_letters
from maild.store.erasing.theirs import Theirs
from maild.store.knowledge.articles import find_article
from maild.store.knowledge.searching import index_article
from maild.store.tables import (
    actions,
    articles,
    events,
    incident_members,
    incidents,
    labels,
    links,
    mails,
    mirror_heard,
    mirror_issues,
    mirror_outbox,
    model_events,
    offers,
    outbox,
    raised_thresholds,
    search_texts,
    suggestions,
    tickets,
)
from maild.store.tables.damaged import stands_in

SUMMARIES = ("weekly", "summary")
"""Kinds of mail that quote the subjects of many tickets."""

QUOTED, SHORTEST = 60, 3
"""Characters of a subject that a summary quotes at least, and of one that can be told from other words."""

NAMING: tuple[Column[Any], ...] = (
    events.c.because,
    events.c.before,
    outbox.c.subject,
    outbox.c.answer,
    labels.c.said_by,
    links.c.because,
    actions.c.orders,
    offers.c.orders,
    articles.c.title,
    articles.c.body,
    articles.c.written_by,
    articles.c.retired_because,
    suggestions.c.because,
    incident_members.c.because,
    incidents.c.title,
    model_events.c.because,
    model_events.c.actor,
    raised_thresholds.c.because,
    raised_thresholds.c.ended_by,
    mails.c.because,
    mirror_heard.c.said,
    mirror_heard.c.author,
    mirror_issues.c.trouble,
    mirror_outbox.c.answer,
)
"""Texts of maild's own making, or of the desk's, that may name somebody: the pseudonym takes the address's place."""


def erase_elsewhere(connection: Connection, theirs: Theirs) -> Iterator[tuple[str, int]]:
    """Erase; table to the number of rows that were changed."""
    texts = [f"{subject}\n{text}" for subject, text in theirs.texts]
    passages = passages_of(theirs.address, theirs.names, texts)
    yield "articles", _articles(connection, theirs, passages)
    yield "incidents", _incidents(connection, theirs, passages)
    yield "sheets", _sheets(connection, theirs)
    yield "summaries", _summaries(connection, theirs)
    yield "mails to others", erase_letters(connection, theirs)
    pattern = pattern_of(theirs.address)
    for column in NAMING:
        yield f"{column.table.name} that named them", _rename(connection, column, pattern, theirs)


def _articles(connection: Connection, theirs: Theirs, passages: Passages) -> int:
    """Every version; what stands in place of a passage tells whoever looks after the article that it needs a look."""
    changed, names = 0, set[str]()
    for some in portions(theirs.articles):
        query = select(articles.c.id, articles.c.name, articles.c.title, articles.c.body, articles.c.retired_at)
        for row in connection.execute(query.where(articles.c.id.in_(some))).all():
            new = {"title": passages.erase(row.title), "body": passages.erase(row.body)}
            if (new["title"], new["body"]) != (row.title, row.body):
                connection.execute(update(articles).where(articles.c.id == row.id).values(new))
                changed += 1
                names |= {row.name} if row.retired_at is None else set()
    for name in sorted(names):
        if (article := find_article(connection, name)) is not None:
            index_article(connection, name, f"{article.title}\n{article.body}")
    return changed


def _incidents(connection: Connection, theirs: Theirs, passages: Passages) -> int:
    """What the tickets of an incident share is kept as far as others of them say it, too."""
    changed = 0
    for row in _incidents_of(connection, theirs):
        others = _words_of_others(connection, row.id, theirs)
        terms = {name: _kept(found, others) for name, found in (row.terms or {}).items()}
        facts = (
            {
                **row.facts,
                "words": [word for word in row.facts.get("words", ()) if others.issuperset(words_of(word).split())],
            }
            if row.facts
            else None
        )
        title = ERASED if row.ticket_id in theirs.tickets else passages.erase(row.title)
        new = {"terms": terms or null(), "facts": facts or null(), "title": title}
        connection.execute(update(incidents).where(incidents.c.id == row.id).values(new))
        changed += 1
    return changed


def _incidents_of(connection: Connection, theirs: Theirs) -> list[Any]:
    found = {}
    for some in portions(theirs.tickets):
        members = select(incident_members.c.incident_id).where(incident_members.c.ticket_id.in_(some))
        query = select(incidents).where(incidents.c.id.in_(members) | incidents.c.ticket_id.in_(some))
        found.update({row.id: row for row in connection.execute(query)})
    return list(found.values())


def _words_of_others(connection: Connection, incident: int, theirs: Theirs) -> set[str]:
    query = select(incident_members.c.ticket_id).where(incident_members.c.incident_id == incident)
    others = [str(number) for number in connection.scalars(query) if number not in theirs.tickets]
    texts = select(search_texts.c.text).where(search_texts.c.kind == "ticket")
    return {
        word
        for some in portions(others)
        for text in connection.scalars(texts.where(search_texts.c.key.in_(some)))
        for word in text.split()
    }


def _kept(found: Any, others: set[str]) -> Any:
    if not isinstance(found, Mapping):
        return found
    return {term: weight for term, weight in found.items() if others.issuperset(words_of(term).split())}


def _sheets(connection: Connection, theirs: Theirs) -> int:
    """What their mails told about other people's tickets."""
    wanted, changed = set(theirs.mails), 0
    numbers = {
        number
        for some in portions(theirs.mails)
        for number in connection.scalars(select(mails.c.ticket_id).where(mails.c.id.in_(some)))
        if number is not None
    }
    for some in portions(sorted(numbers.difference(theirs.tickets))):
        rows = connection.execute(select(tickets.c.id, tickets.c.sheet).where(tickets.c.id.in_(some))).all()
        for row in rows:
            found = (row.sheet or {}).get("found", ())
            kept = [each for each in found if each["mail"] not in wanted]
            if len(kept) < len(found) or stands_in(row.sheet):
                # Of what cannot be read nobody knows whose words it holds.
                sheet = null() if stands_in(row.sheet) else {**row.sheet, "found": kept}
                connection.execute(update(tickets).where(tickets.c.id == row.id).values(sheet=sheet))
                changed += 1
    return changed


def _summaries(connection: Connection, theirs: Theirs) -> int:
    """Mails to the house about many tickets that quote a subject of theirs: our copy keeps nothing but that it was written."""
    subjects = {_plain(subject)[:QUOTED] for subject, _ in theirs.texts}
    wanted = {subject for subject in subjects if len(subject) >= SHORTEST}
    rows = connection.execute(select(outbox.c.id, outbox.c.new_text).where(outbox.c.kind.in_(SUMMARIES))).all()
    found = [
        row.id
        for row in rows
        if row.id not in theirs.under_way and any(each in _plain(row.new_text) for each in wanted)
    ]
    for some in portions(found):
        unsent = update(outbox).where(outbox.c.id.in_(some))
        waiting = unsent.where(outbox.c.state.in_(("due", "deferred", "held", "claimed")))
        free = {"lease_holder": None, "lease_until": None}
        connection.execute(waiting.values(state="dropped", settled_at=outbox.c.due_at, **free))
        connection.execute(unsent.values(content=pack(b""), new_text=""))
    return len(found)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _rename(connection: Connection, column: Column[Any], pattern: re.Pattern[str], theirs: Theirs) -> int:
    """Row by row: the same text may stand in many, and JSON cannot be compared."""
    keys, written = list(column.table.primary_key.columns), cast(column, Text)
    named = or_(*(written.icontains(each, autoescape=True) for each in spellings_of(theirs.address)))
    left_alone = [keys[0].not_in(theirs.under_way)] if column.table is outbox else []
    changed = 0
    for *place, text in connection.execute(select(*keys, column).where(named, *left_alone)).all():
        new = _renamed(text, pattern, theirs.pseudonym)
        if new != text:
            connection.execute(update(column.table).where(tuple_(*keys) == tuple(place)).values({column.name: new}))
            changed += 1
    return changed


def _renamed(value: Any, pattern: re.Pattern[str], pseudonym: str) -> Any:
    if isinstance(value, str):
        return pattern.sub(pseudonym, value)
    return json.loads(pattern.sub(pseudonym, json.dumps(value, ensure_ascii=False)))
