"""A hub and agents of the built programs in network namespaces of their own, for benchmarks.

Everything made here (namespaces, programs, files) goes away with `Site.close()`.
"""

import atexit
import ctypes
import http.client
import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

SMALL = os.environ.get("GARITA_BENCH_SCALE", "full") == "small"
CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def need_root():
    if os.geteuid() != 0:
        print("skipped: needs root to make network namespaces")
        sys.exit(0)


def now_ns():
    return time.monotonic_ns()


def enter(namespace):
    """Moves this thread into a network namespace; sockets made before stay where they are."""
    with open(f"/run/netns/{namespace}") as file:
        if libc.setns(file.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {namespace}")


class Within:
    """`with Within(ns):` makes sockets in that namespace."""

    def __init__(self, namespace):
        self.namespace = namespace

    def __enter__(self):
        self.home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        enter(self.namespace)

    def __exit__(self, *_):
        libc.setns(self.home, CLONE_NEWNET)
        os.close(self.home)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Api:
    """One kept-alive connection to the hub's local socket."""

    def __init__(self, path):
        self.connection = UnixConnection(path)

    def raw(self, method, path, body=None):
        self.connection.request(method, "/api/v1/" + path, body, {"Content-Type": "application/json"} if body else {})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")
        return text

    def get(self, path):
        return json.loads(self.raw("GET", path))

    def post(self, path, body):
        return json.loads(self.raw("POST", path, body if isinstance(body, (str, bytes)) else json.dumps(body)))


class Site:
    def __init__(self, build):
        self.bin = os.path.join(os.path.abspath(build), "bin")
        self.tag = f"gb{os.getpid()}"
        self.folder = tempfile.mkdtemp(prefix="garita-bench-", dir=os.environ.get("GARITA_BENCH_DIR"))
        self.namespaces = []
        self.programs = []
        atexit.register(self.close)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    def close(self):
        for program in self.programs:
            if program.poll() is None:
                program.terminate()
        for program in self.programs:
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        self.programs = []
        for namespace in self.namespaces:
            subprocess.run(["ip", "netns", "del", namespace], check=False)
        self.namespaces = []
        subprocess.run(["rm", "-rf", self.folder], check=False)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        path = self.path(name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        return path

    def namespace(self, name):
        full = f"{self.tag}-{name}"
        subprocess.run(["ip", "netns", "add", full], check=True)
        self.namespaces.append(full)
        self.ip(full, "link", "set", "lo", "up")
        return full

    @staticmethod
    def ip(namespace, *words):
        subprocess.run(["ip", "-n", namespace, *words], check=True)

    def join(self, a, a_network, b, b_network):
        """A cable between two namespaces, with an address at each end."""
        self.cables = getattr(self, "cables", 0) + 1
        a_end, b_end = f"v{self.cables}a", f"v{self.cables}b"
        subprocess.run(["ip", "-n", a, "link", "add", a_end, "type", "veth", "peer", b_end, "netns", b], check=True)
        for namespace, end, network in ((a, a_end, a_network), (b, b_end, b_network)):
            self.ip(namespace, "addr", "add", network, "dev", end)
            self.ip(namespace, "link", "set", end, "up")
        return a_end, b_end

    def start(self, namespace, command, ready=True, log=None):
        """Runs it in the namespace. With `ready`: returns (process, seconds from exec to READY=1)."""
        sock = None
        env = dict(os.environ)
        if ready:
            address = self.path(f"notify{len(self.programs)}")
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            sock.bind(address)
            sock.settimeout(30)
            env["NOTIFY_SOCKET"] = address
        with open(log or os.devnull, "ab") as output:
            began = now_ns()
            process = subprocess.Popen(command, env=env, stdout=output, stderr=output,
                                       preexec_fn=(lambda: enter(namespace)) if namespace else None)
        self.programs.append(process)
        if not ready:
            return process
        while b"READY=1" not in sock.recv(4096):
            pass
        took = (now_ns() - began) / 1e9
        sock.close()
        os.unlink(address)
        return process, took

    def start_hub(self, namespace, listen, agents, more=""):
        codes = {name: self.write(f"{name}.code", secrets.token_urlsafe(24)) for name in agents}
        lines = "".join(f"  {name}: {{code: {{file: {path}}}}}\n" for name, path in codes.items())
        self.hub_config = self.write("hub.yml", f"hub:\n  listen: {listen}\n  socket: {self.path('hub.sock')}\n"
                                     f"  state: {self.path('hub')}\n" + (f"agents:\n{lines}" if lines else "") + more)
        self.listen = listen
        self.hub_namespace = namespace
        self.hub, took = self.start(namespace, [f"{self.bin}/garita", "hub", "--config", self.hub_config],
                                    log=self.path("hub.log"))
        self.api = Api(self.path("hub.sock"))
        self.pin = self.api.get("status")["hub"]["pin"]
        return took

    def agent_command(self, name, more=""):
        config = self.write(f"{name}.yml", f"agent:\n  name: {name}\n  hub: https://{self.listen}\n  hub_pin: {self.pin}\n"
                            f"  code: {{file: {self.path(name + '.code')}}}\n  state: {self.path(name)}\n" + more)
        return [f"{self.bin}/garita-agent", "--config", config]

    def start_agent(self, namespace, name, more=""):
        return self.start(namespace, self.agent_command(name, more), log=self.path(f"{name}.log"))

    def wait_connected(self, name, seconds=30):
        for _ in range(int(seconds * 50)):
            for device in self.api.get("status")["devices"]:
                if device["name"] == name and device.get("watches"):
                    return
            time.sleep(0.02)
        raise RuntimeError(f"agent {name} did not call the hub:\n" + open(self.path(f"{name}.log")).read()[-2000:])


NO_DETECTORS = "detectors:\n  ssh_sessions: {enabled: no}\n  http_errors: {enabled: no}\n"


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * percent // 100) - 1))]


def show(what, figure, unit, bar):
    print(f"{what:<58} {figure:>12} {unit:<9} {('bar: ' + bar) if bar else ''}".rstrip(), flush=True)


def show_sync_floor(site):
    """What one synced write of 4 KiB takes where the databases are: no durable answer can be faster."""
    file = os.open(site.path("floor"), os.O_WRONLY | os.O_CREAT)
    took = []
    for _ in range(50 if SMALL else 500):
        os.pwrite(file, b"x" * 4096, 0)
        began = now_ns()
        os.fdatasync(file)
        took.append((now_ns() - began) / 1e6)
        time.sleep(0.002)
    os.close(file)
    show("floor: 4 KiB written and synced: p50 / p99 / max", f"{percentile(took, 50):.1f}/{percentile(took, 99):.1f}/{max(took):.1f}", "ms", "")


class RulesetGeneration:
    """The number that the kernel gives a network namespace's nftables with each transaction: cheap to ask for, no listener."""

    def __init__(self, namespace):
        with Within(namespace):
            self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)  # NETLINK_NETFILTER
        self.socket.bind((0, 0))
        self.request = struct.pack("=IHHIIBBH", 20, (10 << 8) | 16, 1, 1, 0, 0, 0, 0)  # NFT_MSG_GETGEN

    def now(self):
        self.socket.send(self.request)
        return self.socket.recv(8192)[24:28]

    def watch(self, until, every=0.001):
        """Polls until until() is true; returns the monotonic time of the last change seen."""
        last, changed = self.now(), now_ns()
        while not until(changed):
            time.sleep(every)
            current = self.now()
            if current != last:
                last, changed = current, now_ns()
        return changed
