"""Processor and wall time per submission of the tools that courses use, on the same six checks.

    python benchmarks/peers.py --environments ~/.cache/grader-peers --rounds 3

otter-grader, nbgrader, check50, gradescope-utils and pytest are installed in virtual environments
of their own and kept in the folder given, else in a temporary one.  pip takes its own settings and
the version of torch in constraints.txt; with PIP_EXTRA_INDEX_URL naming PyTorch's builds for the
CPU, an environment takes 1 GB, and otherwise several.

Each tool grades the same twenty submissions by the same checks: the same reference, cases and
tolerance.  Before, it grades one of them, so that caches are filled.  Then all tools take turns,
and of several rounds each one's best is told, divided by the submissions.  Figures stand only
beside verdicts that are right for every check of every submission, in every round (so many are in
the last column); of a tool that could not be run, the reason is told.

Counted are all processes that a tool starts, from the start of a command to its end.  A tool that
takes many submissions in one command grades more of them as well: the difference is what one more
costs.  The others start anew for each; under the table it is told how far these costs lie apart.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import peers_tools as tools  # noqa: E402
from benchmarks.peers_material import CHECKS, Submissions, submissions  # noqa: E402
from benchmarks.peers_tools import NoVerdictsError, Verdicts, Work  # noqa: E402

_HEADINGS = (
    *("for a submission", "version", "CPU s", "wall s", "CPU ratio", "wall ratio"),
    *("one more: CPU s", "ratio", "confined", "right verdicts"),
)
_VERSION = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"


@dataclass(frozen=True)
class Tool:
    """A tool: what is installed for it, and how it grades."""

    name: str
    packages: tuple[str, ...]  # the tool and what it needs; none: it is the one of this environment
    grade: Callable[[Work], Verdicts]
    more: int = 0  # so many further submissions tell what one costs; 0: each has its own command
    confined: bool = False


TOOLS = (
    Tool("grader", (), tools.grader, more=100, confined=True),
    Tool("pytest", ("pytest",), tools.pytest_each),
    Tool("pytest, one process", ("pytest",), tools.pytest_shared, more=100),
    Tool("check50", ("check50",), tools.check50),
    Tool("gradescope-utils", ("gradescope-utils",), tools.gradescope),
    Tool("nbgrader", ("nbgrader", "ipykernel"), tools.nbgrader, more=10),
    Tool("otter-grader", ("otter-grader", "ipykernel"), tools.otter),
)


@dataclass(frozen=True)
class Cost:
    """What it took to grade some submissions, in seconds."""

    cpu_s: float
    wall_s: float
    single_s: tuple[float, ...]  # processor time of each command


@dataclass
class Trial:
    """A tool, and what was seen of it; all figures are the best of the rounds."""

    tool: Tool
    home: Path
    programs: Path = Path()
    version: str = ""
    costs: list[Cost] = field(default_factory=list)
    more: list[Cost] = field(default_factory=list)  # with more submissions
    verdicts: int = 0
    wrong: int = 0  # of them
    why: str = ""  # there are no figures

    def grade(self, graded: Submissions, kept: list[Cost]) -> None:
        """Add the cost of grading to those kept; count right and wrong verdicts."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            work = Work(Path(name).resolve(), self.home, self.programs, graded)
            found = self.tool.grade(work)
        self.verdicts += len(graded) * len(CHECKS)
        for name, (_, wanted) in graded.items():
            self.wrong += len(wanted ^ found[name]) if name in found else len(CHECKS)
        kept.append(Cost(sum(work.cpu_s), work.wall_s, tuple(work.cpu_s)))
        _say(f"  {kept[-1].cpu_s:.2f} CPU s, {kept[-1].wall_s:.2f} s")

    def attempt(self, what: str, action: Callable[[], None]) -> None:
        """Do something, unless nothing can be told of this tool any more; keep why not."""
        if self.why or self.wrong:
            return
        _say(f"{self.tool.name}: {what}")
        try:
            action()
        except NoVerdictsError as error:
            self.why = str(error)
        except Exception as error:  # noqa: BLE001  (what a tool writes may be anything)
            self.why = f"its results could not be read: {error!r}"
        if self.why or self.wrong:
            _say(f"  {self.reason()}")

    def reason(self) -> str:
        """Return why there are no figures, in a line."""
        wrong = f"{self.wrong} of {self.verdicts} verdicts are wrong: no figures"
        return " ".join((self.why or wrong).replace("|", " ").split())

    def each(self, count: int) -> tuple[float, float]:
        """Return processor and wall time for one of so many submissions."""
        return (
            min(cost.cpu_s for cost in self.costs) / count,
            min(cost.wall_s for cost in self.costs) / count,
        )

    def one_more_s(self, count: int) -> float:
        """Return the processor time of one submission more."""
        if not self.more:
            return self.each(count)[0]
        further = min(cost.cpu_s for cost in self.more) - min(cost.cpu_s for cost in self.costs)
        return further / self.tool.more


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


# ---- environments --------------------------------------------------------------------------------


def environment(tool: Tool, folder: Path) -> Path:
    """Return the folder of programs of a tool's environment, which is made if it is not there."""
    if not tool.packages:
        return Path(sys.executable).parent
    place = folder / tool.packages[0]
    programs = place / "bin"
    if (place / "complete").is_file():
        return programs
    shutil.rmtree(place, ignore_errors=True)
    _say(f"  installing {' '.join(tool.packages)}, numpy and torch")
    _install([sys.executable, "-m", "venv", str(place)])
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet"]
    _install([*pip, "-c", str(ROOT / "constraints.txt"), "numpy", "torch", *tool.packages])
    (place / "complete").touch()
    return programs


