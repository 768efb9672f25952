"""Mail to verdicts: each file asks one question, and `intent` what a client's reply means. Training, evaluation and the registry live here too."""
