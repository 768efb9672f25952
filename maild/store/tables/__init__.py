"""The tables: they are the work (DESIGN.md, decision 1). A row that waits is claimed by a lease that expires."""

from maild.store.tables.articles import article_links, article_tickets, articles, search_texts, suggestions
from maild.store.tables.desk import (
    CLIENT_DOMAIN,
    CLIENT_KEY,
    IS_CLOSED,
    IS_NOT_CLOSED,
    actions,
    deadlines,
    events,
    links,
    offers,
    participants,
    people,
    threads,
    tickets,
)
from maild.store.tables.erasures import erasure_keys, erasures, tombstones
from maild.store.tables.incidents import incident_members, incidents
from maild.store.tables.incoming import IS_AUTOMATIC, IS_HELD, IS_PLACED, mailboxes, mails, sources
from maild.store.tables.keys import secrets
from maild.store.tables.labels import examples, labels
from maild.store.tables.mirror import mirror_deliveries, mirror_heard, mirror_issues, mirror_outbox, mirror_places
from maild.store.tables.models import audits, model_events, models, raised_thresholds, shadow_verdicts
from maild.store.tables.outgoing import IS_UNCERTAIN, notices, outbox, tallies
from maild.store.tables.restorations import restorations
from maild.store.tables.schema import Id, lease, metadata

__all__ = [
    "CLIENT_DOMAIN",
    "CLIENT_KEY",
    "IS_AUTOMATIC",
    "IS_CLOSED",
    "IS_HELD",
    "IS_NOT_CLOSED",
    "IS_PLACED",
    "IS_UNCERTAIN",
    "Id",
    "actions",
    "article_links",
    "article_tickets",
    "articles",
    "audits",
    "deadlines",
    "erasure_keys",
    "erasures",
    "events",
    "examples",
    "incident_members",
    "incidents",
    "labels",
    "lease",
    "links",
    "mailboxes",
    "mails",
    "metadata",
    "mirror_deliveries",
    "mirror_heard",
    "mirror_issues",
    "mirror_outbox",
    "mirror_places",
    "model_events",
    "models",
    "notices",
    "offers",
    "outbox",
    "participants",
    "people",
    "raised_thresholds",
    "restorations",
    "search_texts",
    "secrets",
    "shadow_verdicts",
    "sources",
    "suggestions",
    "tallies",
    "threads",
    "tickets",
    "tombstones",
]
