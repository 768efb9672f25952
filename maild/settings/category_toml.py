"""The keys of a file of categories/: what belongs to a category, and who is responsible."""

from maild.process.category import Category
from maild.settings.fields import Line, Section


class CategoryToml(Section):
    """The whole file; its name without `.toml` is the category's name."""

    title: Line
    """The name that people see."""

    technical: bool
    """Whether the desk solves it; what is not technical is handed to another team."""

    description: str
    """What it is about; `maild evaluate` compares a model with what these words and the examples alone would tell."""

    belongs: tuple[str, ...] = ()
    """What belongs: for the people who read and label, not for maild."""

    does_not_belong: tuple[str, ...] = ()
    """What does not, and where it belongs instead: likewise."""

    examples: tuple[str, ...] = ()
    """Sentences that clients write."""

    required: tuple[str, ...] = ()
    """Information that the ticket needs, and that is looked for in the client's mails: application, version,
    operating system, device, error message, error code, stack trace, since when, host, ip address, url, path, address,
    screenshot, log, serial number, customer number, order number, invoice number, amount."""

    guide: str = ""
    """How to troubleshoot, in Markdown."""

    responsible: Line | None = None
    """A person, or for a category that is not technical another team (team.toml)."""

    def category(self, name: str) -> Category:
        """Build the value that the process works with."""
        return Category(name=name, **self.model_dump(exclude={"belongs", "does_not_belong"}))
