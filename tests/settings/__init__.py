"""Configuration, and what is said to a wrong one."""
