"""The stock floor: the libraries that maild is made of, each used as its own documentation shows.

What is chosen, and why. mail-parser on the whole source: headers, bodies and attachments, as maild reads them. One
TfidfVectorizer over words and pairs and two LogisticRegressions, for technical and for category, asked for a group at once:
the vectoriser's cost is by the call. The text is the whole body, cut where maild cuts it. SQLAlchemy's Core, one INSERT a
group, BEGIN IMMEDIATE, WAL and synchronous FULL. jinja2 for both parts of the reply, EmailMessage around them,
aiosmtplib's `send_message`. Left out, in the floor's favour: moving mail, language, hostile mail, attachments' digests,
doubles, threads, tickets, history, an outbox, and the mail to the lead.
"""

from collections.abc import Awaitable, Callable, Sequence
from email.message import EmailMessage
from email.utils import make_msgid
from operator import methodcaller

import mailparser
from aiosmtplib import SMTP
from jinja2 import Environment
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, Text, create_engine, event, insert

from benchmarks.sample_words import DETAILS, PROBLEMS, SUBJECTS

LIMIT = 4_000
"""Characters of a body that are classified; as in `maild.classify.text`."""

NOT_TECHNICAL = ("Access", "Report", "Invoice")

TEXT = """\
Hello {{ name }},

Thank you for your message. It has reached us safely.

  Subject: {{ subject }}
  Category: {{ category }}

{% if technical %}Someone on our support team looks into your request.{% else %}We pass it on.{% endif %}

--
Acme Support
"""
HTML = "<html><body>{% for part in parts %}<p>{{ part }}</p>{% endfor %}</body></html>"

metadata = MetaData()
mails = Table(
    "bare",
    metadata,
    Column("message_id", Text),
    Column("subject", Text),
    Column("technical", String(10)),
    Column("category", String(40)),
    Column("content", LargeBinary),
)


class Stock:
    """One process of the stock pipeline; both write into one table."""

    def __init__(self, url: str, share: int, desk: str) -> None:
        """Connect, and train on sentences of the samples: what is asked costs the same whatever was learnt."""
        self._desk = desk
        self._engine = _engine(url)
        if share == 0:
            metadata.create_all(self._engine)
        environment = Environment(autoescape=False)  # noqa: S701 - the text part; the HTML part escapes
        self._text = environment.from_string(TEXT)
        self._html = environment.overlay(autoescape=True).from_string(HTML)
        texts = [f"{subject} {problem} {detail}" for subject, problem in _PAIRS for detail in DETAILS]
        topics = [subject for subject, _ in _PAIRS for _ in DETAILS]
        self._vectoriser = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        vectors = self._vectoriser.fit_transform(texts)
        self._category = LogisticRegression().fit(vectors, topics)
        self._technical = LogisticRegression().fit(vectors, [topic not in NOT_TECHNICAL for topic in topics])

    def take_in(self, sources: Sequence[bytes]) -> list[Callable[[SMTP], Awaitable[object]]]:
        """Parse, classify and commit a group; give the replies."""
        parsed = [mailparser.parse_from_bytes(source) for source in sources]
        vectors = self._vectoriser.transform([f"{mail.subject}\n{mail.body}"[:LIMIT] for mail in parsed])
        technical = [bool(row[1] > row[0]) for row in self._technical.predict_proba(vectors)]
        labels = self._category.classes_
        categories = [str(labels[row.argmax()]) for row in self._category.predict_proba(vectors)]
        rows = [
            {
                "message_id": mail.message_id,
                "subject": mail.subject,
                "technical": str(is_technical),
                "category": category,
                "content": source,
            }
            for source, mail, is_technical, category in zip(sources, parsed, technical, categories, strict=True)
        ]
        with self._engine.begin() as connection:
            connection.execute(insert(mails), rows)
        replies = [self._reply(*each) for each in zip(parsed, technical, categories, strict=True)]
        return [methodcaller("send_message", reply) for reply in replies]

    def _reply(self, mail: mailparser.MailParser, technical: bool, category: str) -> EmailMessage:
        name, address = mail.from_[0]
        scene = {"name": name, "subject": mail.subject, "technical": technical, "category": category}
        text = self._text.render(scene)
        reply = EmailMessage()
        reply["From"], reply["To"] = self._desk, f"{name} <{address}>"
        reply["Subject"], reply["Message-ID"] = f"Re: {mail.subject}", make_msgid(domain="desk.example")
        reply["In-Reply-To"] = reply["References"] = mail.message_id
        reply.set_content(text)
        reply.add_alternative(self._html.render(parts=text.split("\n\n")), subtype="html")
        return reply


_PAIRS = tuple(zip(SUBJECTS, PROBLEMS, strict=True))


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _prepare(connection: object, _: object) -> None:
            connection.isolation_level = None  # type: ignore[attr-defined]
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

        @event.listens_for(engine, "begin")
        def _begin(connection: object) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]

    return engine
