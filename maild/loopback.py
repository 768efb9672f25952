"""Which hosts are this very machine: what goes there in plain, nobody on the way can read."""

from ipaddress import ip_address


def is_ip(host: str) -> bool:
    """Whether a host is an IPv4 or IPv6 address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its address or its name (RFC 6761, 6.3)."""
    return host.casefold() in {"localhost", "localhost."} or (is_ip(host) and ip_address(host).is_loopback)
