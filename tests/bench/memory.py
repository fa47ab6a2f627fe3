"""Resident memory of each process of a stack, PostgreSQL with all its children."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.system.running_stack import RunningStack

PARTS = ("identity", "mailbox", "referral", "casework", "notify", "nats", "postgres")
MIB = 1024 * 1024


def resident_mib(stack: RunningStack) -> dict[str, float]:
    """Return the memory of each part in MiB; what processes share is not counted twice."""
    children = _children()
    found = {}
    for name in PARTS:
        pid = stack.part(name).pid
        assert pid is not None
        found[name] = round(sum(_own_bytes(each) for each in _family(pid, children)) / MIB, 1)
    return {"handoff up": own_mib(stack.process.pid), **found}


def own_mib(pid: int) -> float:
    """Return the memory of one process in MiB, without its children."""
    return round(_own_bytes(pid) / MIB, 1)


def _own_bytes(pid: int) -> int:
    """Return the bytes of one process, shared pages divided among those who share them."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0  # a child of PostgreSQL that has just ended
    kib = next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(kib) * 1024


def _children() -> dict[int, list[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text("utf-8", "replace")
            except OSError:
                continue
            children[int(stat.rpartition(")")[2].split()[1])].append(int(entry.name))
    return children


def _family(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    yield pid
    for child in children.get(pid, []):
        yield from _family(child, children)
