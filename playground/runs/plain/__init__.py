"""Networks, losses and clip rules as a student writes them in PyTorch, with autograd: the parts of stand-alone scripts.

Nothing here is imported: `runs/script.py` takes the definitions that a run needs as text. Names from `settings` are
what it writes for each run, those in capitals with the name of the chosen class or function.
"""
