"""A small world for tests: hosts are network namespaces of this test's own, joined by a switch. Everything dies with the
test, however it ends, and nothing outside the namespaces is touched: each host also has a /run, a /dev and a /var/log of its
own."""
import atexit
import concurrent.futures
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)

PRIVATE = r'''
mount --make-rprivate / && mount -t tmpfs none /run && mount -t tmpfs none /var/log &&
mkdir -p /run/sshd /run/log/journal /run/systemd/journal /var/log/nginx "$1/dev" &&
mount -t tmpfs none "$1/dev" && cd "$1/dev" &&
for n in null zero full random urandom tty; do touch $n && mount --bind /dev/$n $n || exit 1; done &&
mkdir pts shm && mount --rbind /dev/pts pts && ln -s pts/ptmx ptmx && cd / && mount --rbind "$1/dev" /dev &&
ln -s /run/systemd/journal/dev-log /dev/log &&
for n in passwd shadow resolv.conf; do [ ! -e "$1/$n" ] || mount --bind "$1/$n" /etc/$n || exit 1; done &&
echo ready && exec sleep infinity
'''


def die_with_parent():
    libc.prctl(1, signal.SIGKILL)


def until(condition, what, seconds=20.0, pause=0.02):
    """The first true value of the condition; fails the test when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f'not within {seconds} s: {what}')
        time.sleep(pause)


class Host:
    """A machine on the switch: a network and a mount namespace, held by a process."""

    def __init__(self, world, name, number):
        self.world, self.name = world, name
        self.address, self.address6 = f'10.88.0.{number}', f'fd88::{number:x}'
        self.directory = world.directory / name
        self.directory.mkdir(exist_ok=True)
        self.directory.chmod(0o755)
        self.holder = world.spawn(['unshare', '-n', '-m', 'sh', '-c', world.host_script, 'host', str(self.directory)],
                                  stdout=subprocess.PIPE)
        if self.holder.stdout.readline() != b'ready\n':
            raise RuntimeError('cannot make a host: ' + world.tail())
        self.network = os.stat(f'/proc/{self.holder.pid}/ns/net').st_ino
        world.networks.append(self.network)
        self.run('ip', 'link', 'set', 'lo', 'up')

    def join(self, switch):
        port = f'p{self.address.rsplit(".", 1)[1]}'
        switch.run('ip', 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', str(self.holder.pid))
        switch.run('ip', 'link', 'set', port, 'up', 'master', 'sw')
        for family, address in (('-4', self.address + '/24'), ('-6', self.address6 + '/64')):
            extra = ['nodad'] if family == '-6' else []
            self.run('ip', family, 'addr', 'add', address, 'dev', 'eth0', *extra)
        self.run('ip', 'link', 'set', 'eth0', 'up')
        self.run('ip', 'route', 'add', 'default', 'via', self.world.gateway)

    def enter(self, command):
        return ['nsenter', '-t', str(self.holder.pid), '-n', '-m', *map(str, command)]

    def run(self, *command, check=True, timeout=30, **options):
        done = subprocess.run(self.enter(command), capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, **options)
        if check and done.returncode != 0:
            raise AssertionError(f'{self.name}: {" ".join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}')
        return done

    def start(self, *command, **options):
        return self.world.spawn(self.enter(command), **options)

    def inside(self, action, *arguments):
        """Calls the function in this host's network; sockets that it makes stay there."""
        def enter_and_call():
            with open(f'/proc/{self.holder.pid}/ns/net') as namespace:
                if libc.setns(namespace.fileno(), 0x40000000) != 0:
                    raise OSError(ctypes.get_errno(), 'setns')
            return action(*arguments)
        with concurrent.futures.ThreadPoolExecutor(1) as one:
            return one.submit(enter_and_call).result()

    def connect(self, address, port, seconds=3.0):
        return self.inside(lambda: socket.create_connection((address, port), timeout=seconds))

    def knock(self, address, port, seconds=1.5):
        """'open', 'refused', or 'silent' when no answer comes at all."""
        try:
            self.connect(address, port, seconds).close()
            return 'open'
        except ConnectionRefusedError:
            return 'refused'
        except (TimeoutError, OSError):
            return 'silent'

    def blocked(self):
        """{address or network: seconds left or None} of every element in the kernel's table."""
        found = self.run('nft', '-j', 'list', 'table', 'inet', 'garita', check=False)
        if found.returncode != 0:
            return {}
        elements = {}
        for entry in json.loads(found.stdout)['nftables']:
            for element in entry.get('set', {}).get('elem', []):
                fields = element.get('elem', {}) if isinstance(element, dict) and 'elem' in element else {'val': element}
                value = fields['val']
                if isinstance(value, str):
                    elements[value] = fields.get('expires')
        return elements


