"""Learn: what a TSM says about a closed ticket becomes an article, or one more case of an article that is there."""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.desk.finding.arrival import Arrival
from maild.desk.telling.happening import Happening
from maild.desk.telling.prefilling import prefilled
from maild.desk.telling.suggesting import find_alike
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.knowledge.article import Article, name_for, read_body, title_of, write_body
from maild.process.clocks.kinds import ANSWERED, Clock
from maild.process.commands.reading import read_commands
from maild.process.decision import Findings
from maild.process.plan import Step
from maild.process.post_mortem.parts import Part
from maild.process.post_mortem.reading import read_answer
from maild.process.ticket import Event, Ticket
from maild.store.desk import closings, deadlines
from maild.store.desk.tickets import Cause
from maild.store.knowledge import articles, suggestions

LEARNING = frozenset(
    {
        *(Event.POST_MORTEM_ANSWERED, Event.POST_MORTEM_DECLINED, Event.ARTICLE_WRITTEN),
        *(Event.ARTICLE_KNOWN, Event.ARTICLE_RELATED),
    }
)
"""Events of which this is the consequence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """A mail that teaches something, by whom, and about which ticket."""

    transaction: Transaction
    arrival: Arrival
    findings: Findings
    ticket: Ticket

    @property
    def own(self) -> Article | None:
        """The article that the ticket is a case of."""
        return articles.article_of(self.transaction.connection, self.ticket.number)


def learn(transaction: Transaction, arrival: Arrival, findings: Findings, step: Step, ticket: Ticket) -> None:
    """Do what the step says to the knowledge base; the form is answered by any of it."""
    connection, cause = transaction.connection, Cause(mail=arrival.mail_id)
    deadlines.stop_clocks(connection, ticket.number, {Clock.POST_MORTEM: ANSWERED}, cause, now=transaction.now)
    lesson = _Lesson(transaction=transaction, arrival=arrival, findings=findings, ticket=ticket)
    match step.event:
        case Event.POST_MORTEM_ANSWERED:
            form = closings.sent_form(connection, ticket.number)
            _write(lesson, read_answer(arrival.mail.text, form).parts)
        case Event.ARTICLE_WRITTEN:
            words = read_commands(arrival.mail.new_text).words
            _add(lesson, read_answer(words, "", loose_part=Part.TIPS).parts)
        case Event.ARTICLE_KNOWN if step.article:
            _know(lesson, step.article)
        case Event.ARTICLE_RELATED if step.article:
            own = lesson.own
            if own is not None and own.name != step.article:
                articles.relate(connection, own.name, step.article)


def _write(lesson: _Lesson, said: Mapping[Part, str]) -> None:
    """What the TSM says stands instead of what the ticket says; what they leave out, as the ticket says it."""
    known = read_body(lesson.own.body) if lesson.own else {}
    _save(lesson, {**prefilled(lesson.transaction, lesson.ticket), **known, **said})


def _add(lesson: _Lesson, said: Mapping[Part, str]) -> None:
    """Words of `/article` stand below what the article says already."""
    known = read_body(lesson.own.body) if lesson.own else prefilled(lesson.transaction, lesson.ticket)
    more = {part: "\n\n".join(filter(None, (known.get(part), text))) for part, text in said.items()}
    _save(lesson, {**known, **more})


def _save(lesson: _Lesson, parts: Mapping[Part, str]) -> None:
    transaction, ticket, own = lesson.transaction, lesson.ticket, lesson.own
    language = own.language if own else transaction.rules.desk.languages[0]
    title = title_of(parts, ticket.subject)
    draft = Article(
        name=own.name if own else name_for(ticket.number, title),
        version=0,
        title=title,
        body=write_body(parts, language),
        category=ticket.category,
        language=language,
        written_by=lesson.findings.addressee or "",
        created_at=transaction.now,
        ticket=ticket.number,
        related=own.related if own else (),
    )
    saved = articles.save_article(transaction.connection, draft)
    suggestions.settle(transaction.connection, ticket.number, same_as=saved.name, now=transaction.now)
    _offer_to_merge(lesson, saved)


def _know(lesson: _Lesson, name: str) -> None:
    """The ticket's own article, if it has one, goes on in that one."""
    transaction, ticket, own = lesson.transaction, lesson.ticket, lesson.own
    if own is not None and own.ticket == ticket.number and own.name != name:
        articles.merge(transaction.connection, own.name, name, now=transaction.now)
    articles.put_behind(transaction.connection, name, [ticket.number])
    suggestions.settle(transaction.connection, ticket.number, same_as=name, now=transaction.now)


def _offer_to_merge(lesson: _Lesson, article: Article) -> None:
    """Where it is nearly another one, whoever wrote it decides what to do about that."""
    transaction, alike = lesson.transaction, find_alike(lesson.transaction, article)
    if not alike:
        return
    because = f"{article.name} is much like {', '.join(each.name for each in alike)}"
    event, cause = Event.ARTICLE_ALIKE, Cause(mail=lesson.arrival.mail_id)
    transaction.add_event(lesson.ticket.number, event, because=because, cause=cause)
    happening = Happening(
        event=event,
        ticket=lesson.ticket,
        because=(because,),
        cause=cause,
        arrival=lesson.arrival,
        findings=lesson.findings,
        articles=alike,
    )
    tell(transaction, happening)
