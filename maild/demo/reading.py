"""What the store tells about the mails and tickets of the demo."""

from maild.process.desk import Desk
from maild.store.engine import Store
from maild.store.view.ticket import WholeTicket, find_ticket
from maild.store.view.tickets import list_tickets
from maild.store.view.trace import Story, list_stories


class Reader:
    """Reads each story once, as soon as its mail has been decided."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk
        self._told: set[int] = set()

    @property
    def count(self) -> int:
        """How many stories were read."""
        return len(self._told)

    def read_new(self) -> list[Story]:
        """Read the stories that were not read before, in the order in which their mails came."""
        with self._store.read() as connection:
            stories = [story for story in list_stories(connection, self._desk) if story.mail not in self._told]
        self._told.update(story.mail for story in stories)
        return stories

    def read_ticket_of(self, client: str) -> WholeTicket | None:
        """Read a client's first ticket; None if there is none."""
        with self._store.read() as connection:
            lines = list_tickets(connection, self._desk)
            numbers = [int(line.number.rpartition("-")[2]) for line in lines if line.client == client]
            return find_ticket(connection, self._desk, numbers[0]) if numbers else None
