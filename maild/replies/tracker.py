"""What a tracker is told in words: an issue's title and description, and comments. Markdown, for people of the house."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.process.mirroring.masking import mask
from maild.process.mirroring.policy import MirrorPolicy, Personal
from maild.process.mirroring.telling import CommentKind
from maild.process.ticket import Ticket
from maild.replies.plain import one_line
from maild.replies.subject import base_subject
from maild.replies.typography import french
from maild.replies.voice import Voice

TITLE_LIMIT, WORDS_LIMIT = 200, 20_000
_FENCE = re.compile(r"`{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language's."""

    untitled: str
    ticket: str
    client: str
    category: str
    urgency: str
    impact: str
    withheld: str
    heading: Mapping[CommentKind, str]


PHRASES: Mapping[str, Phrases] = MappingProxyType(
    {
        "en": Phrases(
            untitled="Support ticket",
            ticket="Ticket {ticket} of {desk}",
            client="Client",
            category="Category",
            urgency="Urgency",
            impact="Impact",
            withheld="The client's words stay in the desk's mail ({words} words).",
            heading={
                CommentKind.CLIENT: "The client wrote:",
                CommentKind.PUBLIC: "Answer to the client, by {author}:",
                CommentKind.INTERNAL: "Internal note, by {author}:",
                CommentKind.REMARK: "maild:",
            },
        ),
        "de": Phrases(
            untitled="Support-Ticket",
            ticket="Ticket {ticket} von {desk}",
            client="Kunde",
            category="Kategorie",
            urgency="Dringlichkeit",
            impact="Auswirkung",
            withheld="Die Worte des Kunden bleiben in der Mail des Supports ({words} Wörter).",
            heading={
                CommentKind.CLIENT: "Der Kunde schrieb:",
                CommentKind.PUBLIC: "Antwort an den Kunden, von {author}:",
                CommentKind.INTERNAL: "Interne Notiz, von {author}:",
                CommentKind.REMARK: "maild:",
            },
        ),
        "fr": french(
            Phrases(
                untitled="Ticket de support",
                ticket="Ticket {ticket} de {desk}",
                client="Client",
                category="Catégorie",
                urgency="Urgence",
                impact="Impact",
                withheld="Les mots du client restent dans la messagerie du support ({words} mots).",
                heading={
                    CommentKind.CLIENT: "Le client a écrit :",
                    CommentKind.PUBLIC: "Réponse au client, par {author} :",
                    CommentKind.INTERNAL: "Note interne, par {author} :",
                    CommentKind.REMARK: "maild :",
                },
            )
        ),
        "es": Phrases(
            untitled="Ticket de soporte",
            ticket="Ticket {ticket} de {desk}",
            client="Cliente",
            category="Categoría",
            urgency="Urgencia",
            impact="Impacto",
            withheld="Las palabras del cliente se quedan en el correo de soporte ({words} palabras).",
            heading={
                CommentKind.CLIENT: "El cliente escribió:",
                CommentKind.PUBLIC: "Respuesta al cliente, de {author}:",
                CommentKind.INTERNAL: "Nota interna, de {author}:",
                CommentKind.REMARK: "maild:",
            },
        ),
    }
)
"""The house's language to its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Writes for the tracker, as discreet as the admin wants it."""

    voice: Voice
    policy: MirrorPolicy

    @property
    def phrases(self) -> Phrases:
        """In the language of internal mail."""
        return PHRASES.get(self.voice.desk.languages[0], PHRASES["en"])

    def title(self, ticket: Ticket) -> str:
        """Its number, and what it is about as far as that may leave the house."""
        desk = self.voice.desk
        about = self._discreet(base_subject(ticket.subject, desk.prefix), ticket)
        if self.policy.personal is Personal.NONE:
            category = self.voice.categories.get(ticket.category or "")
            about = category.title if category else ""
        return one_line(f"{desk.show(ticket.number)} {about or self.phrases.untitled}", TITLE_LIMIT)

    def description(self, ticket: Ticket, words: str) -> str:
        """The facts, then the client's first mail."""
        said, scales, desk = self.phrases, self.voice.priorities, self.voice.desk
        category = self.voice.categories.get(ticket.category or "")
        client = f"{ticket.client_name} <{ticket.client}>".strip() if self.policy.personal is Personal.ALL else ""
        client = client.replace("`", "'")  # which would end a piece of code
        facts = {
            said.client: f"`{one_line(client, TITLE_LIMIT)}`" if client else "",
            said.category: category.title if category else "",
            said.urgency: scales.urgency.get(ticket.urgency or 0, ""),
            said.impact: scales.impact.get(ticket.impact or 0, ""),
        }
        lines = [f"- {name}: {value}" for name, value in facts.items() if value]
        head = said.ticket.format(ticket=desk.show(ticket.number), desk=desk.name)
        return "\n\n".join([f"**{head}**", *(["\n".join(lines)] if lines else []), self._of_client(words, ticket)])

    def comment(self, kind: CommentKind, words: str, ticket: Ticket, author: str) -> str:
        """One comment; who else has read the words stands above them."""
        heading = f"**{self.phrases.heading[kind].format(author=one_line(author, 80))}**"
        if kind is CommentKind.CLIENT:
            return f"{heading}\n\n{self._of_client(words, ticket)}"
        lines = self._discreet(words[:WORDS_LIMIT], ticket).splitlines()
        return heading + "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines)

    def _of_client(self, words: str, ticket: Ticket) -> str:
        """A stranger's words are shown, and not rendered: no links, pictures or mentions of theirs."""
        if self.policy.personal is Personal.NONE:
            return f"*{self.phrases.withheld.format(words=len(words.split()))}*"
        text = self._discreet(words[:WORDS_LIMIT], ticket).strip()
        fence = "`" * max((len(found) + 1 for found in _FENCE.findall(text)), default=3)
        return f"{fence}text\n{text}\n{fence}"

    def _discreet(self, text: str, ticket: Ticket) -> str:
        if self.policy.personal is Personal.ALL:
            return text
        return mask(text, names=(ticket.client_name,))
