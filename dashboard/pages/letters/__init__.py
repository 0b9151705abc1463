"""The parts of the page Peaks and reminders, one file each."""

LETTERS = "letters"
"""Where what is asked of a mailing week is kept, and what came of it."""
