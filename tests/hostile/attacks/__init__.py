"""The corpus: a module for each attack, named after what it does."""
