"""The simulation measured beside ciw: `make bench NAME=simulation` prints one JSON line."""
