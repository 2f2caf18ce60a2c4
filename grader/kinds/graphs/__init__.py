"""Kinds about computational graphs, and the traces of a student's own."""
