"""The steps of this room as stored runs: one function for each step."""
