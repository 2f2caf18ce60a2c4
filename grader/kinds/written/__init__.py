"""Kinds that are answered in writing."""
