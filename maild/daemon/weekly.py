"""Watch for the weekly summary: once its hour has come, the week is analysed outside any transaction, and told in one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from maild.desk.telling.quiet import is_from_before, quietly
from maild.desk.transaction import begin
from maild.desk.weekly import is_told, period_of, tell_leads
from maild.knowledge.analysis.history import Period
from maild.knowledge.weekly.fact import Fact
from maild.process.rules import Rules
from maild.process.weekly import Week, newest_week
from maild.replies.voice import Voice
from maild.store.engine import Connection, Store
from maild.store.knowledge.weekly import has_begun_before


@dataclass(kw_only=True)
class WeeklyWatch:
    """Tells the leads of the newest week that is over, once."""

    store: Store
    rules: Rules
    voice: Voice
    clock: Callable[[], datetime]
    analyse: Callable[[Period], list[Fact]]
    """Gives the facts of the last week of a period."""

    _settled: str = ""
    """Name of the week about which there is nothing left to do."""

    def look(self) -> int:
        """Tell the leads if it is time; how many were written to. Raises Refused or Deferred."""
        policy, zone = self.rules.policy.weekly, ZoneInfo(self.rules.desk.time_zone)
        if not policy.send:
            return 0
        week = newest_week(self.clock(), policy, zone)
        if week.name == self._settled:
            return 0
        written = self._tell(week, zone) if self._is_owed(week) else 0
        self._settled = week.name
        return written

    def _is_owed(self, week: Week) -> bool:
        """Cheap, because each process asks it once a week. A desk that had no ticket by then has nothing to tell."""
        with self.store.read() as connection:
            return has_begun_before(connection, week.until) and not is_told(connection, week, self.rules.team)

    def _tell(self, week: Week, zone: ZoneInfo) -> int:
        facts = self.analyse(period_of(week, zone))

        def act(connection: Connection) -> int:
            now, is_old = self.clock(), is_from_before(connection, [week.until])
            with (
                quietly(connection, mails=None, is_old=is_old, now=now),
                begin(connection, rules=self.rules, voice=self.voice, now=now) as transaction,
            ):
                return tell_leads(transaction, week, facts)

        return self.store.transact(act, serial=True)
