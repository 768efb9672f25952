"""Where a person's words end and their signature begins: it is cut off before a reply is read."""
