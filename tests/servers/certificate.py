"""A certificate authority for one test run, and a certificate for loopback under it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:10.77.0.1,IP:10.77.0.2,IP:10.77.0.3"
"""Loopback, and the servers behind the hub of `network`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Files in PEM."""

    authority: Path
    """For clients: whom to believe."""

    chain: Path
    key: Path


def make_certificate(folder: Path, *, days: int = 2) -> Certificate:
    """Make a new authority and a certificate for `NAMES`, good for so many days; with 0 it has expired."""
    made = Certificate(authority=folder / "authority.pem", chain=folder / "chain.pem", key=folder / "key.pem")
    authority_key, request, extensions = folder / "authority-key.pem", folder / "request.pem", folder / "extensions"
    extensions.write_text(NAMES + "\n")
    new = ["-newkey", "rsa:2048", "-nodes"]
    signer = ["-CA", str(made.authority), "-CAkey", str(authority_key), "-CAcreateserial"]
    _openssl(
        "req", "-x509", *new, "-keyout", authority_key, "-out", made.authority, "-days", "2", "-subj", "/CN=Test CA"
    )
    _openssl("req", *new, "-keyout", made.key, "-out", request, "-subj", "/CN=localhost")
    _openssl("x509", "-req", "-in", request, *signer, "-days", str(days), "-extfile", extensions, "-out", made.chain)
    return made


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """One for the whole run: keys take a while."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))
