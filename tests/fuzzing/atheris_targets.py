"""Coverage-guided fuzzing by hand; docs/fuzzing.md says how.

``python -m tests.fuzzing.atheris_targets wire -max_total_time=300``, with the options of libFuzzer.
It needs the package atheris, which is no dependency of the grader.  What it learns stays in
build/fuzzing/corpus-TARGET; an input that makes a fault, takes ten seconds or 500 MB is kept beside
it, and ends the run.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from pathlib import Path

KEEP = Path("build/fuzzing")
PACKAGES = ["grader", "lark", "yaml", "csv", "zipfile"]


def main() -> None:
    """Fuzz the target that is named first."""
    atheris = importlib.import_module("atheris")

    with atheris.instrument_imports(include=PACKAGES):
        # What is imported late would not be followed.
        import lark.parsers.lalr_parser  # noqa: F401, PLC0415

        from tests.fuzzing.targets import TARGETS  # noqa: PLC0415

    if sys.argv[1:2] == [] or sys.argv[1] not in TARGETS:
        sys.exit(f"expected a target first: {', '.join(TARGETS)}")
    name = sys.argv[1]
    target = TARGETS[name]
    corpus = KEEP / f"corpus-{name}"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    options = ["-timeout=10", "-rss_limit_mb=1500", "-malloc_limit_mb=500", "-max_len=65536"]
    places = [f"-artifact_prefix={KEEP}/{name}-", str(corpus)]
    atheris.Setup([sys.argv[0], *options, *places, *sys.argv[2:]], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
