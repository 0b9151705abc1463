"""The pages: each lays out what the queries read and the charts draw."""
