"""How each command is called: its arguments and options, its help, and what is handed on.

A command imports what it needs when it runs, so that ``grader --help`` is quick.
"""
