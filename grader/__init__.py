"""An autograder for courses on automatic differentiation and the mathematics of deep learning."""

__version__ = "0.1.0"