class World:
    """Hosts on a switch. Use as a context, or by World.of(test)."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix='garita-world-'))
        self.directory.chmod(0o755)
        self.host_script, self.gateway = PRIVATE, '10.88.0.254'
        self.processes, self.networks, self.hosts = [], [], 0
        self.log = open(self.directory / 'log', 'ab')
        atexit.register(self.close)
        self.switch = Host(self, 'switch', 254)
        self.switch.run('ip', 'link', 'add', 'sw', 'type', 'bridge')
        self.switch.run('ip', 'link', 'set', 'sw', 'up')
        self.switch.run('ip', 'addr', 'add', self.gateway + '/24', 'dev', 'sw')

    @classmethod
    def of(cls, test):
        world = cls()
        test.addCleanup(world.close)
        test.addCleanup(lambda: failed(test) and print(world.tail(), file=sys.stderr))
        return world

    @staticmethod
    def folder(test):
        """An empty directory that is gone after the test."""
        directory = tempfile.TemporaryDirectory(prefix='garita-test-')
        test.addCleanup(directory.cleanup)
        return Path(directory.name)

    def prepare(self, name, files):
        """User files (passwd, shadow, resolv.conf) that the host of this name will have in its own /etc."""
        (self.directory / name).mkdir()
        for file, text in files.items():
            (self.directory / name / file).write_text(text)

    def host(self, name):
        self.hosts += 1
        host = Host(self, name, self.hosts)
        host.join(self.switch)
        return host

    def spawn(self, command, **options):
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError('a process dies with the thread that started it: start it in the main thread')
        options = {'stdout': self.log, 'stderr': self.log, 'stdin': subprocess.DEVNULL, **options}
        process = subprocess.Popen(list(map(str, command)), preexec_fn=die_with_parent, **options)
        self.processes.append(process)
        return process

    def tail(self, size=6000):
        return (self.directory / 'log').read_bytes()[-size:].decode(errors='replace')

    def inhabitants(self):
        """Every process in the hosts' networks: those of this test, and what they have started."""
        for entry in os.listdir('/proc'):
            try:
                if entry.isdigit() and os.stat(f'/proc/{entry}/ns/net').st_ino in self.networks:
                    yield int(entry)
            except OSError:
                pass

    def close(self):
        for pid in {*self.inhabitants(), *(p.pid for p in self.processes if p.poll() is None)}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.networks = []
        for process in self.processes:
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe:
                    pipe.close()
        self.processes = []
        if not self.log.closed:
            self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def failed(test):
    outcome = getattr(test, '_outcome', None)
    result = getattr(outcome, 'result', None)
    return bool(result and any(entry[0] is test for entry in result.failures + result.errors))


def main():
    """Runs the tests of the calling file; says how many passed."""
    program = unittest.main(module='__main__', exit=False, verbosity=2, warnings='ignore')
    result = program.result
    bad = len(result.failures) + len(result.errors) + len(result.skipped)
    print(f'{max(0, result.testsRun - bad)} passed, {bad} failed')
    sys.exit(0 if result.testsRun and not bad else 1)
