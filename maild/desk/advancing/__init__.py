"""Advance: what a decided event, or an order of a person, does to tickets and their clocks."""
