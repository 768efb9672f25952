"""The database's URL: which ones are allowed, and where a relative file lies."""

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from maild.settings.paths import from_place

ALLOWED = "sqlite:///PATH, or postgresql://USER@HOST:PORT/NAME with the password in password_file or password_env"
FILE = "sqlite:///"
SERVER = ("postgresql", "postgresql+psycopg")


def url_trouble(url: str) -> str | None:
    """Say why a URL may not stand; None if it may. The words never repeat the URL, which may hold a password."""
    if url.startswith(FILE):
        path = url.removeprefix(FILE)
        return (
            None if path and not path.startswith(":") and "?" not in path else f"no file is named; allowed: {ALLOWED}"
        )
    try:
        parts = urlsplit(url)
        if parts.scheme not in SERVER or (parts.port or 1) < 1:
            return f"maild knows no database by the name of {parts.scheme!r}; allowed: {ALLOWED}"
        names = {name.casefold() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    except ValueError:
        return f"this is not a URL; allowed: {ALLOWED}"
    if parts.password is not None or names & {"password", "passfile", "sslpassword"}:
        return f"a password stands in it (its value is not shown); allowed: {ALLOWED}"
    return None if parts.path.strip("/") else f"no database is named; allowed: {ALLOWED}"


def absolute_url(url: str, start: Path) -> str:
    """Make a relative SQLite path absolute; other URLs stay as they are."""
    return f"{FILE}{from_place(start, url.removeprefix(FILE))}" if url.startswith(FILE) else url
