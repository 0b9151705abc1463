"""Discrete-event simulation of a staffed week."""
