"""Kinds that drive what a student wrote of a framework: classes, graphs, operations."""
