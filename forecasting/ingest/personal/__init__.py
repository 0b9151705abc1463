"""Refuse columns that look like personal data of residents, by heading or by content."""
