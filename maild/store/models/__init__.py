"""Models and what they learn from: versions, labels, audits, drift."""
