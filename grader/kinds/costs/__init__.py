"""Kinds about what an algorithm costs."""
