"""What the pages read: stored tables selected, summed and put in local time; no more."""
