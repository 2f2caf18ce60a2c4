"""The reference for the assignment `autodiff-and-optimizers`: what it expects, derived by hand.

Source: the homework sheet 001.  Nothing is copied from it: the torch functions say *what* is
asked for; the derivatives beside them are derived anew by hand, and the tests hold them against
torch.func and against SymPy.
"""
