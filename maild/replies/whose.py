"""The question whose ticket it is: what a person of the desk wrote, and a tap for each answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from maild.mail.message import Address, Mail
from maild.replies.house_mail import own_language, render
from maild.replies.offers import action_link
from maild.replies.plain import one_line, some_lines
from maild.replies.reply import HouseMail, Offer
from maild.replies.typography import french
from maild.replies.voice import Voice

KIND = "whose"
SUBJECT_LIMIT, LINES, CHARACTERS = 100, 60, 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and about which mail."""

    message_id: str
    recipient: Address
    mail: Mail
    offers: tuple[Offer, ...]
    """`new` for an address, `follow` for the ticket of a forwarded mail, `own` for that of the person's own words, `nothing`."""

    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One language's."""

    subject: str
    opening: str
    by: str
    nobody: str
    mine: str
    """What happens to the person's own words."""

    closing: str
    new: str
    follow: str
    own: str
    nothing: str


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _Words(
            subject="Whose ticket is this? {subject}",
            opening="A message in your name has arrived that belongs to no ticket. It is being held; nothing has been done.",
            by="Written by",
            nobody="It does not say who first wrote to you. Forward the client\N{RIGHT SINGLE QUOTATION MARK}s message as an attachment, and maild can ask "
            "whose it is.",
            mine="If these are your own words in a ticket, a tap does not send them yet: you first get it all to confirm.",
            closing="One tap decides. If you did not write it, do nothing.",
            new="New ticket for",
            follow="Belongs to",
            own="My own words in",
            nothing="Nothing: leave it",
        ),
        "de": _Words(
            subject="Wessen Ticket ist das? {subject}",
            opening="Eine Nachricht in Ihrem Namen ist eingegangen, die zu keinem Ticket gehört. Sie wird zurückgehalten; es ist "
            "nichts geschehen.",
            by="Geschrieben von",
            nobody="Es steht nicht darin, wer Ihnen zuerst geschrieben hat. Leiten Sie die Nachricht des Kunden als Anhang "
            "weiter, dann kann maild fragen, wessen sie ist.",
            mine="Sind es Ihre eigenen Worte in einem Ticket, sendet ein Klick sie noch nicht: Sie bekommen zuerst alles zur "
            "Bestätigung.",
            closing="Ein Klick entscheidet. Wenn Sie sie nicht geschrieben haben, brauchen Sie nichts zu tun.",
            new="Neues Ticket für",
            follow="Gehört zu",
            own="Meine eigenen Worte in",
            nothing="Nichts: auf sich beruhen lassen",
        ),
        "fr": french(
            _Words(
                subject="À qui est ce ticket ? {subject}",
                opening="Un message à votre nom est arrivé qui n'appartient à aucun ticket. Il est retenu ; rien n'a été fait.",
                by="Écrit par",
                nobody="Il ne dit pas qui vous a écrit d'abord. Transférez le message du client en pièce jointe, et maild pourra "
                "demander à qui il est.",
                mine="Si ce sont vos propres mots dans un ticket, un clic ne les envoie pas encore : vous recevez d'abord le tout à "
                "confirmer.",
                closing="Un clic décide. Si vous ne l'avez pas écrit, ne faites rien.",
                new="Nouveau ticket pour",
                follow="Appartient à",
                own="Mes propres mots dans",
                nothing="Rien : laisser ainsi",
            )
        ),
        "es": _Words(
            subject="¿De quién es este ticket? {subject}",
            opening="Ha llegado un mensaje en su nombre que no pertenece a ningún ticket. Está retenido; no se ha hecho nada.",
            by="Escrito por",
            nobody="No dice quién le escribió primero. Reenvíe el mensaje del cliente como adjunto, y maild podrá preguntar de "
            "quién es.",
            mine="Si son palabras suyas en un ticket, un toque aún no las envía: primero recibe todo para confirmarlo.",
            closing="Un toque decide. Si no lo escribió usted, no haga nada.",
            new="Nuevo ticket para",
            follow="Pertenece a",
            own="Mis propias palabras en",
            nothing="Nada: dejarlo estar",
        ),
    }
)


def compose_question(question: Question, voice: Voice) -> HouseMail:
    """Write the mail, in the desk's own language. It carries no token but those of its taps."""
    language, words = own_language(voice, _WORDS)
    return render(
        voice,
        language=language,
        subject=words.subject.format(subject=one_line(question.mail.subject, SUBJECT_LIMIT)).strip(),
        words=_body(question, voice, language),
        recipient=question.recipient,
        message_id=question.message_id,
        now=question.now,
    )


def _body(question: Question, voice: Voice, language: str) -> str:
    words = _WORDS[language]
    mail, inner = question.mail, question.mail.forwarded
    lines, _ = some_lines(inner.text if inner else mail.text, characters=CHARACTERS, lines=LINES)
    author = f"{inner.author.name} <{inner.author.address}>".strip() if inner else ""
    is_own = any(offer.word == "own" for offer in question.offers)
    return "\n".join(
        [
            words.opening,
            "",
            *([f"# {words.by} {one_line(author, SUBJECT_LIMIT)}"] if inner else []),
            *(f"> {line}" for line in lines),
            "",
            *([words.mine, ""] if is_own else [] if inner else [words.nobody, ""]),
            *(_offered(offer, voice, language) for offer in question.offers),
            "",
            words.closing,
            "",
            "--",
            voice.desk.name,
        ]
    )


def name_answer(language: str, word: str, detail: str) -> str:
    """What a tap says, as the question has it; `word` and `detail` as `Offer` has them."""
    words = _WORDS[language]
    says = {"new": words.new, "follow": words.follow, "own": words.own, "nothing": words.nothing}[word]
    return one_line(f"{says} {detail}", SUBJECT_LIMIT)


def _offered(offer: Offer, voice: Voice, language: str) -> str:
    label = name_answer(language, offer.word, offer.detail).replace(" = ", " - ")
    return f"= {label} = {action_link(voice.desk, 0, offer)}"
