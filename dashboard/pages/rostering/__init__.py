"""The parts of the page Roster, one file each."""
