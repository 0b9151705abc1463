"""Which letters go out when."""
