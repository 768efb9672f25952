"""The weekly summary in French."""

from maild.replies.typography import french
from maild.replies.weekly.words import WeeklyWords

_BEFORE = "la semaine précédente"

FRENCH = french(
    WeeklyWords(
        subject="résumé hebdomadaire, du {since} au {until}",
        opening="La semaine du {since} au {until}.",
        day="{day} {month}",
        parts={"changed": "Ce qui a changé", "look": "Ce qu'il faut regarder", "do": "Ce qu'il faut faire"},
        sentences={
            "flow": f"Nouvelles demandes : {{opened}} ({_BEFORE} : {{opened_before}}{{compared}}). "
            f"Résolues : {{solved}} ({_BEFORE} : {{solved_before}}).",
            "backlog": "Non closes : {live} (il y a une semaine : {live_before}).{oldest}",
            "first_answer": "Première réponse : la moitié des clients l'a eue en {median_hours}{before}{most}.",
            "no_first_answer": "Première réponse : plus de la moitié des nouveaux tickets n'en ont pas encore.",
            "kept": "À temps : {kept}.",
            "closed": f"Closes : {{closed}} ({_BEFORE} : {{closed_before}}). Finalement pas résolues, disent les clients : "
            f"{{wrong}} ({_BEFORE} : {{wrong_before}}).",
            "incident": "L'incident « {title} » n'est pas encore résolu : {tickets}.",
            "late_next_update": "Des nouvelles sont venues trop tard, et ces clients ont attendu sans un mot : {tickets}.",
            "late_first_response": "Personne n'a écrit à ces clients dans le délai promis : {tickets}.",
            "late_resolution": "Non résolus dans le délai promis : {tickets}.",
            "late_hand_off_receipt": "Transférés à une autre équipe, qui n'a pas confirmé à temps : {tickets}.",
            "wrong": "Clos trop tôt, disent les clients : {tickets}. Leurs mots disent ce qui a échappé.",
            "hotspot": "{client} écrit plus que d'habitude au sujet de {category}{product} : {count} nouveaux tickets, au lieu de "
            "{expected} : {tickets}.",
            "growing": "De plus en plus de tickets concernent {category} : {count_share} des nouveaux tickets de 13 semaines, et "
            "la part croît plus que le hasard n'explique.",
            "recurring": "« {name} » revient sans cesse : {count} cette semaine, {whole} en 13 semaines, en tout {cost_hours} "
            "entre nos mains : {tickets}.",
            "model": f"Le modèle est moins souvent sûr de {{question}} : {{decided_share}} de {{count}} messages ({_BEFORE} : "
            "{before_share}). Les messages ont peut-être changé : maild models --drift le dit.",
            "article": "Écrire un article sur « {name} » : résolu {solved} fois, et aucun article n'en parle. Répondre au message de {ticket} "
            "par /article, suivi de ce qui n'allait pas et de la solution.",
            "split": "Diviser la catégorie {category} : {count} de ses {whole} tickets concernent « {first} » ou « {second} ».{how}",
            "guide": "Écrire un guide pour {category} : {whole} tickets en 13 semaines, et il n'y en a pas.{how}",
            "skill": "Former une deuxième personne à {category} : {whole} tickets en 13 semaines, et une seule s'y connaît, "
            "{person}.{how}",
            "deadline": "{promise}{of_priority} : à temps {kept} fois sur {whole}. Donner plus de temps, ou plus de monde.{how}",
        },
        asides={
            "more": " ; plus que le hasard n'explique",
            "fewer": " ; moins que le hasard n'explique",
            "oldest": " La plus ancienne, {ticket}, est ouverte depuis {oldest_hours}.",
            "before": f" ({_BEFORE} : {{before_hours}})",
            "most": ", neuf sur dix en {most_hours}",
            "between": " ; ",
            "kept": "{promise} {share} sur {n}",
            "kept_before": f" ({_BEFORE} : {{share}})",
            "product": " ({product})",
            "of_priority": ", P{priority}",
            "how": " Avec : {how}",
        },
        promises={
            "next_update": "nouvelles",
            "first_response": "premières réponses",
            "resolution": "solutions",
            "hand_off_receipt": "transferts",
        },
        questions={
            "technical": "la question « technique ou non »",
            "category": "la catégorie",
            "urgency": "l'urgence",
            "impact": "l'impact",
        },
        nothing="Rien ne sort de l'ordinaire.",
        uncategorised="sans catégorie",
        and_more=" et {count} autres",
        closing="Tous les chiffres, avec des images : maild report --out report.html. Si et quand ce message vient : [weekly] de "
        "process.toml.",
        minutes="{} min",
        hours="{} h",
        days="{} jours",
        percent="{} %",
    )
)
