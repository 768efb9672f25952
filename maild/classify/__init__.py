"""Mail to verdicts: each file asks one question. Training, evaluation and the registry live here too."""
