"""Watch the versions of models: a promotion is picked up while the daemon runs, and a damaged one is refused."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from maild.daemon.budget import BudgetWatch
from maild.daemon.choosing import Choice, Refusal, choose, keep_fresh, tidy
from maild.errors import Refused
from maild.intake.classifying import Classifying
from maild.store.engine import Connection, Store
from maild.store.models.promoting import read_events
from maild.store.models.thresholds import list_raised
from maild.store.models.versions import note, read_standings

log = logging.getLogger(__name__)

NAP_SECONDS = 2.0
"""SQLite rings no bell of another process, and a promotion should be seen within seconds; a look costs two statements."""


@dataclass(kw_only=True)
class ModelWatch:
    """Keeps the processes that classify at what the store says."""

    store: Store
    shipped: Classifying
    folder: Path
    """Of this process alone: where versions are laid down."""

    use: Callable[[Classifying], None]
    """Gives the processes what is to answer from now on."""

    budget: BudgetWatch
    """Raises thresholds, which this watch then picks up."""

    clock: Callable[[], datetime]
    _seen: object = None
    _choice: Choice | None = None
    _told: set[str] = field(default_factory=set)
    """Digests whose refusal was told."""

    def look(self) -> None:
        """Pick up what has changed. Raises Refused or Deferred where the store cannot be asked: all stays as it is."""
        self._pick_up()
        tidy(self.folder, now=self.clock())
        if self._choice is not None:
            self.budget.look(self._choice.classifying.models())

    def _pick_up(self) -> None:
        with self.store.read() as connection:
            standings = (read_standings(connection), list_raised(connection))
            if standings == self._seen and self._is_whole():
                return
            choice = choose(connection, self.shipped, self.folder)
        self._refuse(choice)
        if self._choice is None or choice.classifying != self._choice.classifying:
            # Read here first: whatever cannot be read must not reach the processes that need it for every mail.
            choice.classifying.models()
            self.use(choice.classifying)
            log.info("models in service", extra=_named(choice.classifying))
        self._seen, self._choice = standings, choice

    def _is_whole(self) -> bool:
        choice = self._choice
        return choice is not None and keep_fresh((*choice.classifying.versions, *choice.classifying.shadows))

    def _refuse(self, choice: Choice) -> None:
        """Tell once that a version cannot answer: in the log, and in the history that `maild models` shows."""
        new = [refusal for refusal in choice.refusals if refusal.digest not in self._told]
        for refusal in new:
            log.error("model refused", extra={"question": refusal.question, "because": refusal.because})
            self._told.add(refusal.digest)
        if new:
            self.store.transact(lambda connection: self._write_down(connection, new))

    def _write_down(self, connection: Connection, refusals: list[Refusal]) -> None:
        """Once for all processes: each of them refuses the same version."""
        last = {event.digest: event.event for event in read_events(connection) if event.event != "raised"}
        for refusal in refusals:
            if last.get(refusal.digest) != "refused":
                note(
                    connection,
                    refusal.question,
                    refusal.digest,
                    "refused",
                    actor="maild",
                    because=refusal.because,
                    now=self.clock(),
                )


def _named(classifying: Classifying) -> dict[str, object]:
    versions = {chosen.question: chosen.digest[:12] for chosen in classifying.versions}
    shadows = {chosen.question: chosen.digest[:12] for chosen in classifying.shadows}
    return {"versions": versions, "shadows": shadows, "raised": len(classifying.raised)}


@contextmanager
def watch_models(
    store: Store,
    shipped: Classifying,
    *,
    use: Callable[[Classifying], None],
    budget: BudgetWatch,
    clock: Callable[[], datetime],
) -> Iterator[ModelWatch]:
    """Give the watch, with a folder for its files. Raises Refused where there is no room for one."""
    try:
        folder = TemporaryDirectory(prefix="maild-models-")
    except OSError as error:
        raise Refused(f"Models need a temporary folder: {error.strerror}. Name one in TMPDIR.") from error
    with folder as path:
        yield ModelWatch(store=store, shipped=shipped, folder=Path(path), use=use, budget=budget, clock=clock)
