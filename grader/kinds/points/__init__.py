"""Kinds about the stationary points of a function."""
