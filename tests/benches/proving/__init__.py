"""A week of a town proven, timed."""
