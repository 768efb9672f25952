"""Verdicts, their models, and how these are trained and evaluated."""
