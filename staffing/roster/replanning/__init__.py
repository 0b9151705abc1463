"""When a week changes: what happened, a new roster with few changes, edits by hand."""
