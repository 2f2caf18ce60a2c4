"""Kinds about networks whose weights are written by hand."""
