"""Bytes to Mail: the line of steps, and the last resort for what none of them expected."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

from maild.errors import Unreadable
from maild.mail.addresses import Correspondents, read_correspondents
from maild.mail.bodies import Bodies, html_to_show, read_bodies
from maild.mail.bounces import read_bounce, report_type
from maild.mail.contents import Contents, read_contents
from maild.mail.facts import delivered_to, read_facts
from maild.mail.fingerprint import fingerprint
from maild.mail.forwarded import handed_on, read_forwarded
from maild.mail.guards import check
from maild.mail.headers import Headers, read_headers
from maild.mail.identifiers import message_id, message_ids
from maild.mail.invitations import answered_invitation
from maild.mail.language import identify
from maild.mail.message import HEADER_ENDS_EARLY, LINES_BREAK_OFF, TEXT_READS_OTHERWISE, Limits, Mail
from maild.mail.quoting import new_text
from maild.mail.shifting import breaks_off, ends_early, reads_otherwise
from maild.mail.tree import Leaf, Part, build_tree, defects_of, leaves

DEFECTS = 50
SUBJECT_CHARACTERS = 1_000
"""More is no subject; `Mail.headers` has the rest."""

AUTHENTICATION_RESULTS = 20


def parse(source: bytes, limits: Limits, languages: Sequence[str]) -> Mail:
    """Read one received message; raises Unreadable, with a reason for a person, where it costs too much or breaks."""
    return tell_language(read(source, limits), languages)


def read(source: bytes, limits: Limits) -> Mail:
    """All of it but its language. Raises Unreadable as `parse` does."""
    with _unreadable():
        check(source, limits)
        return _read(source, limits)


def tell_language(mail: Mail, languages: Sequence[str]) -> Mail:
    """The mail with the one of these languages that it is written in. Raises Unreadable as `parse` does."""
    with _unreadable():
        about = mail.handed_on or mail.new_text
        language = identify(about, languages) or identify(f"{mail.subject}\n{about}", languages)
        return replace(mail, language=language)


@contextmanager
def _unreadable() -> Iterator[None]:
    try:
        yield
    except RecursionError as error:
        raise Unreadable("The mail nests its parts or comments too deeply to be read. It is held.") from error
    except MemoryError as error:
        raise Unreadable("The mail needs more memory than a parser may use. It is held.") from error
    except (Unreadable, ImportError):
        raise  # the latter is a broken installation, and no mail's fault
    except Exception as error:
        raise Unreadable(
            f"The mail breaks the parser ({type(error).__name__}: {str(error)[:200]}). It is held; "
            "the source is kept: please report it."
        ) from error


def read_html(source: bytes, limits: Limits) -> str | None:
    """The HTML of a mail that can be read, made safe to show: no scripts, no remote content. None where there is none."""
    check(source, limits)
    return html_to_show(read_contents(leaves(build_tree(source))), limits)


def _read(source: bytes, limits: Limits) -> Mail:
    part = build_tree(source)
    headers = read_headers(part)
    correspondents = read_correspondents(headers, limits.addresses)
    parts = list(leaves(part))
    contents = read_contents(parts)
    bodies = read_bodies(contents, limits)
    author = correspondents.author
    known = (_subject(headers), *((author.name, author.address) if author else ()))
    facts = read_facts(headers, report_type(part), answered_invitation(parts, bodies.text, known))
    bounce = read_bounce(part, facts, author.address if author else None)
    fresh, forwarded = new_text(bodies.text), read_forwarded(parts, bodies.text, limits)
    readers = (each.address for each in (*correspondents.to, *correspondents.cc))
    other = "" if bounce else handed_on(fresh, forwarded, _subject(headers), readers, limits)
    return Mail(
        digest=sha256(source).hexdigest(),
        fingerprint=fingerprint(headers, contents.digests),
        message_id=message_id(headers),
        in_reply_to=message_ids(headers, "in-reply-to"),
        references=message_ids(headers, "references"),
        author=author,
        reply_to=correspondents.reply_to,
        to=correspondents.to,
        cc=correspondents.cc,
        delivered_to=delivered_to(headers),
        subject=_subject(headers),
        written_at=correspondents.written_at,
        new_text=fresh,
        text=bodies.text,
        attachments=(*contents.attachments, *bodies.whole),
        language=None,
        facts=facts,
        bounce=bounce,
        authentication=tuple(field.written for field in headers.all("authentication-results"))[:AUTHENTICATION_RESULTS],
        headers=tuple((field.name, field.text) for field in headers.fields),
        defects=(*_shifts(part, parts, source), *_defects(part, headers, correspondents, contents, bodies))[:DEFECTS],
        forwarded=forwarded,
        handed_on=other,
    )


def _subject(headers: Headers) -> str:
    return (headers.first("subject") or "")[:SUBJECT_CHARACTERS].rstrip()


def _shifts(part: Part, parts: Sequence[Leaf], source: bytes) -> Iterator[str]:
    """Where another program may find the text to begin elsewhere."""
    if ends_early(part, source):
        yield HEADER_ENDS_EARLY
    if reads_otherwise(part, parts, source):
        yield TEXT_READS_OTHERWISE
    if breaks_off(part, source):
        yield LINES_BREAK_OFF


def _defects(
    part: Part, headers: Headers, correspondents: Correspondents, contents: Contents, bodies: Bodies
) -> tuple[str, ...]:
    """Everything else that was bent to be read, each once."""
    doubled = [
        f"{name} stands there more than once; the first is taken"
        for name in ("subject", "date", "message-id")
        if sum(1 for _ in headers.all(name)) > 1
    ]
    found = (*defects_of(part), *doubled, *correspondents.defects, *contents.defects, *bodies.defects)
    return tuple(dict.fromkeys(found))
