"""What the operating system denies a process that runs a learner's code.

    everywhere   time (its parent ends it), the size of what it sends
    macOS        and: files larger than `FILE`, new processes, processor time
    Linux        and: memory, new processes and threads, other programs, any network, signals to
                 other processes, a life longer than its parent's, changes to files (kernel 6.2
                 and newer: but to those in its empty folder), reading files (kernel 5.13 and
                 newer: but Python's own and those in its empty folder)

On Linux the last four lines are seccomp and Landlock, which need no rights and which the process
cannot take back. Nothing here may be imported that a learner's code should not find.
"""

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

MEMORY = 1 * 1024**3  # bytes of address space
FILE = 16 * 1024**2  # bytes of one file
OPEN_FILES = 64


_PARENT_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38


def confine(folder: Path, seconds: float) -> list[str]:
    """Confine this process for good. `folder` is the one that it may write to.

    Returns what could not be denied here, in words.
    """
    if sys.platform == "win32":
        return ["memory", "new processes", *_WITHOUT_SECCOMP, *_WITHOUT_LANDLOCK]
    _limit_resources(seconds)
    if sys.platform != "linux":
        return ["memory", *_WITHOUT_SECCOMP, *_WITHOUT_LANDLOCK]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)  # if nobody is left to end it
    landlock = _landlock(libc, folder)
    may_write = landlock >= _KNOWS_TRUNCATE
    numbers = _SYSCALLS.get(platform.machine())
    filtered = numbers is not None and _filter_syscalls(libc, numbers, may_write=may_write)
    reading, changing = _WITHOUT_LANDLOCK
    return [
        *(() if filtered else _WITHOUT_SECCOMP),
        *(() if landlock else [reading]),
        *(() if filtered or may_write else [changing]),
    ]


_WITHOUT_SECCOMP = ["threads and other programs", "network"]
_WITHOUT_LANDLOCK = ["reading files", "changing files"]


def _limit_resources(seconds: float) -> None:
    if sys.platform == "win32":
        return
    import resource

    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: FILE,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: int(seconds) + 2,
        resource.RLIMIT_NPROC: 1,  # counts all of the person's: there is one already
    }
    for which, limit in limits.items():
        with suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS
            resource.setrlimit(which, (limit, limit))


# -- Landlock: which files can be opened

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ = 1 << 2 | 1 << 3  # files, folders
# Write, remove and make files. Folders in one another might be deeper than anybody can delete.
_WRITE = 1 << 1 | 1 << 5 | 1 << 8
_TRUNCATE = 1 << 14
_KNOWS_TRUNCATE = 3  # before this version, Landlock lets any file be emptied
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # by version: so many rights; later ones have 16


def _landlock(libc: ctypes.CDLL, folder: Path) -> int:
    """Leave Python's own files to be read, and `folder` to be written.

    Returns the version of Landlock, 0 if there is none.
    """
    version = int(libc.syscall(_CREATE_RULESET, None, 0, 1))
    if version < 1:
        return 0
    handled = (1 << _RIGHTS.get(version, 16)) - 1
    attributes = struct.pack("=Q", handled)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return 0
    for path in _readable():
        _allow(libc, ruleset, path, _READ)
    _allow(libc, ruleset, Path(os.devnull), (1 << 1 | _READ) & handled)
    _allow(libc, ruleset, folder, (_READ | _WRITE | _TRUNCATE) & handled)
    done = libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return version if done else 0


def _readable() -> Iterable[Path]:
    python = [sys.prefix, sys.base_prefix, *sys.path]
    system = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/dev/urandom"]
    fonts = [os.environ.get("MPLCONFIGDIR"), "/usr/share/fonts"]
    return {Path(path) for path in (*python, *system, *fonts) if path}


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined, unused-ignore]
    except OSError:
        return  # what is not there need not be allowed
    if not path.is_dir():
        rights &= 1 << 1 | 1 << 2 | _TRUNCATE
    libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, descriptor), 0)
    os.close(descriptor)


# -- the rights of root, if it is root


def _drop_capabilities(libc: ctypes.CDLL, capset: int) -> None:
    version_3 = 0x20080522
    libc.syscall(capset, struct.pack("=Ii", version_3, 0), struct.pack("=6I", 0, 0, 0, 0, 0, 0))


# -- seccomp: which calls into the system are refused

