"""A synthetic town that writes exports, for demonstration and tests."""
