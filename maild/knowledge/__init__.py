"""Knowledge: what the desk has learnt from its tickets, ranked for those who have a new one."""
