"""The template: a process that imports once what submissions need, and forks a child for each.

It is started by exec, so nothing of the grader's memory, environment or open files is in it.  It
takes one message for each child from a control socket, with three descriptors: the child's data
socket, the write end of a pipe for what the child prints, and the life socket, on which the
template tells how the child fares (that it started, with its pidfd; that it ended, and how).

The control socket is the lifeline as well: when it closes, the grader has gone, and the template
ends with all its children.  (A parent-death signal would not do for the template itself: it comes
when the *thread* that started it ends.)
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import json
import os
import resource
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from grader.records import Mechanism
from grader.sandbox import confinement, landlock, linux, paths, root, strays, trials, warmup

_MESSAGE_BYTES = 1 << 17  # as in `starter`
_CHILD_FDS = 3  # data, output, life
_DATA_FD = 3
_OUT_OF_THE_WAY = 300  # where a child keeps its descriptors while it rearranges the others
_FAILED_TO_CONFINE = 97


def main(control_fd: int) -> None:
    """Serve the grader at the other end of the control socket until it closes."""
    gc.disable()  # until all is there that stays
    control = socket.socket(fileno=control_fd)
    config = json.loads(control.recv(_MESSAGE_BYTES))
    try:
        template = _prepare(control, config)
    except BaseException as error:  # noqa: BLE001  (told to the grader, whatever it is)
        traceback.print_exc()
        reason = "".join(traceback.format_exception_only(error)).strip()
        control.send(json.dumps({"error": reason}).encode())
        os._exit(1)
    template.serve()


def _prepare(control: socket.socket, config: dict[str, Any]) -> Template:
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    uid_range = os.getpid()  # as seen from outside: inside, every template is process 1
    mechanisms = trials.try_all(config["disable"])
    present = {mechanism.name for mechanism in mechanisms if mechanism.present}
    if "namespaces" in present:
        _become_first_process(control)
    else:
        linux.adopt_orphans()
    if "landlock" in present:
        landlock.abi()
    # What children need of the grader and the course is imported before it goes out of sight.
    sys.path.extend(entry for entry in config["path"] if entry not in sys.path)
    for name in ("service", "printing"):
        importlib.import_module(f"grader.sandbox.{name}")
    probes = {reference: _resolve(reference) for reference in config["probes"]}
    readable = paths.readable()
    paths.keep_readable(readable)
    emptied = paths.emptied(readable)
    below_tmp = root.enter(readable, emptied) if "private root" in present else []
    warmup.preload(config["preload"])
    warmup.rehearse()
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    if threads != 1:
        raise RuntimeError(
            f"preloading {', '.join(config['preload'])} left {threads} threads running; a lock "
            "that one of them holds during a fork would hang every child: preload without them"
        )
    setup = confinement.Confinement(present, readable, below_tmp, uid_range)
    serving = _Serving(probes)
    # Without this, the first full garbage collection in a child would copy the whole heap.  What is
    # garbage by now is left where it lies: to free it would take longer, and leave holes to copy.
    gc.freeze()
    gc.enable()
    if "huge pages" in present:
        linux.collapse_heap()
    return Template(control, mechanisms, setup, serving)


def _become_first_process(control: socket.socket) -> None:
    """Go on in new namespaces, as process 1; this process only waits for that one's end."""
    trials.enter_namespaces()
    pid = os.fork()
    if pid == 0:
        linux.die_with_parent(signal.SIGKILL)
        return
    control.close()
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _resolve(reference: str) -> Callable[..., Any]:
    module, _, name = reference.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


class _Serving:
    """What a child does once it is confined."""

    def __init__(self, probes: dict[str, Callable[..., Any]]) -> None:
        """Bind what children need, and take away the names of our modules for all of them."""
        from grader.sandbox import printing, service  # noqa: PLC0415  (NumPy, as late as possible)

        self._bound_output, self._service, self._channel = (
            printing.bound_output,
            service.Service,
            service.Channel,
        )
        self._probes = probes
        self._listen = service.go_out_of_sight()

    def serve(self, folder: str, output_kib: int) -> None:
        """Serve a submission; raises EOFError when the grader has closed its end."""
        self._bound_output(1, output_kib)
        channel = self._channel(_DATA_FD, _DATA_FD)
        self._service(channel, folder, self._probes, self._listen).serve()


@dataclass(frozen=True, slots=True)
class _Child:
    pid: int
    life: socket.socket
    folder: str  # to be removed after its end, if not empty


