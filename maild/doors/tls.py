"""Whom to believe on the network: the authorities that sign certificates."""

import ssl
from pathlib import Path

from maild.errors import ConfigurationError
from maild.loopback import is_loopback


def trust(section: str, ca_file: Path | None) -> ssl.SSLContext:
    """Demand a certificate signed by `ca_file`'s authority or, without one, by those that the machine trusts.

    Raises ConfigurationError, naming the section, for a file that cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        why = error.strerror or str(error)
        raise ConfigurationError(
            f"{section} ca_file = {str(ca_file)!r}: {why}; allowed is a file of certificates in PEM"
        ) from error
    if ca_file is not None:
        # Python 3.13 began to refuse authorities without a key usage (RFC 5280, 4.2.1.3): such is what
        # `openssl req -x509` makes, and what many a house has for its own servers
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def tls_context(section: str, security: str, host: str, ca_file: Path | None) -> ssl.SSLContext | None:
    """Likewise where a connection has such a security; None for `none`, which is allowed on loopback alone.

    Raises ConfigurationError, naming the section, for any other.
    """
    if security == "none" and is_loopback(host):
        return None
    if security not in ("tls", "starttls"):
        raise ConfigurationError(
            f"{section} security = {security!r} for host {host!r}: allowed are tls, starttls and, on loopback, none"
        )
    return trust(section, ca_file)


MISMATCHES = (62, 64)
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH (openssl-verification-options(1))."""

OUT_OF_DATE = (9, 10)
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""


def cure_of(error: ssl.SSLCertVerificationError) -> str:
    """Say what to do about a certificate that is not trusted."""
    if error.verify_code in MISMATCHES:
        return "It was made for another name: write the server's own name as `host`"
    if error.verify_code in OUT_OF_DATE:
        return "Renew it on the server; or the clock of this machine is wrong"
    return "If the certificate is right, name the authority that signed it in `ca_file`"
