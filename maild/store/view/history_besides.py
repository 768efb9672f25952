"""What the report asks besides the courses of tickets: words, verdicts, labels, incidents, articles."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from maild.knowledge.analysis.history import CaseStudy, Issue, Period, Said
from maild.store.tables import (
    article_tickets,
    articles,
    incident_members,
    incidents,
    labels,
    mails,
    suggestions,
    tickets,
)

MOST_ISSUES = 3_000
"""Newest tickets whose words are compared with each other."""

MOST_VERDICTS = 20_000
"""Newest mails whose verdicts are counted."""

CHARACTERS = 1_500
"""What an issue is about stands at its beginning."""

QUESTIONS = ("technical", "category", "urgency", "impact")


def read_issues(connection: Connection, period: Period) -> list[Issue]:
    """Give the first mail of the newest tickets, oldest first."""
    newest = (
        select(tickets.c.id)
        .where(tickets.c.opened_at >= period.since, tickets.c.opened_at < period.until)
        .order_by(tickets.c.id.desc())
        .limit(MOST_ISSUES)
    )
    first = select(func.min(mails.c.id)).where(mails.c.ticket_id.in_(newest)).group_by(mails.c.ticket_id)
    text = func.substr(mails.c.new_text, 1, CHARACTERS).label("text")
    query = select(mails.c.ticket_id, mails.c.subject, text).where(mails.c.id.in_(first)).order_by(mails.c.ticket_id)
    rows = connection.execute(query)
    return [Issue(number=row.ticket_id, subject=row.subject or "", text=row.text or "") for row in rows]


def read_verdicts(connection: Connection, period: Period) -> Mapping[str, Mapping[str, tuple[int, int]]]:
    """Count, by question and week, the mails that were judged and those that the model decided."""
    inside = (mails.c.arrived_at >= period.since, mails.c.arrived_at < period.until, mails.c.verdicts.is_not(None))
    query = select(mails.c.arrived_at, mails.c.verdicts).where(*inside).order_by(mails.c.id.desc()).limit(MOST_VERDICTS)
    counted: dict[str, dict[str, tuple[int, int]]] = {}
    weeks = period.weeks
    for row in connection.execution_options(yield_per=500).execute(query):
        week = weeks[period.week(row.arrived_at)]
        for verdict in row.verdicts or ():
            if verdict.get("question") in QUESTIONS:
                judged, decided = counted.setdefault(verdict["question"], {}).get(week, (0, 0))
                counted[verdict["question"]][week] = (judged + 1, decided + (verdict.get("label") is not None))
    return counted


def read_labels(connection: Connection, period: Period) -> Sequence[Said]:
    """Give what people of the desk said about mails in the period."""
    columns = (
        mails.c.ticket_id,
        labels.c.question,
        labels.c.source,
        labels.c.verdict,
        labels.c.value,
        labels.c.said_at,
    )
    inside = (labels.c.said_at >= period.since, labels.c.said_at < period.until, labels.c.source != "import")
    query = select(*columns).join(mails, mails.c.id == labels.c.mail_id).where(*inside).order_by(labels.c.id)
    return [
        Said(**dict(zip(("ticket", "question", "source", "verdict", "value", "at"), row, strict=True)))
        for row in connection.execute(query)
    ]


def read_incidents(connection: Connection, period: Period) -> Sequence[tuple[str, str, tuple[int, ...]]]:
    """Give title, standing and tickets of those that were made in the period, oldest first."""
    inside = (incidents.c.made_at >= period.since, incidents.c.made_at < period.until)
    query = select(incidents.c.id, incidents.c.title, incidents.c.standing).where(*inside).order_by(incidents.c.id)
    found = [tuple(row) for row in connection.execute(query)]
    here = select(incident_members.c.incident_id, incident_members.c.ticket_id).where(
        incident_members.c.left_at.is_(None)
    )
    members: dict[int, list[int]] = {}
    for incident, ticket in connection.execute(here):
        members.setdefault(incident, []).append(ticket)
    return [(title, standing, tuple(sorted(members.get(number, ())))) for number, title, standing in found]


def read_articles(connection: Connection) -> Sequence[CaseStudy]:
    """Give the newest version of the articles that are not retired, most tickets first."""
    newest = select(articles.c.name, func.max(articles.c.version).label("version")).group_by(articles.c.name).subquery()
    is_newest = (articles.c.name == newest.c.name) & (articles.c.version == newest.c.version)
    query = select(articles.c.name, articles.c.title).join(newest, is_newest).where(articles.c.retired_at.is_(None))
    behind: dict[str, list[int]] = {}
    for name, ticket in connection.execute(select(article_tickets.c.name, article_tickets.c.ticket_id)):
        behind.setdefault(name, []).append(ticket)
    found = [
        CaseStudy(name=row.name, title=row.title, tickets=tuple(sorted(behind.get(row.name, ()))))
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda each: (-len(each.tickets), each.name))


def read_suggestions(connection: Connection, period: Period) -> Mapping[str, int]:
    """Count what became of suggested articles; the empty word: nobody has said."""
    inside = (suggestions.c.made_at >= period.since, suggestions.c.made_at < period.until)
    query = select(suggestions.c.outcome, func.count()).where(*inside).group_by(suggestions.c.outcome)
    return {outcome or "": number for outcome, number in connection.execute(query)}