def _install(command: Sequence[str]) -> None:
    done = subprocess.run(  # noqa: S603
        command, check=False, capture_output=True, encoding="utf-8", errors="replace"
    )
    if done.returncode:
        told = (done.stderr or done.stdout)[-300:]
        raise NoVerdictsError(f"it could not be installed (exit code {done.returncode}): {told}")


def prepare(trial: Trial, environments: Path) -> None:
    """Install a tool, and have it grade one submission: that fills its caches."""
    trial.home.mkdir(parents=True)
    trial.programs = environment(trial.tool, environments)
    package = (trial.tool.packages or ("grader",))[0]
    done = subprocess.run(  # noqa: S603
        [str(trial.programs / "python"), "-c", _VERSION, package],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    trial.version = done.stdout.strip()
    trial.grade(submissions(1), [])


# ---- measuring and telling -----------------------------------------------------------------------


def measure(trials: Sequence[Trial], count: int, rounds: int) -> None:
    """Have every tool grade `count` submissions, in turns, and those that can some more."""
    graded = submissions(count)
    for number in range(1, rounds + 1):
        for trial in trials:
            trial.attempt(
                f"round {number} of {rounds}, {count} submissions",
                partial(trial.grade, graded, trial.costs),
            )
    for number in range(1, rounds + 1):
        for trial in trials:
            if not trial.tool.more:
                continue
            larger = count + trial.tool.more
            trial.attempt(
                f"round {number} of {rounds}, {larger} submissions",
                partial(trial.grade, submissions(larger), trial.more),
            )


def _others_cpu_s() -> float:
    """Return the processor time of all other processes, as far as this system tells it."""
    try:
        text = Path("/proc/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    user, nice, system, _, _, irq, softirq = map(int, text.splitlines()[0].split()[1:8])
    own = os.times()
    busy_s = (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")
    return busy_s - (own.user + own.system + own.children_user + own.children_system)


def rows(trials: Sequence[Trial], count: int) -> Iterator[tuple[str, ...]]:
    """Yield the cells of the table, with ratios to the first tool."""
    first = trials[0]
    known = bool(first.costs) and not (first.why or first.wrong)

    def ratio(mine: float, its: Callable[[], float]) -> str:
        if not known:
            return ""
        times = mine / its()
        return f"{times:.1f}" if times >= 1 else f"{times:.2f}"

    for trial in trials:
        if trial.why or trial.wrong:
            yield (trial.tool.name, trial.version, trial.reason(), *[""] * (len(_HEADINGS) - 3))
            continue
        cpu_s, wall_s = trial.each(count)
        more_s = trial.one_more_s(count)
        yield (
            trial.tool.name,
            trial.version,
            f"{cpu_s:.2f}",
            f"{wall_s:.2f}",
            ratio(cpu_s, lambda: first.each(count)[0]),
            ratio(wall_s, lambda: first.each(count)[1]),
            f"{more_s:.3f}",
            ratio(more_s, lambda: first.one_more_s(count)),
            "yes" if trial.tool.confined else "no",
            f"{trial.verdicts} of {trial.verdicts}",
        )


def report(trials: Sequence[Trial], count: int) -> bool:
    """Print the table in Markdown; return whether every tool has figures."""
    rules = ("---", "---", *["---:"] * 6, "---", "---:")
    for cells in (_HEADINGS, rules, *rows(trials, count)):
        print(f"| {' | '.join(cells)} |")  # noqa: T201
    print()  # noqa: T201
    good = [trial for trial in trials if not (trial.why or trial.wrong)]
    for trial in good:
        single = sorted(min(trial.costs, key=lambda cost: cost.cpu_s).single_s)
        if len(single) > 1:
            text = f"from {single[0]:.2f} to {single[-1]:.2f} CPU s for a submission"
            print(f"- {trial.tool.name}: {text}")  # noqa: T201
        elif trial.more:
            text = f"{count} submissions against {count + trial.tool.more} in one command"
            print(f"- {trial.tool.name}: one more, by {text}")  # noqa: T201
    return len(good) == len(trials)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--environments", type=Path, help="where virtual environments are kept")
    parser.add_argument("--rounds", type=int, default=1, help="of which the best is told")
    parser.add_argument("--only", action="append", help="only this tool, beside grader")
    parser.add_argument("--submissions", type=int, default=20)
    options = parser.parse_args()
    if options.rounds < 1 or options.submissions < 1:
        parser.error("expected at least one round and one submission")
    names = [tool.name for tool in TOOLS]
    unknown = sorted(set(options.only or ()) - set(names))
    if unknown:
        parser.error(f"found {unknown[0]!r}; expected one of {', '.join(names)}")
    tools.adopt_orphans()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        environments = (options.environments or Path(temporary, "environments")).resolve()
        trials = [
            Trial(tool, Path(temporary, "homes", tool.name))
            for tool in TOOLS
            if not tool.packages or not options.only or tool.name in options.only
        ]
        for trial in trials:
            trial.attempt("preparing", partial(prepare, trial, environments))
        began, busy_s = time.perf_counter(), _others_cpu_s()
        measure(trials, options.submissions, options.rounds)
        others = (_others_cpu_s() - busy_s) / (time.perf_counter() - began)
    good = report(trials, options.submissions)
    print(f"\nMeanwhile other processes kept {others:.1f} of {os.cpu_count()} cores busy.")  # noqa: T201
    if not good:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
