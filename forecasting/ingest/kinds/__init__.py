"""The kinds of this room that can be imported, as targets."""
