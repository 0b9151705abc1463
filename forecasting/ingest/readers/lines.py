"""The name under which every reader gives the line of a row."""

LINE = "line in the file"
"""Name of the line number beside the columns of the file (the first line is 1)."""
