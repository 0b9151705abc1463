"""Every method at several earlier moments, and once at the end; over one or many workers."""
