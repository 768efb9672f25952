"""What can go wrong, named by what the caller should do.

MaildError
├── ConfigurationError    stop: the admin must edit a file (exit status 2)
├── Refused               stop or try later: the world said no (exit status 1)
│   ├── Deferred          try again later, with backoff (4yz, a dead server, anything unknown)
│   └── Bounced           never try again (5yz)
├── Unreadable            hold the mail for a person, with this reason
└── NotFound              the thing that was asked for is not there (exit status 1)
"""


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


class Unreadable(MaildError):
    """A mail that cannot be read safely: hold it for a person."""


class NotFound(MaildError):
    """There is no such ticket, mail or file."""
