"""Lines with which mail clients announce a quote, as tables: a client or a language is one row."""

import re
from collections.abc import Iterable

LINE_CHARACTERS = 400
"""Read of a line: each pattern below is linear in it."""

STAMPED_LINES = 2
"""Of an announcement that is known by its stamp alone: a sentence may stand above it."""

WROTE = (
    # (how it starts, how it goes on), casefolded by the flag; English, German, French, Spanish ship, others came along.
    (r"on\b", r"\bwrote\s*:?$|\bwrote:"),
    (r"am\b", r"\bschrieb\b.*:$"),
    (r"le\b", r"a\s+écrit\s*:?$"),
    (r"el\b", r"escribió\s*:?$"),
    (r"il\b", r"ha\s+scritto\s*:?$"),
    (r"em\b|a\b", r"escreveu\s*:?$"),
    (r"op\b", r"\bschreef\b.*:$"),
    (r"(?:den|på|fra|mån|tis|ons|tors|fre|lör|sön|\d)", r"\bskrev\b.*:$"),
    (r"(?:dnia|w dniu)\b", r"(?:napisał|pisze).*:$"),
)

WROTE_ANYWHERE = (
    "wrote|writes|schrieb|schreibt|a écrit|écrit|escribió|escribe|ha scritto|scrive|escreveu|schreef|schrijft|skrev|"
    "skriver|napisał|napsal|napísal|napisao|napisala|je napisal|írta|kirjoitti|έγραψε|yazd\u0131|a scris|đã viết|написал|пишет|пише"
)
"""Who wrote stands before the verb, and when before or behind it; `(a)` may follow it, and a colon does."""

_STARTS = re.compile("|".join(f"(?:{start})" for start, _ in WROTE), re.IGNORECASE)
_WROTE = tuple((re.compile(start, re.IGNORECASE), re.compile(end, re.IGNORECASE)) for start, end in WROTE)
_WROTE_UNDATED = re.compile(rf"\b(?:{WROTE_ANYWHERE})\b[^:]{{0,80}}:$", re.IGNORECASE)
_WROTE_UNSPACED = re.compile(r"(?:写道|寫道|のメール|님이 작성)\s*[:\uff1a]$")
_WROTE_THEN = re.compile(
    r"\b(?:wrote on|schrieb am|a écrit le|escribió el|ha scritto il|escreveu em|schreef op)\b"
    r".{0,60}\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?(?:uhr|[ap]\.?m\.?))?\s?:$",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d\d(?!\d))")
