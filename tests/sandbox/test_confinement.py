"""What student code cannot do.  Each test runs an attack; the attack returns what it achieved."""

import os
from pathlib import Path

import pytest

import grader
from grader.records import Call, Limits, Outcome
from grader.sandbox import paths, root
from grader.sandbox.host import Sandbox

from .conftest import Run, Student, first_value, run_part
from .processes import templates

ATTACKS = {
    "fork": "os.fork()",
    "exec": "os.execv(sys.executable, [sys.executable])",
    "run a program": "subprocess.run(['/bin/true'])",
    "open a TCP socket": "socket.socket()",
    "open a UNIX socket": "socket.socket(socket.AF_UNIX)",
    "make a pair of sockets": "socket.socketpair()",
    "trace its parent": "check(libc.ptrace(16, os.getppid() or 1, 0, 0))",
    "kill its parent": "os.kill(os.getppid() or 1, 9)",
    "kill everything": "os.kill(-1, 9)",
    "open a pidfd": "os.pidfd_open(1)",
    "make a memfd": "os.memfd_create('x')",
    "share memory": "mmap.mmap(-1, 1 << 20)",
    "read a file of the system": "open('/etc/passwd').read()",
    "list the root": "os.listdir('/')",
    "list the processes": "os.listdir('/proc')",
    "read its own memory map": "open('/proc/self/maps').read()",
    "write beside Python": "open(os.path.dirname(os.__file__) + '/x', 'w')",
    "write to the root": "open('/x', 'w')",
    "use /dev/shm": "open('/dev/shm/x', 'w')",
    "become root": "os.setuid(0)",
    "raise its limits": "resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))",
    "mount": "check(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
    "unshare": "check(libc.unshare(0x10000000))",
    "change the root": "os.chroot('/tmp')",
    "use io_uring": "check(libc.syscall(425, 8, None))",
    "load a filter": "check(libc.prctl(22, 2, None, 0, 0))",
    "read another process": "check(libc.process_vm_readv(1, None, 0, None, 0, 0))",
    "use the keyring": "check(libc.syscall(250, 0, 0, 0))",
    "make a link": "os.symlink('/etc/passwd', 'link')",
    "make a device": "os.mknod('node', 0o20666, 0x101)",
}

LABELS = paths.emptied(paths.readable())

SOURCE = """
import ctypes, mmap, os, resource, socket, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result
def f():
    {attack}
    return "achieved"
"""


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_student_code_cannot(student: Student, attack: str) -> None:
    seen = student(SOURCE.format(attack=attack))
    assert seen.outcome is Outcome.RAISED
    assert seen.failure is not None
    assert seen.failure.type in {"PermissionError", "FileNotFoundError", "OSError", "ValueError"}


@pytest.mark.parametrize(
    "path",
    [Path(__file__), Path(grader.__file__), Path(grader.__file__).parents[1] / "reference"],
    ids=["the tests", "the grader", "the reference"],
)
def test_student_code_cannot_even_see(student: Student, path: Path) -> None:
    assert (
        student("import os\ndef f(path): return os.path.exists(path)", path=str(path)).value
        is False
    )