class Template:
    """The loop that forks children on demand and reports their ends."""

    def __init__(
        self,
        control: socket.socket,
        mechanisms: Sequence[Mechanism],
        setup: confinement.Confinement,
        serving: _Serving,
    ) -> None:
        present = {mechanism.name for mechanism in mechanisms if mechanism.present}
        self._control = control
        self._mechanisms = mechanisms
        self._setup = setup
        self._serving = serving
        self._namespaces = "namespaces" in present
        # A child can leave processes behind only where nothing keeps it from forking.
        self._strays = not self._namespaces and "seccomp" not in present
        self._scratch = "" if "private root" in present else tempfile.mkdtemp(prefix="grader-")
        if self._scratch:
            Path(self._scratch).chmod(0o711)
        self._own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._children: dict[int, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._count = 0

    def serve(self) -> None:
        """Fork and report until the grader has gone."""
        linux.hide_memory()
        ready = {"mechanisms": [asdict(mechanism) for mechanism in self._mechanisms]}
        self._control.send(json.dumps(ready).encode())
        self._selector.register(self._control, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._control:
                    self._take_request()
                elif key.data is not None:
                    self._end_abandoned(key.data)
                else:
                    self._report_end(key.fd)

    def _take_request(self) -> None:
        try:
            message, fds, _, _ = socket.recv_fds(self._control, _MESSAGE_BYTES, _CHILD_FDS)
        except OSError:
            message = b""
        if not message:
            self._leave()
        data_fd, output_fd, life_fd = fds
        life = socket.socket(fileno=life_fd)
        request = json.loads(message)
        try:
            self._start(request, data_fd, output_fd, life)
        except OSError as error:
            _tell(life, {"error": f"the child cannot be started: {error}"})
            life.close()
        finally:
            os.close(data_fd)
            os.close(output_fd)

    def _start(
        self, request: dict[str, Any], data_fd: int, output_fd: int, life: socket.socket
    ) -> None:
        folder = "/tmp/submission"  # noqa: S108  (in the child's own /tmp)
        if self._scratch:
            self._count += 1
            folder = f"{self._scratch}/{self._count}"
            os.mkdir(folder, 0o700)  # noqa: PTH102
        if self._namespaces:
            linux.unshare(linux.NEWPID)
        pid = os.fork()
        if pid == 0:
            self._be_child(request, data_fd, output_fd, folder)
        if self._namespaces:  # or else the next child would be born into this one's namespace
            linux.set_namespace(self._own_namespace, linux.NEWPID)
        pidfd = os.pidfd_open(pid)
        self._children[pidfd] = _Child(pid, life, folder if self._scratch else "")
        self._selector.register(pidfd, selectors.EVENT_READ)
        self._selector.register(life, selectors.EVENT_READ, pidfd)
        _tell(life, {"started": True}, [pidfd])

    def _be_child(
        self, request: dict[str, Any], data_fd: int, output_fd: int, folder: str
    ) -> NoReturn:
        try:
            _keep_only(data_fd, output_fd)
            os.setsid()
            limits = confinement.ChildLimits(request["cpu_s"], request["memory_mib"])
            if self._scratch:  # there is no other folder that it may write to
                os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = folder
            self._setup.apply(request["slot"], limits, folder)
            self._serving.serve(folder, request["output_kib"])
        except EOFError:  # the grader has closed its end: the normal way to finish
            os._exit(0)
        except BaseException:  # noqa: BLE001  (said in the output; the exit tells the grader)
            os.write(2, traceback.format_exc().encode("utf-8", "replace"))
        os._exit(_FAILED_TO_CONFINE)

    def _report_end(self, pidfd: int) -> None:
        child = self._children.pop(pidfd)
        self._selector.unregister(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(child.pid, 0)
        if self._strays:
            strays.kill({other.pid for other in self._children.values()})
        if child.folder:
            shutil.rmtree(child.folder, ignore_errors=True)
        if child.life in self._selector.get_map():
            self._selector.unregister(child.life)
        _tell(child.life, {"status": status, "cpu_s": usage.ru_utime + usage.ru_stime})
        child.life.close()

    def _end_abandoned(self, pidfd: int) -> None:
        """Kill a child whose session is gone: nobody else would, if it runs an endless loop."""
        child = self._children.get(pidfd)
        if child is not None and child.life in self._selector.get_map():
            self._selector.unregister(child.life)
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)

    def _leave(self) -> NoReturn:
        for child in self._children.values():
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
        if self._strays:
            strays.kill(set())
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
        os._exit(0)


def _tell(life: socket.socket, message: dict[str, Any], fds: Sequence[int] = ()) -> None:
    with contextlib.suppress(OSError):  # the session may be gone
        socket.send_fds(life, [json.dumps(message).encode()], fds)


def _keep_only(data_fd: int, output_fd: int) -> None:
    """Leave a child with /dev/null, its output twice and its data socket, as 0 to 3.

    What Landlock needs is left open too, for the child to close when it has confined itself.
    """
    null_fd = os.open(os.devnull, os.O_RDONLY)
    kept = [fcntl.fcntl(fd, fcntl.F_DUPFD, _OUT_OF_THE_WAY) for fd in (null_fd, output_fd, data_fd)]
    for fd, target in zip((kept[0], kept[1], kept[1], kept[2]), range(_DATA_FD + 1), strict=True):
        os.dup2(fd, target)
    os.closerange(confinement.FIRST_FREE_FD, landlock.FIRST_FD)