_NAMES_SOMEBODY = re.compile(r"<[^<>\s@]{1,64}@[^<>\s]{1,255}>[^<>]{0,60}:$")
_TIME = re.compile(r"\d{1,2}[:.]\d\d")
_ADDRESS_AT_END = re.compile(r"\s*[^<>\s@]+@[^<>\s]+>[^<>]{0,40}[:\uff1a]")
_DIGIT = re.compile(r"\d")
_DECORATION = " \t*_>~=-\u2013\u2014"
_DIRECTIONS = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks that clients of languages from right to left put around names and addresses."""

SEPARATORS = re.compile(
    r"^[\s*>_=\u2013\u2014-]{2,}"
    r"(?:original|original message|original appointment|forwarded message|urspr\u00fcngliche nachricht|original-?nachricht|"
    r"weitergeleitete nachricht|message d.origine|message original|message transf\u00e9r\u00e9|message transf\u00e8r\u00e9|"
    r"mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|"
    r"mensagem (?:re)?encaminhada|oorspronkelijk bericht|doorgestuurd bericht|oprindelig meddelelse|"
    r"videresendt meddelelse|ursprungligt meddelande|vidarebefordrat meddelande|opprinnelig melding|"
    r"videresendt melding|alkuperäinen viesti|välitetty viesti|wiadomo\u015b\u0107 oryginalna|oryginalna wiadomość|"
    r"przekazana wiadomość|původní (?:zpráva|e-mail)|přeposlaná zpráva|pôvodná správa|eredeti üzenet|"
    r"továbbított üzenet|mesaj original|orijinal mesaj|izvorna poruka|αρχικό μήνυμα|"
    r"(?:исходное|пересылаемое|перенаправленное) сообщение|原始邮件|邮件原件|转发(?:的)?(?:邮件|消息)|原始郵件|轉寄郵件|"
    r"元のメッセージ|転送メッセージ|원본 메시지|전달된 메시지)"
    r"[-_\u2013\u2014=\s*]{2,}$",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"^[\s*]*(?:begin forwarded message|anfang der weitergeleiteten nachricht|d\u00e9but du message (?:r\u00e9exp\u00e9di\u00e9|transf\u00e9r\u00e9)|"
    r"inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem (?:re)?encaminhada|"
    r"begin doorgestuurd bericht|vidarebefordrat brev|start på videresendt besked|välitetty viesti alkaa|"
    r"początek przekazywanej wiadomości|начало переадресованного сообщения|开始转发(?:的)?邮件|転送されたメッセージ|"
    r"original message processed by\b.*)\s*[:\uff1a]?\s*$",
    re.IGNORECASE,
)
_BETWEEN_DASHES = re.compile(
    r"^\s*-{4} (?:on|am|le|el|il|em|op) .{10,300} (?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef) -{4}\s*$",
    re.IGNORECASE,
)

_SEPARATOR = re.compile("|".join(each.pattern for each in (SEPARATORS, FORWARDED, _BETWEEN_DASHES)), re.IGNORECASE)

NOTES_LINES = 12
"""In which all labels of Lotus Notes stand."""

NOTES_STAMP_CHARACTERS = 40

LABELS = {
    "from": (
        *("from", "von", "de", "da", "van", "fra", "från", "od", "от", "lähettäjä", "feladó", "de la", "kimden"),
        *("gönderen", "від", "από", "šalje", "saatja", "nuo", "nork", "dari", "từ", "发件人", "寄件者", "寄件人"),
        *("差出人", "보낸 사람", "보낸사람", "จาก", "מאת", "من"),
    ),
    "sent": (
        *("sent", "gesendet", "envoyé", "enviado", "enviado el", "inviato", "verzonden", "sendt", "skickat", "wysłano"),
        *("отправлено", "odesláno", "odoslané", "lähetetty", "elküldve", "trimis", "gönderildi", "gönderme tarihi"),
        *("надіслано", "στάλθηκε", "poslano", "saadetud", "išsiųsta", "изпратено", "bidalia", "enviat el", "dikirim"),
        *("đã gửi", "发送时间", "寄件日期", "送信日時", "보낸 날짜", "보낸날짜", "ส่ง", "נשלח", "تم الإرسال"),
    ),
    "date": ("date", "datum", "fecha", "data", "dato", "dátum", "tarih", "дата", "日期", "日時", "날짜"),
    "to": (
        *("to", "an", "à", "pour", "para", "a", "aan", "til", "till", "do", "кому", "komu", "vastaanottaja", "címzett"),
        *("către", "kime", "al\u0131c\u0131", "προς", "za", "adressaat", "до", "nori", "per a", "kepada"),
        *("đến", "收件人", "收件者", "宛先", "받는 사람", "받는사람", "ถึง", "אל", "إلى"),
    ),
    "subject": (
        *(
            "subject",
            "betreff",
            "thema",
            "objet",
            "sujet",
            "asunto",
            "oggetto",
            "assunto",
            "onderwerp",
            "emne",
            "ämne",
            "temat",
            "тема",
        ),
        *("předmět", "predmet", "aihe", "tárgy", "subiect", "konu", "θέμα", "zadeva", "teema", "tema", "относно"),
        *("gaia", "subjek", "chủ đề", "主题", "主旨", "件名", "제목", "เรื่อง", "נושא", "الموضوع"),
    ),
    "cc": ("cc", "kopie", "copie", "copia", "kopia", "kopio", "копия", "抄送", "副本", "참조"),
}
"""What Outlook and others write over the mail that they quote; three different ones in a row are such a block."""

_KIND = {label: kind for kind, labels in LABELS.items() for label in labels}
_LABEL = re.compile(
    r"^[\s*_\u200e\u200f]{0,6}([^\s\d*_:\uff1a<>@]{1,20}(?: [^\s\d*_:\uff1a<>@]{1,12}){0,2})[\s\u00a0*_]{0,4}[:\uff1a]"
)


def is_attribution(lines: list[str]) -> bool:
    """Tell whether these lines, wrapped by a client, are one announcement; prose has no date in such a place."""
    joined = _on_one_line(lines)
    if not _DIGIT.search(joined):
        return False
    if any(start.match(joined) and end.search(joined) for start, end in _WROTE):
        return True
    return len(lines) <= STAMPED_LINES and (_is_stamped(joined) or _is_told(joined))


def _is_stamped(line: str) -> bool:
    """Any language: a time of day, then an address in angle brackets, then a colon at the end."""
    before, _, behind = line.rpartition("<")
    return _TIME.search(before) is not None and _ADDRESS_AT_END.fullmatch(behind) is not None


def _is_told(line: str) -> bool:
    """A language of which no client's very words are known: who wrote, with day and time of day."""
    if _WROTE_THEN.search(line):
        return True
    has_verb = _WROTE_UNDATED.search(line) is not None or _WROTE_UNSPACED.search(line) is not None
    return has_verb and _TIME.search(line) is not None and _DATE.search(line) is not None


