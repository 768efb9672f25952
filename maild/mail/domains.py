"""International domain names in the one form that every mail server knows (A-labels, RFC 5890)."""

LONGEST_DOMAIN = 255
"""Characters (RFC 5321, 4.5.3.1.2)."""


def ascii_domain(domain: str) -> str:
    """Give the domain in A-labels, by IDNA 2008 (RFC 5891) and the mapping of mail clients (UTS 46).

    One that cannot be written so stays as it is. Not by the standard library: it knows IDNA 2003 alone, where straße.de
    is strasse.de, which is somebody else.
    """
    if domain.isascii() or len(domain) > LONGEST_DOMAIN:
        return domain
    import idna

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:
        return domain


def unicode_domain(domain: str) -> str:
    """Give the domain as people read it (U-labels); one that cannot be read so stays as it is."""
    if "xn--" not in domain.casefold() or len(domain) > LONGEST_DOMAIN:
        return domain
    import idna

    try:
        return idna.decode(domain)
    except UnicodeError:
        return domain


def with_ascii_domain(address: str) -> str:
    """Give an address with its domain in A-labels; its local part stays as it is (RFC 6531 is for those)."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"
