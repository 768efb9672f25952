"""A `mailto:` link for those who read text alone."""

from urllib.parse import unquote


def written_link(link: str) -> str:
    """The link for a mail that is only text: whom to write to, and with which subject."""
    address, _, subject = link.removeprefix("mailto:").partition("?subject=")
    return f"<{unquote(address)}> ({unquote(subject)})"