def is_undated(lines: Iterable[str]) -> bool:
    """Tell the same of an announcement without a date, for which prose can be taken: only next to a quote."""
    joined = _on_one_line(lines)
    return _WROTE_UNDATED.search(joined) is not None


def names_author(lines: Iterable[str]) -> bool:
    """Tell whether the lines end with an address and a colon, in words and an order that no client here is known by.

    Only next to a quote, as is_undated: `* Desk <desk@acme.example> [2026-11-23 13:00]:`.
    """
    joined = _on_one_line(lines)
    return _NAMES_SOMEBODY.search(joined) is not None


def _on_one_line(lines: Iterable[str]) -> str:
    return _without_directions(" ".join(line.strip() for line in lines)[:LINE_CHARACTERS]).strip(_DECORATION)


def _without_directions(words: str) -> str:
    return words if words.isascii() else words.translate(_DIRECTIONS)


def may_start(line: str) -> bool:
    """Tell cheaply whether an announcement could start here."""
    head = _without_directions(line[:LINE_CHARACTERS]).lstrip(_DECORATION)
    return bool(_STARTS.match(head)) or bool(_DIGIT.search(head) and ("<" in head or head.endswith((":", "\uff1a"))))


def label_kind(line: str) -> str | None:
    """The kind of header label that the line starts with; None for any other line."""
    found = _LABEL.match(line[:LINE_CHARACTERS]) if ":" in line or "\uff1a" in line else None
    return _KIND.get(found.group(1).lower()) if found else None


def is_notes_head(lines: list[str]) -> bool:
    """Tell the head that Lotus Notes writes over what it quotes: who and when, then labels and what they label, a line each."""
    if len(lines) < 2 or not lines[0].strip() or len(lines[1]) > NOTES_STAMP_CHARACTERS:  # noqa: PLR2004 - who, and when
        return False
    if not (_DATE.search(lines[1]) and _TIME.search(lines[1])):
        return False
    kinds = [_KIND.get(line.strip().lower()) for line in lines[2:NOTES_LINES] if line.strip()]
    return kinds[:1] == ["to"] and {"cc", "subject"} <= set(kinds)


def is_separator(line: str) -> bool:
    """Tell a line after which nothing is the author's."""
    head = line[:LINE_CHARACTERS].replace("&nbsp;", " ")  # as QQ writes it into plain text
    return _SEPARATOR.match(head) is not None
