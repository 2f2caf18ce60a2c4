"""Kinds about training with torch: gradients, optimizers, networks, accuracy."""
