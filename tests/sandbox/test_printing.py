from grader.records import Limits, Outcome

from .conftest import Run


def test_stdout_and_stderr_are_told_together(run: Run) -> None:
    source = "import sys\ndef f():\n    print('one')\n    print('two', file=sys.stderr)\n"
    outcome = run(source, "f")
    assert outcome.output == "one\ntwo\n"
    assert not outcome.output_cut


def test_a_flood_of_output_costs_no_points(run: Run) -> None:
    source = "def f():\n    for _ in range(100): print('x' * 10**6)\n    return 7"
    outcome = run(source, "f", limits=Limits(output_kib=2))
    assert outcome.observations["part"][0].value == 7
    assert outcome.output == "x" * 2048
    assert outcome.output_cut


def test_a_flood_past_the_streams_costs_no_points(run: Run) -> None:
    source = """
        import os
        def f():
            block = b"y" * 10**6
            for _ in range(100):
                view = memoryview(block)
                while view:
                    view = view[os.write(1, view):]
            return 7
    """
    outcome = run(source, "f", limits=Limits(output_kib=2))
    assert outcome.observations["part"][0].value == 7
    assert outcome.output == "y" * 2048
    assert outcome.output_cut


def test_output_that_just_fits_is_not_cut(run: Run) -> None:
    outcome = run("def f(): print('z' * 2047)", "f", limits=Limits(output_kib=2))
    assert len(outcome.output) == 2048
    assert not outcome.output_cut


def test_what_was_printed_before_a_crash_is_kept(run: Run) -> None:
    outcome = run("import os\ndef f():\n    print('here')\n    os._exit(1)", "f")
    assert outcome.output == "here\n"


def test_output_that_is_not_text_is_shown_as_far_as_it_can_be(run: Run) -> None:
    outcome = run("import os\ndef f(): os.write(1, bytes([97, 255, 98]))", "f")
    assert outcome.output == "a\N{REPLACEMENT CHARACTER}b"


def test_closing_stdout_costs_no_points(run: Run) -> None:
    source = "import sys, os\ndef f():\n    sys.stdout.close()\n    os.close(1)\n    return 7"
    assert run(source, "f", "f").observations["part"][0].value == 7


def test_reading_input_finds_none(run: Run) -> None:
    seen = run("def f(): return input()", "f").observations["part"][0]
    assert seen.outcome is Outcome.RAISED
    assert seen.failure is not None
    assert seen.failure.type == "EOFError"
