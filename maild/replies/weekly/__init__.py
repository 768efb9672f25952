"""The weekly summary as a mail: the facts of a week, said in the language of the desk; a language a file."""
