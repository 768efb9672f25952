"""The weekly summary in English."""

from maild.replies.weekly.words import WeeklyWords

ENGLISH = WeeklyWords(
    subject="weekly summary, {since} to {until}",
    opening="The week from {since} to {until}.",
    day="{day} {month}",
    parts={"changed": "What has changed", "look": "What to look at", "do": "What to do"},
    sentences={
        "flow": "New issues: {opened} (the week before: {opened_before}{compared}). "
        "Solved: {solved} (the week before: {solved_before}).",
        "backlog": "Not closed: {live} (a week ago: {live_before}).{oldest}",
        "first_answer": "First answer: half of the clients had one within {median_hours}{before}{most}.",
        "no_first_answer": "First answer: more than half of the new tickets have none yet.",
        "kept": "On time: {kept}.",
        "closed": "Closed: {closed} (the week before: {closed_before}). Not solved after all, according to the clients: "
        "{wrong} (the week before: {wrong_before}).",
        "incident": "The incident “{title}” is not resolved yet: {tickets}.",
        "late_next_update": "Updates came too late, and these clients waited without a word: {tickets}.",
        "late_first_response": "Nobody wrote to these clients within the promised time: {tickets}.",
        "late_resolution": "Not solved within the promised time: {tickets}.",
        "late_hand_off_receipt": "Given to another team that did not confirm in time: {tickets}.",
        "wrong": "Closed too early, according to the clients: {tickets}. Their words say what was missed.",
        "hotspot": "{client} writes more than usual about {category}{product}: {count} new tickets, where {expected} would be "
        "usual: {tickets}.",
        "growing": "More and more tickets are about {category}: {count_share} of the new ones in 13 weeks, and the share is growing by "
        "more than chance explains.",
        "recurring": "“{name}” keeps coming back: {count} this week, {whole} in 13 weeks, {cost_hours} in our hands "
        "in total: {tickets}.",
        "model": "The model is sure of {question} less often: {decided_share} of {count} mails (the week before: "
        "{before_share}). The mails may have changed: see maild models --drift.",
        "article": "Write an article about “{name}”: solved {solved} times, and no article covers it. Reply to the mail of {ticket} "
        "with /article, and below it write what was wrong and how it was solved.",
        "split": "Split the category {category}: {count} of its {whole} tickets are about “{first}” or “{second}”.{how}",
        "guide": "Write a guide for {category}: {whole} tickets in 13 weeks, and there is none.{how}",
        "skill": "Teach {category} to a second TSM: {whole} tickets in 13 weeks, and only {person} has the skill.{how}",
        "deadline": "{promise}{of_priority}: on time {kept} of {whole} times. Allow more time, or add people.{how}",
    },
    asides={
        "more": "; more than chance explains",
        "fewer": "; fewer than chance explains",
        "oldest": " The oldest, {ticket}, has been open for {oldest_hours}.",
        "before": " (the week before: {before_hours})",
        "most": ", nine in ten within {most_hours}",
        "between": "; ",
        "kept": "{promise} {share} of {n}",
        "kept_before": " (the week before: {share})",
        "product": " ({product})",
        "of_priority": ", P{priority}",
        "how": " With: {how}",
    },
    promises={
        "next_update": "updates",
        "first_response": "first responses",
        "resolution": "solutions",
        "hand_off_receipt": "hand-offs",
    },
    questions={
        "technical": "technical or not",
        "category": "the category",
        "urgency": "the urgency",
        "impact": "the impact",
    },
    nothing="Nothing stands out.",
    uncategorised="no category",
    and_more=" and {count} more",
    closing="All numbers, with pictures: maild report --out report.html. Whether and when this mail comes is set in [weekly] of "
    "process.toml.",
    minutes="{} min",
    hours="{} h",
    days="{} days",
    percent="{}%",
    comma=".",
)
