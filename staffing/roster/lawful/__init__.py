"""One person's lawful schedules: the rules as arrays, and the best schedule by labels."""
