"""What a mail to the house shows of the mail that caused it, and what helps to answer that."""

from maild.process.ticket import Status
from maild.replies.attached import MOST_FILES, attached_line, size_in_words
from maild.replies.guidance import command_lines, guide_lines, similar_lines, transcript_lines
from maild.replies.kinds import KINDS
from maild.replies.learning import form_lines, known_lines
from maild.replies.names import Scene
from maild.replies.offers import offer_lines
from maild.replies.plain import WHOLE, one_line, some_lines
from maild.replies.reasons.saying import say
from maild.replies.reply import Occasion
from maild.replies.sheet import missing_lines, sheet_lines
from maild.replies.voice import Voice

REASON_LIMIT = 500
WORDS_LIMIT, LINES_LIMIT = 10_000, 200


def about_mail(occasion: Occasion, voice: Voice, language: str) -> Scene:
    """Values of the names that tell of the mail, and of what is known about such mails."""
    return {
        **_shown(occasion, language),
        **_beside(occasion),
        **_returned(occasion),
        "reasons": _reasons(occasion, language),
        "transcript": transcript_lines(occasion.transcript, language),
        "offers": offer_lines(occasion, voice, language),
        "similar": similar_lines(occasion.similar, voice.desk, language),
        "known": known_lines(occasion.articles, language),
        "form": form_lines(occasion.post_mortem, language),
        "is_repeated": occasion.in_reply_to is not None,
        "guide": guide_lines(_guide(occasion, voice)),
        "commands": command_lines(language),
    }


def _shown(occasion: Occasion, language: str) -> Scene:
    """Its words, its files and what was gathered from it."""
    is_held = KINDS[occasion.kind].is_about_held
    # A forged From must not make us mail its words to the person it names, in the house neither.
    is_safe = occasion.is_proven or is_held or not occasion.is_to_author
    mail, sheet = (occasion.mail, occasion.ticket.sheet) if is_safe else (None, None)
    words, files = (mail.new_text, mail.attachments) if mail else ("", ())
    # What is let through is exactly what was shown: the words as they are read and relayed, every file and every reader.
    if is_held:
        lines, is_cut = some_lines(occasion.words or words, characters=WHOLE, lines=WHOLE)
    else:
        lines, is_cut = some_lines(words, characters=WORDS_LIMIT, lines=LINES_LIMIT)
    listed = files if is_held else files[:MOST_FILES]
    return {
        "words": lines,
        "is_cut": is_cut or (mail is not None and mail.whole is not None),
        "is_sealed": mail is not None and mail.is_sealed,
        "is_enclosed": occasion.enclosed.holds_all_of(files),
        "attachments": [attached_line(part, occasion.enclosed, language) for part in listed],
        "sheet": sheet_lines(sheet, language),
        "missing": missing_lines(sheet, language),
    }


def _beside(occasion: Occasion) -> Scene:
    """What goes along, and what does not."""
    return {
        "withheld": [one_line(f"{each.virus} ({each.attachment.name})", 200) for each in occasion.enclosed.infected],
        "kept_back": size_in_words(occasion.kept_back) if occasion.kept_back else "",
        "has_original": KINDS[occasion.kind].has_original and bool(occasion.originals),
    }


def _returned(occasion: Occasion) -> Scene:
    """What came back, where it is a delivery report."""
    bounce = occasion.mail.bounce if occasion.mail else None
    return {
        "contacts": [one_line(address, 320) for address in bounce.recipients[:10]] if bounce else [],
        "server_words": one_line(bounce.diagnostic, REASON_LIMIT) if bounce else "",
        "returned": one_line(bounce.original_message_id or "", REASON_LIMIT) if bounce else "",
    }


def _reasons(occasion: Occasion, language: str) -> list[str]:
    most = WHOLE if KINDS[occasion.kind].is_about_held else REASON_LIMIT
    return [one_line(say(reason, language), most) for reason in occasion.because]


def _guide(occasion: Occasion, voice: Voice) -> str:
    """How to troubleshoot; only once it is decided what it is about."""
    category = voice.categories.get(occasion.ticket.category or "")
    return category.guide if category and occasion.ticket.status is not Status.NEW else ""
