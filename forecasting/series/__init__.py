"""One series: its known periods, its cadence, what is known of its days, when it opens."""
