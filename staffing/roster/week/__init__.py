"""The week solver: prices and bound, dives to whole weeks, replies that polish them."""
