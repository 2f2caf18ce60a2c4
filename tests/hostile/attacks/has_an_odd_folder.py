"""Hands in a folder whose name is markup, a formula, a command and SQL.

Graders that put names into pages, tables, commands and queries.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    """\
def twice(x):
    return 0 * x
""",
    wanted={"twice": "wrong"},
    folder="=<script>hostile()'; DROP TABLE results;-- $(touch hostile)",
)
