"""Forecasts measured beside their peers: `make bench NAME=forecast` prints one JSON line."""
