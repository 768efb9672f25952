"""The desk: what mails, taps and days do to tickets."""
