"""The weekly summary: which ten facts of a week the leads should know, as values without words."""
