"""Hands in files whose names are long, empty-looking, with quotes, markup, new lines and bytes.

Graders that put names into commands, pages and archives.
"""

from tests.hostile.attack import Attack

ATTACK = Attack(
    files={
        "-rf": "x",
        "<script>hostile().py": "x = 1\n",
        "a\nb.py": "x = 1\n",
        "\x1b[31mred.py": "x = 1\n",
        "; touch hostile;.py": "x = 1\n",
        "=1+1.csv": "x",
        "con.py": "x = 1\n",
        "x" * 250: "x",
        "\u202egpj.py": "x = 1\n",
        "\udce4.py": "x = 1\n",
        "solution.py.": "x",
        " solution.py": "x",
        "Solution.py": "x = 1\n",
    },
)
