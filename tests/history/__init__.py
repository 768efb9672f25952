"""The past of a desk: moved in, kept, backed up, forgotten."""
