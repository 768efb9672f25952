"""Did somebody leave it on the telephone? A telephone system mails the recording, and nobody at its address reads an answer."""

import re

from maild.classify.form import NO_REPLY
from maild.classify.verdict import Verdict
from maild.mail.message import Attachment, Mail

QUESTION = "by_telephone"

_HANDED_ON = re.compile(r"\s*(?:re|fwd?|aw|wg|sv|tr|rv|rif|enc)\s*:", re.IGNORECASE)
"""A person answers such a mail or forwards it: mail programs leave its fields as they are."""

_SYSTEMS = re.compile(
    r"3cx|asterisk|freepbx|fritz[!.]?box|fusionpbx|innovaphone|(?:ip-?|v)?pbx|placetel|ringcentral|starface|swyx|unity ?connection|"
    r"voice[ ._-]?(?:mail|message)s?|anrufbeantworter|sprach(?:box|nachricht)|telefonanlage|"
    r"messagerie[ ._-]?vocale|répondeur|buz[óo]n[ ._-]de[ ._-]voz|contestador",
    re.IGNORECASE,
)
"""What such systems call themselves, by their makers and in four languages."""

_NOBODY = re.compile(NO_REPLY, re.IGNORECASE)

_RECORDING = re.compile(r"\.(?:aac|amr|flac|gsm|m4a|mp3|oga|ogg|opus|wav|wma)\Z", re.IGNORECASE)


def by_telephone(mail: Mail) -> Verdict | None:
    """Recognise a voice message by its fields, or by a recording that a telephone system sends in its own name or nobody's.

    Such mail is often called automatic, and a client speaks in it. What answers another mail, by its fields or its subject,
    is none: an absence note stays one, and who forwards a recording can be answered.
    """
    is_answer = mail.in_reply_to or mail.references or mail.facts.auto_submitted == "auto-replied"
    if is_answer or mail.author is None or _HANDED_ON.match(mail.subject):
        return None
    because = _by_field(mail) or _by_name(mail)
    return Verdict(question=QUESTION, label="yes", confidence=None, because=because) if because else None


def _by_field(mail: Mail) -> str | None:
    return f"a telephone system's field {mail.facts.voice} is there" if mail.facts.voice else None


def _by_name(mail: Mail) -> str | None:
    if mail.author is None or not any(map(_is_recording, mail.attachments)):
        return None
    # Not the domain: a firm that sells such systems has people, too.
    names = (mail.author.name, mail.author.address.rpartition("@")[0])
    named = next((name for name in names if _SYSTEMS.search(name)), None)
    if named is None and _NOBODY.match(names[1]) and (found := _SYSTEMS.search(mail.subject)):
        return f"a recording that nobody can answer, and “{found[0]}” in the subject"
    return f"a recording of {named}, a telephone system" if named else None


def _is_recording(attachment: Attachment) -> bool:
    return attachment.media_type.startswith("audio/") or _RECORDING.search(attachment.name) is not None