def test_student_code_cannot_see_a_file_made_later(student: Student, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the answer", encoding="utf-8")
    assert (
        student("import os\ndef f(path): return os.path.exists(path)", path=str(secret)).value
        is False
    )


def test_the_grader_is_not_on_the_path(student: Student) -> None:
    folder = str(Path(grader.__file__).parents[1])
    assert folder not in student("import sys\ndef f(): return sys.path").value


def test_the_environment_holds_nothing_of_the_graders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GRADER_SECRET", "x")
    with Sandbox(preload=()) as fresh:
        names = first_value(run_part(fresh, "import os\ndef f(): return list(os.environ)", "f"))
    assert "GRADER_SECRET" not in names


def test_only_four_descriptors_are_open(student: Student) -> None:
    source = """
        import os
        def is_open(fd):
            try:
                os.fstat(fd)
            except OSError:
                return False
            return True
        def f(): return [fd for fd in range(5000) if is_open(fd)]
    """
    assert student(source).value == [0, 1, 2, 3]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give another user id")
def test_student_code_runs_as_a_user_of_its_own(student: Student) -> None:
    assert student("import os\ndef f(): return os.getuid()").value not in {0, os.getuid()}


def test_threads_are_allowed(student: Student) -> None:
    source = """
        import threading
        def f():
            seen = []
            threads = [threading.Thread(target=seen.append, args=(i,)) for i in range(8)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return sorted(seen)
    """
    assert student(source).value == list(range(8))


def test_a_bomb_of_threads_is_stopped(student: Student) -> None:
    source = """
        import threading, time
        def f():
            for _ in range(10_000):
                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    """
    assert student(source).outcome in {Outcome.RAISED, Outcome.OUT_OF_MEMORY}


def test_memory_is_limited(run: Run) -> None:
    source = "def f():\n    x = []\n    while True: x.append(bytearray(1 << 20))"
    seen = run(source, "f", "f", limits=Limits(memory_mib=64)).observations["part"]
    assert [one.outcome for one in seen] == [Outcome.OUT_OF_MEMORY] * 2


def test_a_solution_may_use_the_memory_it_is_given(run: Run) -> None:
    source = "def f(): return len(bytearray(400 << 20))"
    seen = run(source, "f", limits=Limits(memory_mib=512)).observations["part"][0]
    assert seen.value == 400 << 20


def test_the_disk_cannot_be_filled(student: Student) -> None:
    source = """
        import os
        def f():
            written = 0
            try:
                for i in range(100):
                    with open(f"/tmp/{i}", "wb") as file:
                        for _ in range(100): written += file.write(bytes(1 << 20))
            except OSError:
                return written
    """
    assert student(source).value <= root.TMP_MIB << 20


def test_a_folder_for_files_of_its_own_is_there(student: Student) -> None:
    source = """
        import tempfile, os
        def f():
            with tempfile.NamedTemporaryFile("w+") as file:
                file.write("x")
                file.flush()
                return [os.path.getsize(file.name), file.name.startswith("/tmp/")]
    """
    assert student(source).value == [1, True]


def test_no_submission_finds_what_another_left(run: Run) -> None:
    source = """
        import os
        def f():
            seen = os.listdir("/tmp")
            open("/tmp/left", "w").close()
            return seen
    """
    first, second = (first_value(run(source, "f")) for _ in range(2))
    assert "left" not in first
    assert first == second


def test_what_one_submission_patches_no_other_sees(run: Run) -> None:
    run("import numpy\nnumpy.exp = lambda x: 0\ndef f(): return numpy.exp(1)", "f")
    clean = "import numpy\ndef f(): return float(numpy.exp(0.0))"
    assert run(clean, "f").observations["part"][0].value == 1.0


def test_what_a_crash_leaves_in_tmp_is_gone_in_the_next_process(run: Run) -> None:
    source = """
        import os
        def leave():
            open("/tmp/left", "w")
            os._exit(1)
        def f(): return os.path.exists("/tmp/left")
    """
    assert run(source, "leave", "f").observations["part"][1].value is False


@pytest.mark.parametrize(
    "missing",
    [
        ["landlock"],
        ["seccomp"],
        ["namespaces"],
        ["private root"],
        ["separate uids"],
        ["namespaces", "separate uids"],
        ["landlock", "namespaces"],
        ["huge pages", "memory limit"],
    ],
    ids=" and ".join,
)
def test_the_rest_protects_where_something_is_missing(missing: list[str]) -> None:
    with Sandbox(preload=("numpy",), disable=missing) as reduced:
        seen = run_part(reduced, DEATH, "works", "leave", "works").observations["part"]
        absent = {mechanism.name for mechanism in reduced.mechanisms if not mechanism.present}
        connect = SOURCE.format(attack="socket.create_connection(('10.0.0.1', 1), 1)")
        other = run_part(reduced, connect, "f")
    assert [one.outcome.value for one in seen] == ["returned", "died", "returned"]
    assert set(missing) <= absent
    assert other.observations["part"][0].outcome is Outcome.RAISED


DEATH = """
import os, sys, numpy
def works():
    import colorsys  # not loaded before: Python's own folder can be read
    with open("own", "w") as file: file.write("x")
    return os.path.exists("solution.py")
def leave(): os._exit(1)
"""


def test_without_confinement_the_same_calls_work() -> None:
    with Sandbox(preload=("numpy",), confine=False) as free:
        seen = run_part(free, DEATH, "works", "leave", "works").observations["part"]
        present = {mechanism.name for mechanism in free.mechanisms if mechanism.present}
    assert [one.outcome.value for one in seen] == ["returned", "died", "returned"]
    assert present <= {"memory limit", "huge pages"}


def test_no_stray_process_survives_where_nothing_keeps_code_from_forking() -> None:
    source = """
        import os, time
        def f():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(600)
                time.sleep(600)
            time.sleep(0.3)
            return 1
    """
    others = set(templates(of=os.getpid()))
    with Sandbox(preload=(), confine=False) as free:
        run_part(free, source, "f")
        assert len(set(templates(of=os.getpid())) - others) == 1  # the template alone
    assert set(templates(of=os.getpid())) == others


def test_the_number_of_files_is_limited(student: Student) -> None:
    source = """
        def f():
            for number in range(100_000):
                open(f"/tmp/{number}", "w").close()
    """
    seen = student(source)
    assert seen.outcome is Outcome.RAISED
    assert seen.failure.type == "OSError"


def test_a_submission_of_the_largest_size_fits(sandbox: Sandbox) -> None:
    files = {"s.py": b"def f(): return 1", "big": bytes((64 << 20) - 100)}
    with sandbox.open(files, Limits()) as session:
        assert session.call("s.py", Call("f"), 5.0).value == 1


@pytest.mark.skipif(not LABELS, reason="no package with data sets is installed")
def test_the_labels_of_data_sets_are_out_of_reach(run: Run) -> None:
    source = "import os\ndef f(path): return os.listdir(path)"
    calls = [Call("f", {"path": path}) for path in (*LABELS, str(Path(LABELS[0]).parent))]
    *emptied, beside = run(source, *calls).observations["part"]
    assert [seen.value for seen in emptied] == [[]] * len(LABELS)
    assert isinstance(beside.value, list)
    assert "__init__.py" in beside.value
