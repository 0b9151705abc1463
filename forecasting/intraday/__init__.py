"""From forecast days to quarter-hours: profiles, open slots, and their errors."""
