"""Take the network and everything else a reader of files does not need away from this process, for good.

Out:   how the network was taken: `namespace` (an empty one of its own), `seccomp` (no socket can be made), or `open`

Order: memory, files and cores first; then a network namespace where the kernel allows one, and in any case a filter
       of system calls: no socket, no other program, no look into other processes.
Spec:  Linux unshare(2), seccomp(2) with a classic BPF program; nothing of this is undone while the process lives
"""

import ctypes
import os
import platform
import resource
import struct

MEMORY = 1 << 30  # bytes of address space
CPU_SECONDS = 10  # a job's
OPEN_FILES = 64
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_NOT_BELOW, _RETURN = 0x20, 0x15, 0x35, 0x06
_OTHER_WAY_IN = 0x40000000  # the x32 numbers of the same calls
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # SECCOMP_RET_ERRNO | EPERM
_NUMBER_AT, _MACHINE_AT = 0, 4
_MACHINES = {  # audit architecture; socket, socketpair, connect, io_uring_setup, ptrace, execve, execveat
    "x86_64": (0xC000003E, (41, 53, 42, 425, 101, 59, 322)),
    "aarch64": (0xC00000B7, (198, 199, 203, 425, 117, 221, 281)),
}


def isolate() -> str:
    """Do it, and say how the network was taken."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    kernel = ctypes.CDLL(None, use_errno=True)
    apart = any(kernel.unshare(flags) == 0 for flags in (_NEW_USER | _NEW_NET, _NEW_NET))
    filtered = _filtered(kernel)
    return "namespace" if apart else "seccomp" if filtered else "open"


def allow_job() -> None:
    """Give this process ten seconds of processor more than it has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def resident() -> int:
    """The bytes of memory this process holds."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - read before every answer
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _filtered(kernel: ctypes.CDLL) -> bool:
    if platform.machine() not in _MACHINES:
        return False
    machine, refused = _MACHINES[platform.machine()]
    steps = [_step(_LOAD, _MACHINE_AT), _step(_JUMP_EQUAL, machine, 1, 0), _step(_RETURN, _REFUSE)]
    steps += [_step(_LOAD, _NUMBER_AT), _step(_JUMP_NOT_BELOW, _OTHER_WAY_IN, len(refused) + 1, 0)]
    steps += [_step(_JUMP_EQUAL, number, len(refused) - place, 0) for place, number in enumerate(refused)]
    steps += [_step(_RETURN, _ALLOW), _step(_RETURN, _REFUSE)]
    program = ctypes.create_string_buffer(b"".join(steps))
    asked = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program))
    one, none = ctypes.c_ulong(1), ctypes.c_ulong(0)
    if kernel.prctl(_SET_NO_NEW_PRIVILEGES, one, none, none, none) != 0:
        return False
    return bool(kernel.prctl(_SET_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.c_char_p(asked), none, none) == 0)


def _step(code: int, value: int, if_equal: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_equal, otherwise, value)
