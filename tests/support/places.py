"""Where what the tests read stands: the project's root, what ships, real mails and written sentences."""

from pathlib import Path

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
MODELS = ROOT / "models"
MAILS = TESTS / "mails"
"""Mails of other projects' test suites; README.md there says whose."""

SENTENCES = TESTS / "sentences"
"""Sentences and labels in tables; README.md there says who wrote them."""
