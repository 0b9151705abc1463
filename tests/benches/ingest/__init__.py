"""The import beside its peers: `make bench NAME=ingest` prints one JSON line."""
