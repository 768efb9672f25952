"""Invariants of what came in: every mail has exactly one outcome, and nothing of maild failed on it."""

from collections import Counter
from collections.abc import Iterator

from benchmarks.simulated.invariants.finding import Finding, finding
from benchmarks.simulated.invariants.rows import Rows
from benchmarks.simulated.world import World
from maild.process.ticket import Outcome

_OUTCOMES = frozenset(Outcome)


def every_mail_has_one_outcome(rows: Rows, world: World) -> Finding:
    """All that arrived is there, none of it waits, and none of it was lost or taken in twice."""

    def broken() -> Iterator[str]:
        if len(rows.mails) != world.truth.arrived:
            yield f"{world.truth.arrived} mails arrived, {len(rows.mails)} are in the store"
        for mail in rows.mails:
            if mail.outcome not in _OUTCOMES or mail.taken_in_at is None:
                yield f"mail {mail.id} ({mail.subject}): outcome {mail.outcome}"

    return finding("every mail has exactly one outcome", rows.mails, broken())


def a_repeated_mail_does_nothing(rows: Rows, world: World) -> Finding:
    """What came twice is a duplicate, and of each Message-ID one mail at most did something."""
    doing = Counter(
        mail.message_id for mail in rows.mails if mail.message_id and mail.outcome not in {"duplicate", "unrelated"}
    )

    def broken() -> Iterator[str]:
        yield from (f"{message_id} counted {count} times" for message_id, count in doing.items() if count > 1)
        duplicates = sum(mail.outcome == "duplicate" for mail in rows.mails)
        if duplicates > world.truth.repeated:
            yield f"{world.truth.repeated} mails came twice, {duplicates} were called duplicates"

    return finding("a mail that comes twice counts once", doing, broken())


def nothing_fails(rows: Rows, world: World) -> Finding:
    """Nothing that maild calls an error was logged, and no mail is held because maild failed on it."""

    def broken() -> Iterator[str]:
        yield from (f"{text} ({count} times)" for text, count in Counter(world.truth.failures).items())
        yield from (
            f"mail {mail.id}: {mail.because}"
            for mail in rows.mails
            if mail.outcome == "held" and "maild failed" in (mail.because or "")
        )

    return finding("nothing fails", rows.mails, broken())


def no_forger_is_heard(rows: Rows, world: World) -> Finding:
    """What was written in a TSM's name without their token and their server is held, and brings nothing about."""
    forged = [mail for mail in rows.mails if (mail.message_id or "").startswith("<forged.")]

    def broken() -> Iterator[str]:
        if len(forged) != world.truth.forged:
            yield f"{world.truth.forged} mails were forged, {len(forged)} are in the store"
        yield from (f"mail {mail.id} is {mail.outcome}" for mail in forged if mail.outcome != "held")

    return finding("no forger is heard", forged, broken())
