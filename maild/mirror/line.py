"""The mirror's line of work: plan what has to be told, ask what is new, and go through the tickets that are due."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from maild.errors import Bounced, Deferred, MaildError, Throttled, Unauthorized, Unavailable
from maild.mirror.hearing import look
from maild.mirror.parts import MirroredDesk
from maild.mirror.planning import plan_all
from maild.mirror.polling import poll
from maild.mirror.telling import change, make, say
from maild.process.mirroring.projecting import Projection, choose
from maild.store.incoming.catching_up import is_taking_in_returned
from maild.store.mirror import issues
from maild.store.mirror.issues import MirroredIssue

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=75)
"""Outlasts three calls at their longest; it is made longer before each."""

FRESH = timedelta(hours=1)
"""How long what there is to choose from in the tracker is believed."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Before one issue is tried again that the tracker would not take."""


class Lost(MaildError):
    """The ticket is another process's by now: its lease had ended."""


class Stopped(MaildError):
    """Everything is to end: what is not told yet is told by whoever comes next."""


class Mirror:
    """Any number of processes may mirror one desk."""

    def __init__(self, desk: MirroredDesk, *, poll_every: timedelta) -> None:
        self.desk = desk
        self.trouble: str | None = None
        """Why nothing goes to and fro at the moment."""

        self._poll_every = poll_every
        self._projection: Projection | None = None
        self._chosen_at = self._polled_at = datetime.min.replace(tzinfo=desk.clock().tzinfo)
        self._throttled_until: datetime | None = None
        self._is_stopped: Callable[[], bool] = lambda: False

    def work(self, is_stopped: Callable[[], bool] = lambda: False, *, most: int | None = None) -> None:
        """Do all that is due, or `most` tickets of it. Raises Unavailable or Unauthorized where the tracker is of no use; then all of it waits."""
        with self.desk.store.read() as connection:
            if is_taking_in_returned(connection):
                return  # or the tracker would be told how things stood when the backup was made
        plan_all(self.desk.store, self.desk.policy, self.desk.clock())
        now = self.desk.clock()
        if self._throttled_until and now < self._throttled_until:
            return
        try:
            self._is_stopped = is_stopped
            self._work(most)
        except Stopped:
            return
        except Throttled as limit:
            self._throttled_until = limit.until
            self.trouble = str(limit)
            log.info("mirror waits", extra={"because": str(limit)})
        except MaildError as error:
            self.trouble = str(error)
            raise
        else:
            self.trouble = None

    def _work(self, most: int | None) -> None:
        if self.desk.clock() - self._polled_at >= self._poll_every:
            self._choose()
            poll(self.desk, self._go_on)
            self._polled_at = self.desk.clock()
        for _ in range(most) if most else count():
            if self._is_stopped() or not self._take_one_or_plan():
                return

    def _go_on(self) -> None:
        """Before each call. Raises Stopped; whoever watches over the daemon hears that it turns."""
        if self._is_stopped():
            raise Stopped

    def _choose(self) -> Projection:
        now = self.desk.clock()
        if self._projection is None or now - self._chosen_at >= FRESH:
            rules = self.desk.rules
            found = self.desk.tracker.catalogue()
            self._projection = choose(
                self.desk.policy, found, rules.team, rules.categories, rules.priorities.calendar.zone
            )
            self._chosen_at = now
        return self._projection

    def _take_one_or_plan(self) -> bool:
        """What was heard may have to be answered."""
        if self._take_one():
            return True
        plan_all(self.desk.store, self.desk.policy, self.desk.clock())
        return self._take_one()

    def _take_one(self) -> bool:
        desk = self.desk
        claimed = desk.store.transact(
            lambda connection: issues.claim_issue(connection, holder=desk.holder, lease=LEASE, now=desk.clock())
        )
        if claimed is None:
            return False
        try:
            self._bring_up_to_date(claimed)
        except (Unavailable, Unauthorized, Stopped):
            desk.store.transact(
                lambda connection: issues.give_back_issue(connection, claimed.ticket, holder=desk.holder)
            )
            raise
        except Lost as lost:
            log.info("left to another process", extra={"ticket": claimed.ticket, "because": str(lost)})
        except (Deferred, Bounced) as error:
            self._defer(claimed, str(error))
        except MaildError:
            raise
        except Exception as error:
            log.exception("ticket not mirrored, a bug", extra={"ticket": claimed.ticket})
            self._defer(claimed, f"maild failed on it ({error!r}); a bug")
        else:
            desk.store.transact(lambda connection: issues.settle_issue(connection, claimed, holder=desk.holder))
        return True

    def _bring_up_to_date(self, claimed: MirroredIssue) -> None:
        projection = self._choose()

        def keep() -> None:
            self._keep(claimed)

        if claimed.made_at is not None or make(self.desk, claimed, projection, keep):
            keep()
            if not look(self.desk, claimed, projection):
                return
            try:
                change(self.desk, claimed, projection, keep)
            except Bounced:
                say(self.desk, claimed, keep)  # a field that is refused keeps no word from being said
                raise
        say(self.desk, claimed, keep)

    def _keep(self, claimed: MirroredIssue) -> None:
        self._go_on()
        desk = self.desk
        kept = desk.store.transact(
            lambda connection: issues.keep_issue(connection, claimed.ticket, holder=desk.holder, lease=LEASE)
        )
        if not kept:
            raise Lost(f"the lease of ticket {claimed.ticket} has ended")

    def _defer(self, claimed: MirroredIssue, because: str) -> None:
        desk, pause = self.desk, PAUSES[min(claimed.attempts, len(PAUSES) - 1)]
        facts = {"ticket": claimed.ticket, "because": because, "again_in_minutes": pause.total_seconds() / 60}
        log.warning("ticket not mirrored, tried again later", extra=facts)
        due_at = desk.clock() + pause
        desk.store.transact(
            lambda connection: issues.defer_issue(
                connection, claimed.ticket, holder=desk.holder, due_at=due_at, trouble=because
            )
        )
