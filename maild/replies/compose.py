"""Occasion to reply: the words of its template, and the message whose bytes are fixed for good."""

from maild.process.guarding.hiding import without_house
from maild.replies.blocks import read_blocks
from maild.replies.fields import envelope_sender, header_fields
from maild.replies.kinds import CLIENT, KINDS
from maild.replies.layout import in_html, in_text
from maild.replies.mime import body
from maild.replies.names import Scene
from maild.replies.plain import one_line
from maild.replies.reply import Occasion, Reply
from maild.replies.scene import set_scene
from maild.replies.subject import LIMIT
from maild.replies.voice import Voice


def compose(occasion: Occasion, voice: Voice) -> Reply:
    """Write the mail of an occasion. Pure: the same occasion gives the same bytes."""
    kind = KINDS[occasion.kind]
    wanted = (occasion.ticket.language,) if kind.audience == CLIENT else ()
    language = voice.templates.language_for(occasion.kind, (*wanted, *voice.desk.languages))
    scene = set_scene(occasion, voice, language)
    subject, words = _write(voice, occasion.kind, language, scene)
    if kind.audience == CLIENT:
        subject, words = (_hidden(each, occasion, voice) for each in (subject, words))
    blocks = read_blocks(words)
    text = in_text(blocks, language=language)
    html = in_html(blocks, voice.templates.layout, scene, language=language)
    head = header_fields(occasion, voice, subject=subject, topic=_topic(scene, occasion, voice), language=language)
    originals = occasion.originals if kind.has_original else ()
    return Reply(
        kind=occasion.kind,
        audience=kind.audience,
        recipient=occasion.recipient.address,
        envelope_from=envelope_sender(voice),
        message_id=occasion.message_id,
        token=occasion.token,
        subject=subject,
        text=text,
        content=head + body(text, html, originals=originals, seed=occasion.message_id, files=occasion.enclosed.files),
    )


def _hidden(words: str, occasion: Occasion, voice: Voice) -> str:
    readers = (occasion.recipient, *occasion.conversation)
    return without_house(words, voice.team, voice.desk, spared={reader.key for reader in readers})


def _topic(scene: Scene, occasion: Occasion, voice: Voice) -> str:
    title = str(scene["title"])
    return _hidden(title, occasion, voice) if occasion.is_to_client else title


def _write(voice: Voice, kind: str, language: str, scene: Scene) -> tuple[str, str]:
    """Subject and body; the tag is there even if an admin's template forgot it, because it may carry the token."""
    first, _, words = voice.templates.mails[language, kind].render(scene).partition("\n")
    subject = one_line(first.removeprefix("Subject:"), 2 * LIMIT)
    tag = str(scene["tag"])
    return subject if tag in subject else f"{tag} {subject}", words
