"""Becomes another program that ends with its parent; run by path, as `process` does.

Usage: launcher.py PARENT SIGNAL UID GID PROGRAM ARGUMENT...

A program of its own, because code between fork and exec is unsafe in a process with threads. The
order matters: the kernel forgets the wish for a signal when the user changes, and a parent that
died before the wish would never be noticed.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


def main(parent: int, death_signal: int, uid: int, gid: int) -> None:
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit("The process that started this one is gone.")
    for each in IGNORED_BY_PYTHON:
        signal.signal(each, signal.SIG_DFL)
    program = sys.argv[5:]
    try:
        os.execv(program[0], program)  # noqa: S606 - that is the purpose
    except OSError as error:
        sys.exit(f"{program[0]} cannot be started: {error.strerror}.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
