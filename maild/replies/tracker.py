"""What a tracker is told in words: an issue's title and description, and comments. Markdown, for people of the house."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.process.mirroring.masking import mask
from maild.process.mirroring.policy import MirrorPolicy, Personal
from maild.process.mirroring.telling import Voice
from maild.process.ticket import Ticket
from maild.replies.plain import one_line
from maild.replies.subject import base_subject
from maild.replies.typography import french
from maild.replies.voice import Voice as Speaker

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
    heading: Mapping[Voice, str]


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
                Voice.CLIENT: "The client wrote:",
                Voice.PUBLIC: "Answer to the client, by {author}:",
                Voice.INTERNAL: "Internal note, by {author}:",
                Voice.REMARK: "maild:",
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
                Voice.CLIENT: "Der Kunde schrieb:",
                Voice.PUBLIC: "Antwort an den Kunden, von {author}:",
                Voice.INTERNAL: "Interne Notiz, von {author}:",
                Voice.REMARK: "maild:",
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
                    Voice.CLIENT: "Le client a écrit :",
                    Voice.PUBLIC: "Réponse au client, par {author} :",
                    Voice.INTERNAL: "Note interne, par {author} :",
                    Voice.REMARK: "maild :",
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
                Voice.CLIENT: "El cliente escribió:",
                Voice.PUBLIC: "Respuesta al cliente, de {author}:",
                Voice.INTERNAL: "Nota interna, de {author}:",
                Voice.REMARK: "maild:",
            },
        ),
    }
)
"""The house's language to its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Writes for the tracker, as discreet as the admin wants it."""

    speaker: Speaker
    policy: MirrorPolicy

    @property
    def phrases(self) -> Phrases:
        """In the language of internal mail."""
        return PHRASES.get(self.speaker.desk.languages[0], PHRASES["en"])

    def title(self, ticket: Ticket) -> str:
        """Its number, and what it is about as far as that may leave the house."""
        desk = self.speaker.desk
        about = self._discreet(base_subject(ticket.subject, desk.prefix), ticket)
        if self.policy.personal is Personal.NONE:
            category = self.speaker.categories.get(ticket.category or "")
            about = category.title if category else ""
        return one_line(f"{desk.show(ticket.number)} {about or self.phrases.untitled}", TITLE_LIMIT)

    def description(self, ticket: Ticket, words: str) -> str:
        """The facts, then the client's first mail."""
        said, scales, desk = self.phrases, self.speaker.priorities, self.speaker.desk
        category = self.speaker.categories.get(ticket.category or "")
        client = f"{ticket.client_name} <{ticket.client}>".strip() if self.policy.personal is Personal.ALL else ""
        facts = {
            said.client: f"`{one_line(client, TITLE_LIMIT)}`" if client else "",
            said.category: category.title if category else "",
            said.urgency: scales.urgency.get(ticket.urgency or 0, ""),
            said.impact: scales.impact.get(ticket.impact or 0, ""),
        }
        lines = [f"- {name}: {value}" for name, value in facts.items() if value]
        head = said.ticket.format(ticket=desk.show(ticket.number), desk=desk.name)
        return "\n\n".join([f"**{head}**", *(["\n".join(lines)] if lines else []), self._of_client(words, ticket)])

    def comment(self, voice: Voice, words: str, ticket: Ticket, author: str) -> str:
        """One comment; who else has read the words stands above them."""
        heading = f"**{self.phrases.heading[voice].format(author=one_line(author, 80))}**"
        if voice is Voice.CLIENT:
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
