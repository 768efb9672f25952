"""The weekly summary in Spanish."""

from maild.replies.weekly.words import WeeklyWords

SPANISH = WeeklyWords(
    subject="resumen semanal, del {since} al {until}",
    opening="La semana del {since} al {until}.",
    day="{day} de {month}",
    parts={"changed": "Qué ha cambiado", "look": "En qué fijarse", "do": "Qué hacer"},
    sentences={
        "flow": "Nuevas solicitudes: {opened} (la semana anterior: {opened_before}{compared}). "
        "Resueltas: {solved} (la semana anterior: {solved_before}).",
        "backlog": "Sin cerrar: {live} (hace una semana: {live_before}).{oldest}",
        "first_answer": "Primera respuesta: la mitad de los clientes la tuvo en {median_hours}{before}{most}.",
        "no_first_answer": "Primera respuesta: más de la mitad de los tickets nuevos aún no la tienen.",
        "kept": "A tiempo: {kept}.",
        "closed": "Cerradas: {closed} (la semana anterior: {closed_before}). Al final sin resolver, según los clientes: "
        "{wrong} (la semana anterior: {wrong_before}).",
        "incident": "La incidencia «{title}» sigue sin resolver: {tickets}.",
        "late_next_update": "Las novedades llegaron tarde y estos clientes esperaron sin saber nada: {tickets}.",
        "late_first_response": "Nadie escribió a estos clientes en el plazo prometido: {tickets}.",
        "late_resolution": "Sin resolver en el plazo prometido: {tickets}.",
        "late_hand_off_receipt": "Traspasados a otro equipo, que no confirmó a tiempo: {tickets}.",
        "wrong": "Cerrados demasiado pronto, según los clientes: {tickets}. Sus palabras dicen qué se pasó por alto.",
        "hotspot": "{client} escribe más de lo habitual sobre {category}{product}: {count} tickets nuevos, en lugar de {expected}: "
        "{tickets}.",
        "growing": "Cada vez más tickets tratan de {category}: {count_share} de los tickets nuevos de 13 semanas, y la "
        "proporción crece más de lo que explica el azar.",
        "recurring": "«{name}» se repite: {count} esta semana, {whole} en 13 semanas, en total {cost_hours} en nuestras manos: "
        "{tickets}.",
        "model": "El modelo está seguro menos veces {question}: {decided_share} de {count} mensajes (la semana anterior: "
        "{before_share}). Quizá han cambiado los mensajes: maild models --drift lo dice.",
        "article": "Escribir un artículo sobre «{name}»: resuelto {solved} veces, y ningún artículo lo recoge. Responder al mensaje de {ticket} "
        "con /article y, debajo, qué fallaba y cómo se resolvió.",
        "split": "Dividir la categoría {category}: {count} de sus {whole} tickets tratan de «{first}» o «{second}».{how}",
        "guide": "Escribir una guía para {category}: {whole} tickets en 13 semanas, y no hay ninguna.{how}",
        "skill": "Enseñar {category} a otra persona: {whole} tickets en 13 semanas, y solo {person} lo domina.{how}",
        "deadline": "{promise}{of_priority}: a tiempo {kept} de {whole} veces. Dar más tiempo, o más personal.{how}",
    },
    asides={
        "more": "; más de lo que explica el azar",
        "fewer": "; menos de lo que explica el azar",
        "oldest": " La más antigua, {ticket}, lleva abierta {oldest_hours}.",
        "before": " (la semana anterior: {before_hours})",
        "most": ", nueve de cada diez en {most_hours}",
        "between": "; ",
        "kept": "{promise} {share} de {n}",
        "kept_before": " (la semana anterior: {share})",
        "product": " ({product})",
        "of_priority": ", P{priority}",
        "how": " Con: {how}",
    },
    promises={
        "next_update": "novedades",
        "first_response": "primeras respuestas",
        "resolution": "soluciones",
        "hand_off_receipt": "traspasos",
    },
    questions={
        "technical": "de si es técnico o no",
        "category": "de la categoría",
        "urgency": "de la urgencia",
        "impact": "del impacto",
    },
    nothing="Nada llama la atención.",
    uncategorised="sin categoría",
    and_more=" y {count} más",
    closing="Todas las cifras, con gráficos: maild report --out report.html. Si llega este mensaje, y cuándo: [weekly] de "
    "process.toml.",
    minutes="{} min",
    hours="{} h",
    days="{} días",
    percent="{}\N{NO-BREAK SPACE}%",
)
