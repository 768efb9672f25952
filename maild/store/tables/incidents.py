"""The tables of incidents: what was proposed or declared, and the tickets that are in it."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

from maild.store.tables.columns import UtcDateTime, Words, shaped_json
from maild.store.tables.schema import Id, metadata
from maild.store.tables.shapes import is_statistics, is_terms

incidents = Table(
    "incidents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("standing", String(10), nullable=False),
    Column("title", Words, nullable=False),
    Column("facts", shaped_json(is_statistics)),
    Column("terms", shaped_json(is_terms)),
    Column("mail_id", ForeignKey("mails.id")),
    Column("made_at", UtcDateTime(), nullable=False),
    Column("declared_by", String(500)),
    Column("declared_at", UtcDateTime()),
    Column("settled_by", String(500)),
    Column("settled_at", UtcDateTime()),
    Index("ix_incidents_ticket_id", "ticket_id"),
    Index("ix_incidents_standing", "standing"),
    comment="many tickets with one cause, called by the number of its first; standing: proposed, dismissed, declared,"
    " resolved, undone; facts: the statistics of the proposal, null: declared unasked; terms: what its tickets share;"
    " mail_id: the mail that made it",
)

incident_members = Table(
    "incident_members",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("joined_at", UtcDateTime(), nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("because", Words, nullable=False),
    Column("left_at", UtcDateTime()),
    Index("ix_incident_members_ticket_id", "ticket_id"),
    comment="tickets of an incident; is_late: maild put it there by its words after the declaration; left_at: taken out",
)
