"""IMAP: the only file that knows imapclient.

One connection is for one thread; only `wake` and `hang_up` may be called from another. Whatever breaks a connection is `Deferred`,
and the connection is of no use afterwards; where a server says NO for good it is `Refused`, and the connection lives on.
"""

import logging
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from imapclient import DELETED, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from maild.doors.credential import Bearer, Credential, Password
from maild.doors.imap_answers import PASSING, TEMPORARY, Listed, Selected, head_of, is_temporary, listed, words
from maild.doors.imap_idle import Idle, IdleRefused
from maild.doors.imap_log_in import PERMISSIONS, log_in
from maild.doors.imap_sets import portions, uid_set, windows
from maild.doors.tls import cure_of, tls_context
from maild.errors import Deferred, Refused
from maild.mail.head import HEAD_FIELDS, HEAD_OCTETS

log = logging.getLogger(__name__)

CONNECT_SECONDS, GOODBYE_SECONDS = 20.0, 2.0
SIZES = ("RFC822.SIZE", "INTERNALDATE")


class ImapConnection:
    """A connection to one account; `connect` makes it."""

    def __init__(self, client: IMAPClient, *, server: str) -> None:
        self._client, self._server = client, server
        self._is_alive = True
        self._idle = Idle()
        self._may_idle = True

    def log_in(self, username: str, credential: Credential) -> None:
        """Prove who we are; `Refused` where the server does not believe it."""
        with self._explained(f"did not finish the log-in of {username!r}"):
            try:
                log_in(self._client, self._server, username, credential)
            except LoginError as error:
                refusal = self._explained_log_in(username, error, credential)
                if isinstance(credential, Bearer) and not isinstance(refusal, Deferred):
                    credential.forget()
                raise refusal from error

    def select(self, mailbox: str, *, reads_only: bool = False) -> Selected:
        """Open a mailbox for everything that follows; to read only, nothing in it can change (RFC 9051 6.3.3)."""
        with self._explained(f"does not open the mailbox {mailbox!r}", repeated=PASSING):
            answer = self._client.select_folder(mailbox, readonly=reads_only)
            return Selected(
                uidvalidity=int(answer[b"UIDVALIDITY"]),
                uidnext=answer.get(b"UIDNEXT"),
                exists=int(answer[b"EXISTS"]),
                keeps_keywords=rb"\*" in answer.get(b"PERMANENTFLAGS", ()),
            )

    def search(self, *, after_uid: int, since: datetime, exists: int) -> list[int]:
        """Give the UIDs above `after_uid` of mail that arrived on the day before `since`, or later, ascending.

        SINCE compares days and disregards their zone (RFC 9051, 6.4.4); who needs the hour compares INTERNALDATE.
        """
        day = (since.astimezone(UTC) - timedelta(days=1)).date()
        found: set[int] = set()
        with self._explained("does not search", repeated=PASSING):
            for window in windows(exists):
                found.update(self._client.search([*window, "UID", f"{after_uid + 1}:*", "SINCE", day]))
        # `n:*` names the last mail even where its UID is below n
        return sorted(uid for uid in found if uid > after_uid)

    def present(self, uids: Sequence[int]) -> set[int]:
        """Give those of the UIDs that are still in the mailbox."""
        with self._explained("does not search", repeated=PASSING):
            return set(self._client.search(["UID", uid_set(uids)])) if uids else set()

    def list_mails(self, uids: Sequence[int]) -> list[Listed]:
        """Give size and arrival of mails, ascending; those that have gone meanwhile are left out."""
        with self._explained("does not tell the sizes of mails", repeated=PASSING):
            answers = (sorted(self._client.fetch(list(part), SIZES).items()) for part in portions(uids))
            return [listed(uid, facts) for answer in answers for uid, facts in answer if b"RFC822.SIZE" in facts]

    def fetch(self, uids: Sequence[int]) -> dict[int, bytes]:
        r"""Give the sources of mails and leave `\Seen` alone; those that have gone meanwhile are left out."""
        with self._explained("does not give the bytes of mails", repeated=TEMPORARY):
            answer = self._client.fetch(list(uids), ["BODY.PEEK[]"])
            return {uid: facts[b"BODY[]"] for uid, facts in answer.items() if facts.get(b"BODY[]") is not None}

    def heads(self, uids: Sequence[int], *, also: str = "") -> dict[int, bytes]:
        """Give of each header what an order is chosen by (`mail.head`), and one more field if that is named."""
        names = " ".join((*HEAD_FIELDS, also)).strip()
        with self._explained("does not give the headers of mails", repeated=PASSING):
            wanted = f"BODY.PEEK[HEADER.FIELDS ({names})]<0.{HEAD_OCTETS}>"
            return {uid: head_of(facts) for uid, facts in self._client.fetch(list(uids), [wanted]).items()}

    def list_mailboxes(self) -> list[str]:
        """Give the names of all mailboxes that can be opened (RFC 9051 6.3.9)."""
        with self._explained("does not list its mailboxes"):
            return sorted(name for flags, _, name in self._client.list_folders() if b"\\Noselect" not in flags)

    def create(self, mailbox: str) -> None:
        """Make sure that a mailbox exists, and that the mail clients of people show it."""
        complaint = f"does not create the mailbox {mailbox!r}"
        with self._explained(complaint):
            if self._client.folder_exists(mailbox):
                return
        try:
            with self._explained(complaint):
                self._client.create_folder(mailbox)
                self._client.subscribe_folder(mailbox)
        except Deferred:
            raise
        except Refused as refusal:
            raise Refused(f"{refusal}{self._prefix(mailbox)}") from refusal

    def move(self, uids: Sequence[int], mailbox: str) -> None:
        """Move mails by UID; those that have gone meanwhile do not matter.

        Without MOVE (RFC 6851) they are copied, flagged as deleted and expunged by UID (RFC 4315); where that is
        missing too, not expunged: a plain EXPUNGE would also take what people have flagged.
        """
        with self._explained(f"does not move mails to {mailbox!r}"):
            if self._client.has_capability("MOVE"):
                self._client.move(list(uids), mailbox)
                return
            self._copy(uids, mailbox)
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge(list(uids))

    def flag(self, uids: Sequence[int], flag: str) -> None:
        """Add a flag or a keyword to mails."""
        with self._explained(f"does not flag mails with {flag}"):
            self._client.add_flags(list(uids), [flag], silent=True)

    def wait(self, seconds: float) -> bool:
        """Return when the server says anything or `wake` is called; False: the time is over."""
        with self._explained("was lost while maild waited for mail", is_fatal=True):
            if self._may_idle and self._client.has_capability("IDLE"):
                with suppress(IdleRefused):
                    return self._idle.wait(self._client, seconds)
                self._may_idle = False
                log.warning("IDLE refused, the mailbox is polled", extra={"server": self._server})
            return self._idle.sleep(seconds)

    def wake(self) -> None:
        """End the `wait` of another thread at once, or its next one."""
        self._idle.wake()

    def hang_up(self) -> None:
        """Break off whatever another thread waits for: there it is `Deferred` at once."""
        with suppress(OSError):
            # not the method of a TLS socket, which also changes the object that the other thread reads from
            socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye where the server still listens, and hang up."""
        with suppress(Exception):
            if self._is_alive:
                self._client.socket().settimeout(GOODBYE_SECONDS)
                self._client.logout()
        with suppress(Exception):
            self._client.shutdown()
        self._idle.close()

    def _copy(self, uids: Sequence[int], mailbox: str) -> None:
        # what an interrupted move has copied is flagged as deleted already, and not copied again
        left = self._client.search(["UNDELETED", "UID", uid_set(uids)])
        if left:
            self._client.copy(left, mailbox)
            self._client.add_flags(left, [DELETED], silent=True)

    def _prefix(self, mailbox: str) -> str:
        """Name the usual reason why a server does not like the name of a mailbox (RFC 2342)."""
        with suppress(Exception):
            prefix = self._client.namespace().personal[0][0]
            if prefix and not mailbox.startswith(prefix):
                return f" (its mailboxes are called {prefix}...: write {prefix + mailbox!r})"
        return ""

    def _explained_log_in(self, username: str, error: LoginError, credential: Credential) -> Refused:
        said = words(error)
        # imapclient says "log-in refused" also where the connection broke
        self._is_alive = not isinstance(error.__context__, IMAPClientAbortError)
        if not self._is_alive or is_temporary(said):
            return Deferred(f"{self._server} cannot log in {username!r} for now: {said}")
        cure = "username and password" if isinstance(credential, Password) else PERMISSIONS
        return Refused(f"{self._server} refused the log-in of {username!r}: {said}. Check {cure}")

    @contextmanager
    def _explained(self, complaint: str, *, is_fatal: bool = False, repeated: Sequence[str] = ()) -> Iterator[None]:
        """Translate what imapclient raises: NO and BAD are `Refused`, without one of the codes `repeated`; all else is `Deferred`."""
        try:
            yield
        except Refused:
            raise
        except Exception as error:
            said = words(error)
            is_no = isinstance(error, IMAPClientError) and not isinstance(error, IMAPClientAbortError)
            if is_no and not is_fatal and not is_temporary(said, repeated):
                raise Refused(f"{self._server} {complaint}: {said}") from error
            self._is_alive = False
            raise Deferred(f"{self._server} {complaint}: {said}") from error


def connect(
    host: str, port: int, *, security: str, ca_file: Path | None = None, timeout_seconds: float = 60.0
) -> ImapConnection:
    """Connect and secure the connection; `log_in` comes next.

    `security` is `tls`, `starttls` or `none` (to loopback only); certificates are verified against `ca_file`, or else
    against the authorities that the machine trusts. `timeout_seconds` bounds every later wait for an answer.
    """
    server = f"IMAP server {host}:{port}"
    authorities = tls_context("[[mailbox]]", security, host, ca_file)
    try:
        client = _open(host, port, security, authorities, timeout_seconds)
    except ssl.SSLCertVerificationError as error:
        why = words(error).rstrip(".")
        raise Refused(f"{server} shows a certificate that is not trusted: {why}. {cure_of(error)}") from error
    except Exception as error:
        raise Deferred(f"{server} cannot be reached with security = {security!r}: {words(error)}") from error
    return ImapConnection(client, server=server)


def _open(
    host: str, port: int, security: str, authorities: ssl.SSLContext | None, timeout_seconds: float
) -> IMAPClient:
    patience = SocketTimeout(CONNECT_SECONDS, timeout_seconds)
    client = IMAPClient(host, port, ssl=security == "tls", ssl_context=authorities, timeout=patience)
    try:
        # otherwise each small command waits for the answer to the one before (Nagle)
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if security == "starttls":
            client.starttls(authorities)
    except BaseException:
        with suppress(OSError):
            client.shutdown()
        raise
    client.normalise_times = False  # INTERNALDATE with its zone
    # The library has imaplib spell out every octet of every mail for a log that nobody reads.
    client._imap.debug = 0  # noqa: SLF001
    return client
