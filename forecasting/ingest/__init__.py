"""Exports in: mappings, readers, refusals, rejects."""
