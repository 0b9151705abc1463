"""The week solver: prices and bound, dives to shifts, plans of days, replies."""
