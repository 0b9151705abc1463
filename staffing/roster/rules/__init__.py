"""The rules a roster is held to: one named function each, with label and source."""