# By machine. The names are Linux's own.
_SYSCALLS: dict[str, dict[str, int]] = {
    "x86_64": {
        "capset": 126,
        # processes, threads, programs
        "clone": 56, "fork": 57, "vfork": 58, "clone3": 435, "execve": 59, "execveat": 322,
        # network, and ways to talk to other processes
        "socket": 41, "socketpair": 53, "shmget": 29, "msgget": 68, "semget": 64, "mq_open": 240,
        "memfd_create": 319, "keyctl": 250, "add_key": 248, "request_key": 249,
        # other processes
        "kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297,
        "pidfd_open": 434, "pidfd_send_signal": 424, "ptrace": 101, "process_vm_readv": 310,
        "process_vm_writev": 311, "setpriority": 141, "sched_setaffinity": 203,
        # limits, and what goes round them
        "setrlimit": 160, "prlimit64": 302, "prctl": 157, "unshare": 272, "setns": 308,
        "io_uring_setup": 425, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
        # what Landlock does not see
        "chmod": 90, "fchmod": 91, "fchmodat": 268, "fchmodat2": 452, "chown": 92, "fchown": 93,
        "lchown": 94, "fchownat": 260, "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190,
        "utime": 132, "utimes": 235, "utimensat": 280, "futimesat": 261,
    },
    "aarch64": {
        "capset": 91,
        "clone": 220, "clone3": 435, "execve": 221, "execveat": 281,
        "socket": 198, "socketpair": 199, "shmget": 194, "msgget": 186, "semget": 190,
        "mq_open": 180, "memfd_create": 279, "keyctl": 219, "add_key": 217, "request_key": 218,
        "kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240,
        "pidfd_open": 434, "pidfd_send_signal": 424, "ptrace": 117, "process_vm_readv": 270,
        "process_vm_writev": 271, "setpriority": 140, "sched_setaffinity": 122,
        "setrlimit": 164, "prlimit64": 261, "prctl": 167, "unshare": 97, "setns": 268,
        "io_uring_setup": 425, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
        "fchmod": 52, "fchmodat": 53, "fchmodat2": 452, "fchown": 55, "fchownat": 54,
        "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "utimensat": 88,
    },
}  # fmt: skip

# Changes to files, refused altogether where there is no Landlock. The number after an `open` is
# the place of its flags among the arguments.
_CHANGES: dict[str, list[int]] = {
    "x86_64": [76, 82, 83, 84, 85, 86, 87, 88, 133, 258, 259, 263, 264, 265, 266, 316, 437],
    "aarch64": [33, 34, 35, 36, 37, 38, 45, 276, 437],
}
_OPENS: dict[str, list[tuple[int, int]]] = {
    "x86_64": [(2, 1), (257, 2)],
    "aarch64": [(56, 2)],
}
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_SET_SECCOMP, _FILTER = 22, 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOWED, _REFUSED = 0x7FFF0000, 0x00050000 | 1  # 1 is EPERM


def _filter_syscalls(libc: ctypes.CDLL, numbers: dict[str, int], *, may_write: bool) -> bool:
    """Whether the system took the filter."""
    _drop_capabilities(libc, numbers["capset"])
    machine = platform.machine()
    refused = [number for name, number in numbers.items()]
    opens = []
    if not may_write:
        refused += _CHANGES[machine]
        opens = _OPENS[machine]
    refuse = _instruction(_RETURN, _REFUSED)
    program = [
        _instruction(_LOAD, 4),  # the architecture
        _instruction(_EQUAL, _ARCHITECTURES[machine], 1, 0),
        refuse,
        _instruction(_LOAD, 0),  # the number of the call
        _instruction(_AT_LEAST, 0x40000000, 0, 1),  # another set of numbers
        refuse,
    ]
    for number in refused:
        program += [_instruction(_EQUAL, number, 0, 1), refuse]
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
    for number, place in opens:
        program += [
            _instruction(_EQUAL, number, 0, 4),
            _instruction(_LOAD, 16 + 8 * place),
            _instruction(_ANY_BIT, writing, 0, 1),
            refuse,
            _instruction(_RETURN, _ALLOWED),
        ]
    program.append(_instruction(_RETURN, _ALLOWED))
    code = ctypes.create_string_buffer(b"".join(program))
    head = struct.pack("@HP", len(program), ctypes.addressof(code))
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, head, 0, 0) == 0)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
