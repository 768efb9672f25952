"""Check of the outbox: whether mail leaves the house."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from maild.cli.checking.finding import Finding, Trial
from maild.cli.opening import open_store
from maild.store.view.undelivered import Undelivered, undelivered

PATIENCE = timedelta(minutes=15)
"""How long a mail may be due before something must be wrong."""


def check_outbox(trial: Trial) -> Iterator[Finding]:
    """Say what waits to be submitted, and what waits for a person."""
    now = datetime.now(UTC)
    try:
        with open_store(trial.settings, trial.environ) as store, store.read() as connection:
            found = undelivered(connection, now=now)
    except Exception:
        return  # the database has its own finding
    yield judge(found, now)


def judge(found: Undelivered, now: datetime) -> Finding:
    """Mail that nobody submits is a failure; what a person must look at is advice."""
    counts = {"due": found.due, "deferred": found.deferred, "uncertain": found.uncertain, "held": found.held}
    message = ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "nothing waits"
    if found.answer:
        message += f"; the last answer: {found.answer}"
    if found.due_since is not None and now - found.due_since > PATIENCE:
        minutes = (now - found.due_since) // timedelta(minutes=1)
        late = f"mail is due for {minutes} minutes and is not submitted: {message}"
        cure = "is maild run running? If it is, its log says what stops it; see also the line smtp above"
        return Finding(part="outbox", ok=False, message=late, cure=cure)
    needs_person = found.deferred or found.uncertain or found.held
    cure = "maild outbox lists them; maild outbox retry ID, maild outbox drop ID" if needs_person else ""
    return Finding(part="outbox", ok=True, message=message, cure=cure)
