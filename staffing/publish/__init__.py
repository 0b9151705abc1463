"""The roster on paper and in files."""
