"""What goes wrong around programs: networks that swallow everything, clocks that jump, hosts that stand still."""
import contextlib
import os
import signal
from pathlib import Path

FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'


@contextlib.contextmanager
def movable_clock(file):
    """Programs started in here see the clock that `file` shifts ("+0", "+3600"), while their timers go on."""
    words = {'LD_PRELOAD': FAKETIME, 'FAKETIME_TIMESTAMP_FILE': str(file), 'FAKETIME_NO_CACHE': '1', 'DONT_FAKE_MONOTONIC': '1',
             'ASAN_OPTIONS': 'verify_asan_link_order=0'}
    file.write_text('+0\n')
    os.environ.update(words)
    try:
        yield
    finally:
        for word in words:
            os.environ.pop(word)


@contextlib.contextmanager
def hole(host, other):
    """Nothing that one of them sends reaches the other, and nobody is told."""
    host.run('nft', f'''add table inet hole
        add chain inet hole in {{ type filter hook input priority 0; }}
        add chain inet hole out {{ type filter hook output priority 0; }}
        add rule inet hole in ip saddr {other.address} drop
        add rule inet hole out ip daddr {other.address} drop''')
    try:
        yield
    finally:
        host.run('nft', 'delete table inet hole')


def with_children(pid):
    """The process, and those that it has started."""
    children = Path(f'/proc/{pid}/task/{pid}/children').read_text().split()
    return [int(child) for child in children] + [pid]


@contextlib.contextmanager
def standing_still(*pids):
    """As a host does that its hypervisor has stopped."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
