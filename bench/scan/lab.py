"""Two network namespaces with a wire, or a bad wire, between them; what runs in them is measured."""
import os
import random
import signal
import subprocess
import tempfile
import time

LISTENERS = """
import select, socket, sys
kept = {}
poll = select.epoll()
for port in map(int, sys.argv[1].split(",")):
    s = socket.socket(socket.AF_INET6)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind(("::", port))
    s.listen(4096)
    s.setblocking(False)
    kept[s.fileno()] = s
    poll.register(s, select.EPOLLIN)
print("ready", flush=True)
while True:  # who never takes a connection is silent as soon as its queue is full
    for fd, _ in poll.poll():
        try:
            while True:
                kept[fd].accept()[0].close()
        except OSError:
            pass
"""

BEACON = """
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    try:
        s.sendto(b"", ("10.98.0.1", 9))
    except OSError:
        pass
    time.sleep(0.02)
"""


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Measured:
    """One run of a program: what it found, and what it took."""

    def __init__(self, found, wall, cpu, memory, code):
        self.found, self.wall, self.cpu, self.memory, self.code = found, wall, cpu, memory, code


class Lab:
    """`relay`: (program, delay in ms, loss in percent) of the way between the two."""

    def __init__(self, ports, relay=None):
        mark = f"{os.getpid() % 10000}{random.randrange(100)}"
        self.scanner, self.target, self.wire = f"scanA{mark}", f"scanB{mark}", f"scanW{mark}"
        self.spaces = [self.scanner, self.target] + ([self.wire] if relay else [])
        self.children = []
        try:
            self.build(ports, relay)
        except BaseException:
            self.close()
            raise

    def build(self, ports, relay):
        for space in self.spaces:
            run("ip", "netns", "add", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
        if relay:
            self.join((self.scanner, "net0"), (self.wire, "one"))
            self.join((self.target, "net0"), (self.wire, "two"))
        else:
            self.join((self.scanner, "net0"), (self.target, "net0"))
        run("ip", "-n", self.scanner, "addr", "add", "10.98.0.1/24", "dev", "net0")
        run("ip", "-n", self.target, "addr", "add", "10.98.0.2/24", "dev", "net0")
        run("ip", "-n", self.scanner, "route", "add", "10.99.0.0/16", "via", "10.98.0.2")
        run("ip", "-n", self.target, "route", "add", "local", "10.99.0.0/16", "dev", "lo")
        listeners = self.start(self.target, "python3", "-c", LISTENERS, ",".join(map(str, ports)))
        listeners.stdout.readline()
        # masscan ends only when one more packet comes in: on a quiet wire that is minutes
        self.start(self.target, "python3", "-c", BEACON)
        if relay:
            program, delay, loss = relay
            self.start(self.wire, program, "one", "two", str(delay), str(loss))
            time.sleep(0.3)
        self.mac = self.text(self.target, "cat", "/sys/class/net/net0/address").strip()

    def join(self, one, other):
        run("ip", "link", "add", one[1], "netns", one[0], "type", "veth", "peer", "name", other[1], "netns", other[0])
        for space, name in (one, other):
            run("ip", "-n", space, "link", "set", name, "up")
            # masscan and the relay see sums that nobody has finished otherwise; and where packets may be joined, libpcap gives
            # masscan a ring of 31 frames of 64 KiB instead of more than a thousand, in which most answers are lost
            run("ip", "netns", "exec", space, "ethtool", "-K", name, "tx", "off", "tso", "off", "gso", "off", "gro", "off")

    def firewall(self, rules):
        subprocess.run(["ip", "netns", "exec", self.target, "nft", "-f", "-"], input=rules, text=True, check=True)

    def start(self, space, *command):
        child = subprocess.Popen(["ip", "netns", "exec", space, *command], stdout=subprocess.PIPE, text=True)
        self.children.append(child)
        return child

    def text(self, space, *command):
        return subprocess.run(["ip", "netns", "exec", space, *command], capture_output=True, text=True, check=False).stdout

    def measure(self, command, read):
        """Runs it in the scanner's namespace; read() makes a set of (address, port) of its output."""
        with tempfile.TemporaryFile("w+") as output:
            begun = time.monotonic()
            child = subprocess.Popen(["ip", "netns", "exec", self.scanner, *command], stdout=output, stderr=subprocess.DEVNULL)
            _, status, used = os.wait4(child.pid, 0)
            wall = time.monotonic() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            return Measured(read(output.read()), wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, child.returncode)

    def close(self):
        for child in self.children:
            child.send_signal(signal.SIGKILL)
            child.wait()
        for space in self.spaces:
            subprocess.run(["ip", "netns", "del", space], check=False, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
