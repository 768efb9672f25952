"""Line 1: a mail arrived. `mailbox` brings it from the server to the store, `line` from the store to the desk."""
