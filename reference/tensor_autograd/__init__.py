"""The reference for the assignment `tensor-autograd`: what it expects, derived by hand.

Source: the worked solution 004.  Nothing is copied from it: the torch functions say *what* is
asked for; the derivatives beside them are derived anew by hand, and the tests hold them against
torch.func and against SymPy.  Where the document has a mistake, the module says so and why.
"""
