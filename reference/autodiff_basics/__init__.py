"""The reference for the assignment `autodiff-basics`: what it expects, derived by hand.

Source: the worked solution 000.  Nothing is copied from it: the torch functions say *what* is
asked for; the derivatives beside them are derived anew by hand, and the tests hold them against
torch.func and against SymPy.  Where the document has a slip, the module says so.
"""
