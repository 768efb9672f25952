"""Replay: past mail against another model, other rules or another configuration, each side on a desk of its own on trial."""
