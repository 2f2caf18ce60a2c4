"""The table of attacks: module, what it tries, verdict wanted and got, seconds, mode.

    python -m tests.hostile [--mode full|unprivileged|no-user-namespaces]… [--table docs/hostile.md]

Ends with 1 if anything is not as it must be.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.hostile import corpus, course
from tests.hostile.attack import Attack
from tests.hostile.elsewhere import TESTS
from tests.hostile.findings import Findings
from tests.hostile.grading import MODES, NotStagedError, graded

_HEAD = """\
# Hostile submissions

Every module in `tests/hostile/attacks/` is a submission that wants points, secrets or somebody
else's harm, or that only looks as if it did and is right. All of them are graded together, with
right submissions between them, and each must get the verdict that it declares: what is right keeps
its points, whatever it tries beside it. After the run no process and no file is left, the right
submissions have the same grades as ever, and no line of the reference and no number of a hidden
case is in anything that is made for a student (pages, `results.json`, exports).

This table was made by `python -m tests.hostile --table docs/hostile.md`; pytest runs the same
corpus in the first mode. Parts that are not named are right. `c` stands for correct. Seconds are
those of a machine that did other things as well.

## What is not closed

- What only the student's process can know is its own word. A submission that finds the service
  beside it and answers in its place can say that it reached nothing forbidden (`forbids`), that
  torch's autograd did the work (`torch_gradients`) and that it changed no argument (a share of
  `operation`). It can say nothing of values: these are compared with what the grader computed.
- A verdict on hidden cases tells counts, a pattern, the last line of the submission in a traceback,
  the time that the code ran and how much it printed. Each may be chosen by a submission that knows
  a hidden input: some ten bits of it, for each part and each time that grades are given out.
- The time of a part is measured while its neighbours run. A submission with sixty threads slows
  them down where the kernel shares processors by thread and not by session (`sched_autogroup`); a
  limit of ten times what a right solution takes leaves room for that.
"""


def main() -> int:
    """Return 0 if all is as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--mode", choices=MODES, action="append", help="all if none is named")
    parser.add_argument("--table", type=Path, help="where the table is written")
    parser.add_argument("--only", action="append", help="a module; all if none is named")
    chosen = parser.parse_args()
    names = chosen.only or list(corpus.known())
    found: list[Findings] = []
    sections = []
    for mode in chosen.mode or MODES:
        try:
            found.append(_run(mode, names))
            sections.append(_of_mode(found[-1], names))
        except NotStagedError as error:
            sections.append(f"## Mode {mode}\n\nNot staged: {error}\n")
    if not found:
        print("\n".join(sections))  # noqa: T201  (a command's output)
        return 1
    text = "\n".join([_HEAD, *sections, _table(found, names), _elsewhere()])
    failed = any(_faults(findings, names) for findings in found)
    for findings in found:
        shutil.rmtree(findings.graded.root, ignore_errors=True)
    print(text)  # noqa: T201  (a command's output)
    if chosen.table is not None:
        chosen.table.write_text(text, encoding="utf-8")
    return int(failed)


def _run(mode: str, names: Sequence[str]) -> Findings:
    root = Path(tempfile.mkdtemp(prefix="hostile-")).resolve()
    root.chmod(0o755)  # another user grades in some modes
    corpus.lay_out(root, names)
    return Findings(graded(root, mode))


def _faults(findings: Findings, names: Sequence[str]) -> list[str]:
    """Return all that is not as it must be."""
    found = [*findings.of_run(), *findings.of_neighbours()]
    for name in names:
        faults = [*findings.of(name), *findings.of_time(name)]
        found += [f"{name}: {fault}" for fault in faults]
    return found


def _of_mode(findings: Findings, names: Sequence[str]) -> str:
    graded = findings.graded
    right = sum(not findings.of(name) for name in names)
    counts = f"{right} of {len(names)} got what they must, in {graded.wall_s:.0f} seconds. "
    counts += "`grader doctor` said:"
    faults = _faults(findings, names)
    lines = [
        f"## Mode {graded.mode}",
        "",
        counts,
        "",
        "```text",
        *(line for line in graded.doctor.splitlines() if not line.startswith("   ")),
        "```",
        "",
        *(["Not as it must be:", "", *(f"- {fault}" for fault in faults), ""] if faults else []),
    ]
    return "\n".join(lines)


def _table(found: Sequence[Findings], names: Sequence[str]) -> str:
    modes = [findings.graded.mode for findings in found]
    heads = ["module", "what it tries", "falls for it", "wanted"]
    heads += [column for mode in modes for column in (f"got: {mode}", "seconds")]
    lines = ["## The corpus", "", _row(heads), _row(["---"] * len(heads))]
    for name in names:
        tries, falls = corpus.told(name)
        cells = [f"`{name}`", tries, falls, _wanted(corpus.known()[name])]
        for findings in found:
            bad = " **not as it must be**" if findings.of(name) else ""
            cells += [f"{_short(findings.verdicts(name))}{bad}", f"{findings.seconds(name):.1f}"]
        lines.append(_row(cells))
    return "\n".join([*lines, ""])


def _wanted(attack: Attack) -> str:
    """Return the verdict that is wanted, and that where a mechanism is missing."""
    others = [
        f" (without {mechanism}: {_short(attack.statuses(frozenset([mechanism])))})"
        for mechanism in attack.without
    ]
    return _short(attack.statuses()) + "".join(others)


def _elsewhere() -> str:
    lines = ["## Tested in other places", "", _row(["attack", "tests"]), _row(["---"] * 2)]
    for tries, tests in TESTS.items():
        lines.append(_row([tries, "<br>".join(f"`{test}`" for test in tests)]))
    return "\n".join([*lines, ""])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _short(statuses: dict[str, str]) -> str:
    """Return what parts are, those that are alike together, and nothing of what is right."""
    return ", ".join(_alike(statuses)) or "c"


def _alike(statuses: dict[str, str]) -> Iterator[str]:
    others = {part: status for part, status in statuses.items() if status != "correct"}
    for status in dict.fromkeys(others.values()):
        parts = [part for part, other in others.items() if other == status]
        every = set(parts) == set(course.CODE)
        yield f"{'all code' if every else ', '.join(parts)}: {status}"


if __name__ == "__main__":
    sys.exit(main())
