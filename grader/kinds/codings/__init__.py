"""Kinds about the codings of one function, and what autograd makes of them."""
