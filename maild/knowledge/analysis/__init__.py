"""Analysis: what the desk's history says, a question a file; values in, values out."""
