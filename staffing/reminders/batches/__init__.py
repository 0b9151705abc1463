"""Batches of reminder letters: one for each mailing week of an approved plan."""
