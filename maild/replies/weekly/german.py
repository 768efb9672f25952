"""The weekly summary in German."""

from maild.replies.weekly.words import WeeklyWords

GERMAN = WeeklyWords(
    subject="Wochenbericht, {since} bis {until}",
    opening="Die Woche vom {since} bis zum {until}.",
    day="{day}. {month}",
    parts={"changed": "Was sich geändert hat", "look": "Worauf zu achten ist", "do": "Was zu tun ist"},
    sentences={
        "flow": "Neue Anliegen: {opened} (in der Woche davor: {opened_before}{compared}). "
        "Gelöst: {solved} (in der Woche davor: {solved_before}).",
        "backlog": "Nicht geschlossen: {live} (vor einer Woche: {live_before}).{oldest}",
        "first_answer": "Erste Antwort: nach {median_hours} hatte sie die Hälfte der Kunden{before}{most}.",
        "no_first_answer": "Erste Antwort: auf mehr als die Hälfte der neuen Tickets steht sie noch aus.",
        "kept": "Rechtzeitig: {kept}.",
        "closed": "Geschlossen: {closed} (in der Woche davor: {closed_before}). Laut den Kunden doch nicht gelöst: "
        "{wrong} (in der Woche davor: {wrong_before}).",
        "incident": "Die Störung „{title}“ ist noch nicht behoben: {tickets}.",
        "late_next_update": "Zwischenstände kamen zu spät, und diese Kunden warteten ohne ein Wort: {tickets}.",
        "late_first_response": "Diesen Kunden hat in der zugesagten Zeit niemand geschrieben: {tickets}.",
        "late_resolution": "In der zugesagten Zeit nicht gelöst: {tickets}.",
        "late_hand_off_receipt": "Übergeben, aber vom anderen Team nicht rechtzeitig bestätigt: {tickets}.",
        "wrong": "Zu früh geschlossen, sagen die Kunden: {tickets}. In ihren Worten steht, was übersehen wurde.",
        "hotspot": "{client} schreibt mehr als sonst zu {category}{product}: {count} neue Tickets, üblich wären {expected}: "
        "{tickets}.",
        "growing": "Immer mehr dreht sich um {category}: {count_share} der neuen Tickets aus 13 Wochen, und der Anteil "
        "wächst stärker, als der Zufall erklärt.",
        "recurring": "„{name}“ kommt immer wieder: {count} in dieser Woche, {whole} in 13 Wochen, mit insgesamt "
        "{cost_hours} in unserer Hand: {tickets}.",
        "model": "Bei {question} ist sich das Modell seltener sicher: {decided_share} von {count} Mails (in der Woche davor: "
        "{before_share}). Vielleicht haben sich die Mails geändert: maild models --drift sagt es.",
        "article": "Einen Artikel über „{name}“ schreiben: {solved}-mal gelöst, und kein Artikel kennt es. Auf die Mail zu {ticket} "
        "mit /article antworten, und darunter, was los war und wie es gelöst wurde.",
        "split": "Die Kategorie {category} teilen: {count} von {whole} Tickets handeln von „{first}“ oder „{second}“.{how}",
        "guide": "Einen Leitfaden für {category} schreiben: {whole} Tickets in 13 Wochen, und es gibt keinen.{how}",
        "skill": "{category} noch jemandem beibringen: {whole} Tickets in 13 Wochen, und nur {person} kann es.{how}",
        "deadline": "{promise}{of_priority}: {kept} von {whole} Mal rechtzeitig. Mehr Zeit geben oder mehr Leute.{how}",
    },
    asides={
        "more": "; mehr, als der Zufall erklärt",
        "fewer": "; weniger, als der Zufall erklärt",
        "oldest": " Am längsten offen: {ticket}, seit {oldest_hours}.",
        "before": " (in der Woche davor nach {before_hours})",
        "most": ", nach {most_hours} hatten sie neun von zehn",
        "between": "; ",
        "kept": "{promise} {share} von {n}",
        "kept_before": " (in der Woche davor: {share})",
        "product": " ({product})",
        "of_priority": ", P{priority}",
        "how": " Mit: {how}",
    },
    promises={
        "next_update": "Zwischenstände",
        "first_response": "erste Antworten",
        "resolution": "Lösungen",
        "hand_off_receipt": "Übergaben",
    },
    questions={
        "technical": "der Frage, ob es technisch ist,",
        "category": "der Kategorie",
        "urgency": "der Dringlichkeit",
        "impact": "der Auswirkung",
    },
    nothing="Nichts sticht heraus.",
    uncategorised="ohne Kategorie",
    and_more=" und {count} weitere",
    closing="Alle Zahlen, mit Bildern: maild report --out report.html. Ob und wann diese Mail kommt: [weekly] in process.toml.",
    minutes="{} min",
    hours="{} h",
    days="{} Tagen",
    percent="{}\N{NO-BREAK SPACE}%",
)
