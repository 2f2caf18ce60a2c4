"""What was said of torch's operations with and without faults, and the tables of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.derivatives import FAULTS

FORMS = (
    *(f"double, {way}" for way in ("reverse", "taken apart", "forward")),
    *(f"single, {way}" for way in ("reverse", "taken apart", "forward")),
)
JUDGES = ("gradcheck", "double", "single")  # the grader's by the precision of the answers
_SHOWN = 20  # of the operations that are left out for a reason


@dataclass
class Tally:
    """Samples in which a fault was planted, before one judge."""

    planted: int = 0
    told: int = 0  # where it can be told
    caught: int = 0
    caught_told: int = 0  # of those where it can be told
    missed: list[str] = field(default_factory=list)  # the samples where it can, and was not
    drowned: list[str] = field(default_factory=list)  # where it cannot, and was not caught

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.planted + other.planted,
            self.told + other.told,
            self.caught + other.caught,
            self.caught_told + other.caught_told,
            self.missed + other.missed,
            self.drowned + other.drowned,
        )


@dataclass
class Verdicts:
    """What the judges said of one operation."""

    operation: str
    skipped: str = ""  # why it was not judged
    samples: int = 0
    dropped: list[str] = field(default_factory=list)  # why others were not judged
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)  # by judge and fault
    unchanged: Counter[str] = field(default_factory=Counter)  # faults that change no value
    judged: Counter[str] = field(default_factory=Counter)  # samples by form
    rejected: dict[str, list[str]] = field(default_factory=dict)  # by form: samples and why
    excused: dict[str, list[str]] = field(default_factory=dict)  # likewise, where torch errs

    def accept(self, sample: str, says: Mapping[str, str], excuses: Mapping[str, str]) -> None:
        """Count what each form of a right answer got: nothing, or why it was rejected.

        What was rejected since torch errs is no false alarm.
        """
        for form, why in says.items():
            self.judged[form] += 1
            excuse = excuses.get(form)
            if why and excuse:
                self.excused.setdefault(form, []).append(f"{sample} ({excuse})")
            elif why:
                self.rejected.setdefault(form, []).append(f"{sample}: {why}")

    def note(self, judge: str, fault: str, sample: str, *, told: bool, caught: bool) -> None:
        """Count a fault that was planted in a sample."""
        tally = self.tallies.setdefault((judge, fault), Tally())
        tally.planted += 1
        tally.told += told
        tally.caught += caught
        tally.caught_told += told and caught
        if not caught:
            (tally.missed if told else tally.drowned).append(f"{self.operation} {sample}")


def good(verdicts: Sequence[Verdicts]) -> bool:
    """Return whether every fault that can be told was caught, and nothing right rejected."""
    ours = [
        not tally.missed
        for each in verdicts
        for (judge, _), tally in each.tallies.items()
        if judge != "gradcheck"
    ]
    return all(ours) and not any(form in each.rejected for each in verdicts for form in FORMS)


def report(verdicts: Sequence[Verdicts]) -> None:
    """Print the tables and the lists."""
    used = [each for each in verdicts if not each.skipped]
    samples = sum(each.samples for each in used)
    _print(f"{len(used)} of {len(verdicts)} operations, {samples} samples\n")
    tallies = {
        (judge, fault): sum((each.tallies.get((judge, fault), Tally()) for each in used), Tally())
        for judge in JUDGES
        for fault in FAULTS
    }
    _print_faults(tallies)
    unchanged = sum((each.unchanged for each in used), Counter[str]())
    _print(f"\nnot counted, since they change no value by 0.1 %: {_counted(unchanged)}")
    _print_rejected(used)
    for judge, label in (("double", "grader"), ("single", "grader, in single precision")):
        missed = {fault: tallies[judge, fault].missed for fault in FAULTS}
        _print_list(f"missed by {label}, though they can be told", missed)
        drowned = {fault: tallies[judge, fault].drowned for fault in FAULTS}
        _print_list(f"missed by {label}, and cannot be told", drowned)
    _print_list("operations left out", _reasons(verdicts), _SHOWN)
    dropped = Counter(why for each in used for why in each.dropped)
    _print(f"\nsamples left out of other operations: {_counted(dropped)}")


def _print_faults(tallies: Mapping[tuple[str, str], Tally]) -> None:
    _print(f"{'':20}{'in double precision':^30}   {'in single precision':^32}".rstrip())
    columns = ("fault", "planted", "gradcheck", "grader", "planted", "can be told", "grader")
    _print_row(columns)
    rows = {fault: [tallies[judge, fault] for judge in JUDGES] for fault in FAULTS}
    together = [sum((row[at] for row in rows.values()), Tally()) for at in range(len(JUDGES))]
    for name, (torch, double, single) in {**rows, "all": together}.items():
        counts = double.planted, torch.caught, double.caught
        _print_row((name, *counts, single.planted, single.told, single.caught_told))


def _print_row(cells: Sequence[str | int]) -> None:
    name, *rest = map(str, cells)
    widths = (8, 11, 11, 11, 13, 9)
    row = "".join(f"{cell:>{width}}" for cell, width in zip(rest, widths, strict=True))
    _print(f"{name:20}{row}")


def _print_rejected(used: Sequence[Verdicts]) -> None:
    _print("\nright gradients rejected, of so many samples\n")
    for form in (*FORMS, "gradcheck"):
        total = sum(each.judged[form] for each in used)
        wrong = [f"{each.operation} {s}" for each in used for s in each.rejected.get(form, ())]
        _print(f"{form:26}{f'{len(wrong)} of {total}':>16}")
        for says in wrong:
            _print(f"    {says[:180]}")
    excused = {
        form: [
            f"{each.operation} {sample}" for each in used for sample in each.excused.get(form, ())
        ]
        for form in FORMS
    }
    _print_list("rejected rightly: torch errs, by numerical derivatives", excused)


def _print_list(title: str, groups: Mapping[str, Sequence[str]], shown: int | None = None) -> None:
    _print(f"\n{title}: {sum(map(len, groups.values()))}")
    for name, members in groups.items():
        if members:
            _print(f"    {name}, {len(members)}: {_listed(members, shown)}")


def _listed(members: Sequence[str], shown: int | None) -> str:
    return ", ".join(members[:shown]) + (", ..." if len(members[:shown]) < len(members) else "")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items()) or "none"


def _reasons(verdicts: Sequence[Verdicts]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for each in verdicts:
        if each.skipped:
            groups.setdefault(each.skipped, []).append(each.operation)
    return groups


def _print(text: str) -> None:
    print(text)  # noqa: T201
