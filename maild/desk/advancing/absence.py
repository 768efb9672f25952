"""Absence of a client: their reminder waits for the day on which they are back; no other clock does."""

from dataclasses import replace
from datetime import UTC, datetime, time

from maild.desk.transaction import Transaction
from maild.mail.message import Mail
from maild.process.calendar import Span, working_time_after
from maild.process.clocks.kinds import AWAY, SILENT, Clock
from maild.process.people.absence import find_absences
from maild.process.ticket import Ticket
from maild.store.desk import deadlines, tickets
from maild.store.desk.tickets import Cause


def await_return(transaction: Transaction, ticket: Ticket, mail: Mail, mail_id: int) -> None:
    """Move the client's reminder to the day that their note names; the clocks of the ticket say so."""
    calendar, connection = transaction.rules.priorities.calendar, transaction.connection
    is_theirs = mail.author is not None and mail.author.key == ticket.client.casefold()
    due_at = ticket.next_update_due_at
    if ticket.status not in SILENT or not is_theirs or due_at is None:
        return
    due_on, today = (at.astimezone(calendar.zone).date() for at in (due_at, transaction.now))
    holding = (each for each in find_absences(mail.new_text, today) if each.begins <= due_on < each.back)
    absence = next(holding, None)
    if absence is None:
        return
    back_at = working_time_after(
        datetime.combine(absence.back, time(), calendar.zone).astimezone(UTC), Span(), calendar
    )
    if back_at <= due_at:
        return
    cause = Cause(mail=mail_id)
    deadlines.stop_clocks(connection, ticket.number, {Clock.CLIENT_REMINDER: AWAY}, cause, now=transaction.now)
    deadlines.start_clocks(connection, ticket.number, {Clock.CLIENT_REMINDER: back_at}, cause)
    tickets.save_ticket(connection, replace(ticket, next_update_due_at=back_at))
