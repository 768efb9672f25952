"""Once: the name of what may be written only once to somebody, and the Message-ID that goes with it."""

from hashlib import sha256

LONGEST = 200
"""Characters that the outbox keeps of it; an address may have more."""


def name_once(what: str, address: str) -> str:
    """Give the name of a mail about `what` to this address."""
    name = f"{what} {address.casefold()}"
    return name if len(name) <= LONGEST else f"{what} {_digest(address)}"


def id_once(what: str, address: str, domain: str) -> str:
    """Give its Message-ID: of letters and digits, whatever the address is made of (RFC 5322 3.6.4)."""
    return f"<{what.replace(' ', '.')}.{_digest(address)[:20]}@{domain}>"


def _digest(address: str) -> str:
    return sha256(address.casefold().encode()).hexdigest()
