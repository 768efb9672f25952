"""What can go wrong, named by what the caller should do.

MaildError
├── ConfigurationError    stop: the admin must edit a file (exit status 2)
├── Refused               stop or try later: the world said no (exit status 1)
│   ├── Deferred          try again later, with backoff (4yz, a dead server, anything unknown)
│   │   ├── Unavailable   leave everything as it is and wait: the trouble is ours or the server's, not this mail's
│   │   │   ├── Throttled     wait until the moment that it names: we have asked a service too much
│   │   │   └── Unnoted       try again as soon as the store is there: nothing was begun, because it could not be noted
│   │   └── Unauthorized  try this mail again later, and never bounce it: the server refuses us, not its recipient
│   ├── Bounced           never try again (5yz)
│   └── Uncertain         never try again unasked, and show it: nobody knows whether the mail was accepted
├── Unreadable            hold the mail for a person, with this reason
└── NotFound              the thing that was asked for is not there (exit status 1)
"""

from datetime import datetime


class MaildError(Exception):
    """Something that maild can explain to a person."""


class ConfigurationError(MaildError):
    """The configuration is wrong; every problem found is in `problems`, one line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Refused(MaildError):
    """A server, the database or a file refused."""


class Deferred(Refused):
    """Refused for now: try again later."""


class Bounced(Refused):
    """Refused for good: trying again cannot help."""


class Unavailable(Deferred):
    """A server is of no use to any mail now: it is gone, or it refuses us and not one mail."""


class Throttled(Unavailable):
    """We have asked a service more than it lets us; it answers again from `until` on."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class Unnoted(Unavailable):
    """The store could not note what was about to begin, so it was not begun."""


class Unauthorized(Deferred):
    """The server does not let us submit this mail: no relaying, no log-in, a limit of ours; others may pass."""


class Uncertain(Refused):
    """The connection died after content was handed over and before the answer (RFC 5321, 4.2.5 and RFC 1047)."""


class Unreadable(MaildError):
    """A mail that cannot be read safely: hold it for a person."""


class NotFound(MaildError):
    """There is no such ticket, mail or file."""
