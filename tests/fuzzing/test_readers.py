"""No file that somebody made can do more than be refused: properties of all that reads files.

Each target swallows the errors that it documents; any other one fails the test.  Seeds are files of
the course, mutated as files go wrong and as somebody would try; further inputs are drawn from
nothing.  Longer runs are by hand, see docs/fuzzing.md.
"""

from __future__ import annotations

import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing import bombs
from tests.fuzzing.mutations import MAX_BYTES, WORDS, mutated
from tests.fuzzing.targets import TARGETS

# Slow ones load a whole assignment, or unpack to a disk.
EXAMPLES = {"specification": 25, "zip": 25, "answers": 40, "yaml": 40}
quick = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None
)


@cache
def _seeds(name: str) -> tuple[bytes, ...]:
    return tuple(TARGETS[name].seeds())


def _mutant(name: str) -> st.SearchStrategy[bytes]:
    return st.builds(mutated, st.randoms(use_true_random=False), st.just(_seeds(name)))


@pytest.mark.parametrize("name", TARGETS)
def test_a_file_that_went_wrong_raises_what_is_documented_and_nothing_else(name: str) -> None:
    @settings(quick, max_examples=EXAMPLES.get(name, 80))
    @given(_mutant(name))
    def refused_or_read(data: bytes) -> None:
        assert len(data) <= MAX_BYTES
        TARGETS[name].run(data)

    refused_or_read()


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_raise_what_is_documented_and_nothing_else(name: str) -> None:
    words = st.lists(st.sampled_from(WORDS), max_size=20).map(b"".join)

    @settings(quick, max_examples=EXAMPLES.get(name, 80))
    @given(st.one_of(st.binary(max_size=200), words, st.text(max_size=60).map(str.encode)))
    def refused_or_read(data: bytes) -> None:
        TARGETS[name].run(data)

    refused_or_read()


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_files_that_are_read(name: str) -> None:
    assert _seeds(name)
    for seed in _seeds(name)[:5]:
        TARGETS[name].run(seed)


def test_a_mutation_depends_on_the_seed_alone() -> None:
    seeds = _seeds("yaml")
    chance, same = random.Random(3), random.Random(3)  # noqa: S311  (no secret)
    made = [mutated(chance, seeds) for _ in range(50)]
    assert made == [mutated(same, seeds) for _ in range(50)]
    assert sum(each not in seeds for each in made) > 40


LIMITED = """\
import resource, sys
from tests.fuzzing import bombs
from tests.fuzzing.targets import TARGETS
name = sys.argv[1]
seeds = list(TARGETS[name].seeds())
TARGETS[name].run(seeds[0])  # what is imported and made once does not count
with open("/proc/self/statm", encoding="ascii") as file:
    now = int(file.read().split()[5]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_DATA, (now + 300 * 2**20, now + 300 * 2**20))
for kind, bomb in bombs.of(name):
    print(kind, flush=True)
    TARGETS[name].run(bomb)
"""
"""Thrice the memory that is promised: an allocator keeps some of what was given back."""


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA counts enough on Linux only")
@pytest.mark.parametrize("name", bombs.BOMBED)
def test_a_bomb_takes_neither_memory_nor_forever(name: str) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", LIMITED, name],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,  # not a measurement: what does not end at all is ended
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), f"{done.stdout}\n{done.stderr}"
