"""Learn: what people say about verdicts and closed tickets is kept, and comes back as advice."""
