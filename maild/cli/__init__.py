"""The command line: one command a file. `maild.cli.frame.main` finds the one that is asked for and runs it."""
