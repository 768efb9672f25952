"""The demo: a mail server, mails and the real daemon in a sandbox on loopback."""
