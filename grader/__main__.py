"""``python -m grader`` is the command line.

``-m`` puts the folder one is in first on `sys.path`.  In a student's folder that is where a
`numpy.py` of theirs would be found in place of the real one, so it comes off before anything is
imported.  What it cannot mend is a folder `grader/` there: Python has run that one instead.  Start
the grader as ``grader`` or ``python -P -m grader`` where the folder is not your own.
"""

import os
import sys

if not sys.flags.safe_path and sys.path[:1] == [os.getcwd()]:  # noqa: PTH109  (as Python spells it)
    del sys.path[0]

from grader.cli import main

if __name__ == "__main__":
    main()
