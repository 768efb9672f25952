"""What differs between a restored backup and the mail server, and letting the desk go on."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from maild.errors import NotFound

if TYPE_CHECKING:
    from maild.intake.gap import Gap
    from maild.settings.values import Settings
    from maild.store.backing_up.restorations import Restoration
    from maild.store.engine import Connection, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What the mail server knows and the backup does not."""

    restoration: "Restoration"
    due: int
    """Mails of the outbox that were due in the backup."""

    gaps: "Sequence[Gap]"


def find_differences(
    settings: "Settings", store: "Store", environ: Mapping[str, str], *, brings_back: bool
) -> Differences:
    """Compare; with `brings_back` mail that is missing is stored. Raises NotFound where nothing waits, or what a server says."""
    from maild.daemon.log_in import mailbox_credentials
    from maild.daemon.running import system_clock
    from maild.intake.gap import GapFinder
    from maild.store.backing_up.restorations import count_due, find_waiting

    with store.read() as connection:
        waiting = find_waiting(connection)
        due = count_due(connection, now=system_clock())
    if waiting is None:
        raise NotFound("No restored backup waits: the desk works, or can be started with `maild run`.")
    finder = GapFinder(
        store=store, backup_at=waiting.backup_at, source_bytes=settings.limits.source_bytes, clock=system_clock
    )
    gaps = [
        finder.look(box, mailbox_credentials(box, environ, system_clock)(), brings_back=brings_back)
        for box in settings.mailboxes
    ]
    return Differences(restoration=waiting, due=due, gaps=gaps)


def let_go_on(store: "Store", found: Differences, *, by: str, quiet_until: datetime, now: datetime) -> None:
    """Resume, and settle what a copy in a mailbox of sent mail shows to have gone out."""
    from maild.store.backing_up.restorations import resume
    from maild.store.outgoing.settling import settle_by_evidence

    sent = [name for gap in found.gaps for name in gap.sent]

    def work(connection: "Connection") -> None:
        resume(connection, found.restoration.id, by=by, quiet_until=quiet_until, now=now)
        settle_by_evidence(
            connection, message_ids=sent, tokens=(), evidence="it got through: a copy lies in the Sent mailbox", now=now
        )

    store.transact(work, serial=True)


def document(found: Differences, *, is_done: bool) -> dict[str, object]:
    """Give the JSON."""
    return {
        "resumed": is_done,
        "backup_at": found.restoration.backup_at,
        "due_in_backup": found.due,
        "sent_since": sum(len(gap.sent) for gap in found.gaps),
        "mailboxes": [{name: value for name, value in asdict(gap).items() if name != "sent"} for gap in found.gaps],
    }


def show(found: Differences, *, is_done: bool, command: str) -> None:
    """Print what differs, and what was or would be done about it; `command`: maild, as it was called."""
    sys.stdout.writelines(f"{line}\n" for line in _lines(found, is_done=is_done, command=command))


def _lines(found: Differences, *, is_done: bool, command: str) -> Iterator[str]:
    sent, moved = sum(len(gap.sent) for gap in found.gaps), sum(gap.moved for gap in found.gaps)
    yield f"backup of {found.restoration.backup_at:%Y-%m-%d %H:%M} UTC"
    for gap in found.gaps:
        if gap.moved or gap.too_large:
            yield (
                f"{gap.account}/{gap.mailbox}: {gap.moved} mails were taken in and moved since, and the backup does not know them"
                + (
                    f"; {gap.too_large} more are over [limits] source_bytes and stay where they are"
                    if gap.too_large
                    else ""
                )
            )
    yield f"{found.due} mails were due in the backup; of {sent} a copy lies in a Sent mailbox"
    if not is_done:
        yield f"nothing was changed. To go on: {command} restore --resume --yes (and --stopped-at TIME, if you know it)"
        return
    yield f"{moved} mails are stored again, and will be taken in; {sent} are settled as sent, {found.due - sent} are uncertain"
    yield f"start `{command} run`; then `{command} outbox --state uncertain` lists what may have been sent before: retry or drop each"
    yield "ticket numbers go on 1,000 higher: clients may know those of the lost time"
