"""The reference for the assignment `background-math`: what it expects, derived by hand.

Source: homework sheet 002.  The torch functions say *what* is asked for; the derivatives beside
them are derived anew by hand, and the tests hold them against torch.func and against SymPy.
"""
