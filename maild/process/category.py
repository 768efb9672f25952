"""A category: what a ticket is about, as an admin describes it in `categories/<name>.toml`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One file of `config/categories`; the file's stem is the name."""

    name: str
    title: str
    technical: bool
    description: str
    examples: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    """Kinds of information that the ticket needs; names of `gathering.kinds.KINDS`."""

    guide: str = ""
    """How to troubleshoot, Markdown."""

    responsible: str | None = None
    """A person, or for a category that is not technical the other team that takes it."""
