"""Post-mortem: what a closed ticket teaches; the form that asks for it, and the answer to that."""
