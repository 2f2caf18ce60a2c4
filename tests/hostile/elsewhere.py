"""Attacks that are tested in other places, by what they try: the table names each test."""

from __future__ import annotations

from collections.abc import Mapping

_SANDBOX = "tests/sandbox"
_CONFINEMENT = f"{_SANDBOX}/test_confinement.py"
_COLLECTING = "tests/submissions/collecting"

TESTS: Mapping[str, tuple[str, ...]] = {
    "endless loops in Python, in C and in torch; swallowed exceptions and SIGTERM": (
        f"{_SANDBOX}/test_session.py::test_a_call_that_outruns_the_budget_ends_the_part",
        f"{_SANDBOX}/test_session.py::test_an_import_that_hangs_is_not_tried_again",
    ),
    "memory by bytes, torch, lists, shared mappings, memfd, /dev/shm": (
        f"{_SANDBOX}/test_confinement.py::test_memory_is_limited",
        f"{_SANDBOX}/test_confinement.py::test_student_code_cannot",
        f"{_SANDBOX}/test_state.py::test_torch_that_runs_out_of_memory_is_told_apart",
    ),
    "bombs of processes and threads": (
        f"{_SANDBOX}/test_confinement.py::test_student_code_cannot",
        f"{_SANDBOX}/test_confinement.py::test_a_bomb_of_threads_is_stopped",
    ),
    "exec, ptrace, process_vm_readv, signals, pidfd, setuid, mount, unshare, io_uring, keys": (
        f"{_SANDBOX}/test_confinement.py::test_student_code_cannot",
    ),
    "filling the disk by one file or by many": (
        f"{_SANDBOX}/test_confinement.py::test_the_disk_cannot_be_filled",
        f"{_SANDBOX}/test_confinement.py::test_the_number_of_files_is_limited",
    ),
    "TCP, UDP, abstract sockets, listening": (
        f"{_SANDBOX}/test_confinement.py::test_student_code_cannot",
        f"{_SANDBOX}/test_confinement.py::test_the_rest_protects_where_something_is_missing",
    ),
    "reading, listing or asking for the reference": (
        f"{_SANDBOX}/test_confinement.py::test_student_code_cannot_even_see",
        f"{_SANDBOX}/test_confinement.py::test_student_code_cannot_see_a_file_made_later",
        f"{_SANDBOX}/test_confinement.py::test_the_grader_is_not_on_the_path",
    ),
    "memory, command line and environment of the grader": (
        f"{_SANDBOX}/test_confinement.py::test_student_code_cannot",
        f"{_SANDBOX}/test_confinement.py::test_the_environment_holds_nothing_of_the_graders",
        f"{_SANDBOX}/test_secret.py::test_code_that_is_not_confined_has_no_variable_of_the_grader",
    ),
    "os._exit, segmentation faults, C stack overflow": (
        f"{_SANDBOX}/test_session.py::test_a_call_that_exits_is_marked_and_the_next_is_made",
        f"{_SANDBOX}/test_session.py::test_a_crash_is_named_by_its_signal",
    ),
    "garbage, half a frame, a huge header, huge arrays, dribbled bytes on the channel": (
        f"{_SANDBOX}/test_session.py::test_what_is_not_an_answer_is_a_death",
        f"{_SANDBOX}/test_session.py::test_a_dribble_of_bytes_does_not_extend_the_time",
        f"{_SANDBOX}/test_protocol.py::test_another_form_is_refused",
    ),
    "truncated or deep MessagePack, negative shapes, object dtype": (
        "tests/test_values.py::test_a_forged_frame_is_refused",
    ),
    "an answer ahead of its request": (
        f"{_SANDBOX}/test_session.py::test_an_answer_ahead_of_its_request_is_refused",
    ),
    "closing the channel or all descriptors; inherited descriptors": (
        f"{_SANDBOX}/test_session.py::test_closing_the_connection_is_a_death",
        f"{_SANDBOX}/test_confinement.py::test_only_four_descriptors_are_open",
    ),
    "floods of output": (
        f"{_SANDBOX}/test_printing.py::test_a_flood_of_output_costs_no_points",
        f"{_SANDBOX}/test_printing.py::test_a_flood_past_the_streams_costs_no_points",
    ),
    "a daemon that outlives the run": (
        f"{_CONFINEMENT}::test_no_stray_process_survives_where_nothing_keeps_code_from_forking",
        f"{_SANDBOX}/test_host.py::test_nothing_survives_a_killed_grader",
    ),
    "poisoning NumPy, or /tmp, for the next submission": (
        f"{_SANDBOX}/test_confinement.py::test_what_one_submission_patches_no_other_sees",
        f"{_SANDBOX}/test_confinement.py::test_no_submission_finds_what_another_left",
    ),
    "zip bombs, links, `..` and odd names in what is collected": (
        f"{_COLLECTING}/test_archives.py::test_a_path_that_leads_elsewhere_is_ignored_and_the_others_stay",
        f"{_COLLECTING}/test_paths.py::test_a_path_that_is_not_safe_everywhere_is_refused",
        f"{_COLLECTING}/test_archives.py::test_a_zip_bomb_is_not_unfolded",
        f"{_COLLECTING}/test_archives.py::test_a_link_is_ignored",
        f"{_COLLECTING}/test_unpacking.py::test_archives_in_archives_in_archives_are_ignored",
        f"{_COLLECTING}/test_unpacking.py::test_nothing_is_ever_written_outside",
        f"{_COLLECTING}/test_collecting.py::test_one_bad_archive_never_stops_the_others",
        f"{_COLLECTING}/test_collecting.py::test_memory_stays_small_whatever_is_handed_in",
    ),
    "files of a student's repository that tools act upon": (
        "tests/cli/test_immunity.py::test_a_file_of_the_student_has_no_effect",
        "tests/cli/test_immunity.py::test_no_secret_of_the_environment_reaches_student_code",
    ),
}
