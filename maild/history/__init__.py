"""History: what was before maild, moved in silently (past mail, past tickets), and what people said about it (labels)."""
