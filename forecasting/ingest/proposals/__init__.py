"""Draft a mapping from the columns of a file that no source describes yet."""
