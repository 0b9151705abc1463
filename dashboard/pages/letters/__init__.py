"""The parts of the page Peaks and reminders, one file each."""
