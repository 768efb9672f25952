"""Is a subject that of an out-of-office note? A client may write about such notes, and is not one."""

import re

from maild.classify.away_complaint import goes_on_with_fault, tells_fault
from maild.classify.away_text import says_away
from maild.classify.folding import fold

_BEGINS = re.compile(
    r"\s*(automatic reply|auto(matic|mated)?[- ]?(response|reply)|out of (the )?office|vacation (reply|response)|"
    r"automatische antwort|abwesenheits(notiz|nachricht|meldung|assistent|agent|info)|abwesend|autoantwort|"
    r"r[ée]ponse automatique|absence du bureau|message d'absence|avis d'absence|"
    r"respuesta autom[áa]tica|fuera de (la )?oficina|ausencia de la oficina|resposta autom[áà]tica|"
    r"risposta automatica|fuori (ufficio|sede)|automatisch antwoord|afwezigheidsbericht|autosvar|automatisk svar|"
    r"automaattinen vastaus|odpowied[źz] automatyczna|autoodpowied[źz]|automatick[áa] odpov[ěe][ďd]|"
    r"automatikus válasz|r[ăa]spuns automat|otomatik yan[\u0131i]t|automatski odgovor|samodejni odgovor|"
    r"автоматический \u043eтв\u0435т|автоответ|автоматична відповідь|αυτόματη απάντηση|תשובה אוטומטית|رد تلقائي|"
    r"自動返信|自動応答|不在通知|自动(答复|回复)|自動回覆|자동 회신|trả lời tự động|ตอบกลับอัตโนมัติ)"
    r"(\s*(auto[- ]?)?(reply|response|message|notice))?",
    re.IGNORECASE,
)
"""How such subjects begin; what servers write, so no accuracy is claimed."""

_ENDS = re.compile(
    r"\s*($|[:\uff1a(\[\u2013\u2014-])|\s+(re|to your|auf ihre|à votre|a su)\b|\s+(from|von|de|du)\s+(?P<name>.+)",
    re.IGNORECASE,
)
"""How they go on without days."""

_NAMED = re.compile(r"[^\W\d_a-z].*|\S+@\S+")
_MOST_NAMES = 4
_CHARACTERS = 2_000
"""Of the text that are read."""

_TOLD = re.compile(r"[:\uff1a(\[]|\s(?:re|aw|rép|rv|sv)\b", re.IGNORECASE)
"""Behind the days stands what is answered."""

_BETWEEN = re.compile(r"[\s,;/&'\u2019\u2013\u2014-]+")
_NUMBER = re.compile(r"\d{1,4}(?:[.h]\d{0,4}){0,2}(?:st|nd|rd|th|er|h|am|pm)?")
_DAYS = """
mon monday tue tues tuesday wed wednesday thu thurs thursday fri friday sat saturday sun sunday
mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag
lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo
jan january januar janvier janv enero ene feb february februar fevrier fevr febrero mar march marz mars marzo
apr april avril avr abril abr may mai mayo jun june juni juin junio jul july juli juillet juil julio
aug august aout agosto ago sep sept september septembre septiembre oct october okt oktober octobre octubre
nov november novembre noviembre dec december dez dezember decembre dic diciembre
today tomorrow heute morgen ubermorgen aujourd hui demain hoy manana week weeks woche wochen semaine semana kw
month monat mois mes weekend wochenende day days tag tage jour jours dia dias notice weiteres ordre aviso
christmas easter weihnachten ostern noel paques navidad holidays holiday vacation leave urlaub ferien vacances conges vacaciones
"""
_AROUND = """
from until till to through thru on and the of for this next all incl including inclusive end early mid late after in a
vom von bis ab am an zum zur und den der dem des im diese dieser nachste nachster nachsten kommende kommender einschliesslich inkl
ende anfang mitte nach auf uhr jahr ganztagig
le la les du de des au aux a jusqu et cette ce prochaine prochain compris inclus fin debut nouvel toute
el los las del al hasta desde y esta este proxima proximo incluido fines finales nuevo further
"""
"""Stands beside days, and alone says nothing."""

_DAY_WORDS, _WORDS_AROUND = frozenset(_DAYS.split()), frozenset(_AROUND.split())


def away_subject(subject: str, text: str) -> str | None:
    """The words with which it begins as such notes do, and goes on as they do; None: a person may have written it.

    Without how it goes on, a client's "Automatic reply does not work" would be one. The text decides about a subject that
    goes on with what fails: a note may have taken that from the mail that it answers. `text` is what its author wrote.
    """
    found = _BEGINS.match(subject)
    if found is None:
        return None
    rest = subject[found.end() :]
    if tells_fault(text[:_CHARACTERS]) or (goes_on_with_fault(rest) and not says_away(text[:_CHARACTERS])):
        return None
    ends = _ENDS.match(rest)
    is_note = _names_days(rest) or (ends is not None and (ends["name"] is None or _names_somebody(ends["name"])))
    return found.group().strip() if is_note else None


def _names_somebody(words: str) -> bool:
    names = words.split()
    return len(names) <= _MOST_NAMES and all(_NAMED.fullmatch(name) for name in names)


def _names_days(rest: str) -> bool:
    """Whether it says from when to when, and no more."""
    told = _TOLD.split(rest, maxsplit=1)[0]
    words = [word.rstrip(".!") for word in _BETWEEN.split(fold(told).replace("\u00df", "ss")) if word.strip(".!")]
    days = [word for word in words if word in _DAY_WORDS or _NUMBER.fullmatch(word)]
    return bool(days) and rest[:1].isspace() and all(word in _WORDS_AROUND or word in days for word in words)
