"""An evaluation as a JSON document: every number with n and its interval, or null and why."""

from typing import Any

from maild.classify.evaluation.evaluation import Evaluation, Standing
from maild.classify.evaluation.interval import CONFIDENCE, Measured
from maild.classify.evaluation.measures import Scores
from maild.classify.evaluation.paired import Comparison


def document(evaluation: Evaluation) -> dict[str, Any]:
    """Write one question."""
    return {
        "question": evaluation.question,
        "texts": evaluation.texts,
        "labels": dict(evaluation.labels),
        "left_out": dict(evaluation.left_out),
        "asked_about": evaluation.how,
        "error_budget": evaluation.budget,
        "promise": evaluation.promise or None,
        "notes": list(evaluation.notes),
        "standings": [_standing(standing) for standing in evaluation.standings],
        "said_at_the_time": [{"source": each.source, "wrong": measured(each.wrong)} for each in evaluation.happened],
        "learning_curve": [{"texts": point.texts, "macro_f1": measured(point.macro_f1)} for point in evaluation.curve],
    }


def measured(value: Measured | None) -> dict[str, Any] | None:
    """Write a number; null and the reason where there are too few texts to say."""
    if value is None:
        return None
    counted = {"n": value.n, "independent": value.independent}
    if not value.is_firm:
        return {"value": None, "low": None, "high": None, **counted, "because": str(value)}
    interval = {"low": round(value.low, 4), "high": round(value.high, 4), "confidence": CONFIDENCE}
    return {"value": round(value.value, 4), **interval, **counted}


def _standing(standing: Standing) -> dict[str, Any]:
    compared = _comparison(standing.versus) if standing.versus else None
    return {"name": standing.name, "what": standing.what, **_scores(standing.scores), "beside_in_service": compared}


def _scores(scores: Scores) -> dict[str, Any]:
    reliability = scores.reliability
    return {
        "n": scores.n,
        "independent": scores.independent,
        "accuracy": measured(scores.accuracy),
        "macro_f1": measured(scores.macro_f1),
        "quadratic_weighted_kappa": measured(scores.kappa),
        "highest_called_low": measured(scores.belittled),
        "auc": measured(scores.auc),
        "accuracy_of_surest_80_percent": measured(scores.surest),
        "given": measured(scores.coverage.given),
        "wrong_of_given": measured(scores.coverage.wrong),
        "coverage_and_error": [[round(x, 4), round(y, 4)] for x, y in scores.coverage.curve],
        "calibration_error": measured(reliability.error) if reliability else None,
        "calibration_error_by_chance": round(reliability.by_chance, 4) if reliability else None,
        "reliability": [
            {"confidence": round(each.confidence, 4), "right": measured(each.right)}
            for each in (reliability.bins if reliability else ())
        ],
        "labels": [
            {
                "label": each.label,
                "n": each.n,
                "precision": measured(each.precision),
                "recall": measured(each.recall),
                "f1": measured(each.f1),
            }
            for each in scores.labels
        ],
        "confusion": {"labels": list(scores.names), "rows": [list(row) for row in scores.confusion]},
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "judgement": found.judgement,
        "because": found.because,
        "wins": found.wins,
        "losses": found.losses,
        "p": float(f"{found.p:.2g}"),
        "macro_f1_difference": measured(found.macro_f1),
    }
