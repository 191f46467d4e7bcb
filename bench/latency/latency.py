"""From a cause to the first dropped packet: a line in a log, and a press in Telegram. See run.sh."""

import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "bench", "support"))
from pair import SMALL, Site, Within, need_root, now_ns, percentile, show, show_sync_floor  # noqa: E402
from inquest import DiskWatch, Inquest  # noqa: E402
from stream import Stream  # noqa: E402

TRIALS = int(os.environ.get("GARITA_BENCH_TRIALS", "5" if SMALL else "100"))
PARTS = os.environ.get("GARITA_BENCH_PARTS", "log,press").split(",")
OTHER_LINES = 10_000  # a second
CHAT, PERSON = 1001, 7


def line(address, status, path="/"):
    stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime())
    return f'{address} - - [{stamp}] "GET {path} HTTP/1.1" {status} 153 "-" "Mozilla/5.0 (X11; Linux x86_64)"\n'


class Background(threading.Thread):
    """Other people's lines in the same log: a hundred each 10 ms."""

    def __init__(self, file):
        super().__init__(daemon=True)
        self.file, self.stopping, self.written = file, False, 0

    def run(self):
        due = time.monotonic()
        while not self.stopping:
            self.file.write("".join(line(f"198.51.100.{i % 250 + 1}", 200, f"/page/{i}") for i in range(100)).encode())
            self.written += 100
            due += 100 / OTHER_LINES
            time.sleep(max(0.0, due - time.monotonic()))


def report(what, latencies, missed, bar):
    if not latencies:
        show(what, "none", "", bar)
        return
    ms = [value / 1e6 for value in latencies]
    for name, value in (("p50", statistics.median(ms)), ("p99", percentile(ms, 99)), ("max", max(ms))):
        show(f"{what}: {name}", f"{value:.1f}", "ms", bar if name == "p99" else "")
    show(f"{what}: trials / without an effect in {LONGEST:.0f} s", f"{len(ms) + missed}/{missed}", "", "0 without")


LONGEST = 5.0  # seconds


def trial(stream, source, cause, longest=LONGEST):
    """Returns ns from the cause to the first dropped packet, or None."""
    stream.begin(source)
    time.sleep(0.05)
    caused = cause()
    stopped = None
    deadline = time.monotonic() + longest
    time.sleep(0.15)
    while True:
        stopped, _ = stream.end()
        if stopped is not None and now_ns() - stopped > 60_000_000:
            return stopped - caused
        if time.monotonic() > deadline:
            return None
        # not yet dropped: go on watching (the stream's short pause only makes the figure larger)
        stream.begin(source)
        time.sleep(0.1)


def from_log(site, stream):
    log = open(site.path("access.log"), "ab", buffering=0)
    background = Background(log)
    background.start()
    time.sleep(1)
    latencies, missed = [], 0
    start, first = time.monotonic(), background.written
    for i in range(TRIALS):
        source = f"10.72.{32 + i // 250}.{i % 250 + 1}"

        def cause():
            log.write("".join(line(source, 404, f"/x{n}") for n in range(49)).encode())
            time.sleep(0.05)
            fiftieth = line(source, 404, "/x50").encode()
            at = now_ns()
            log.write(fiftieth)
            return at

        took = trial(stream, source, cause)
        if took is None:
            missed += 1
        else:
            latencies.append(took)
    rate = (background.written - first) / (time.monotonic() - start)
    background.stopping = True
    background.join()
    report("50th line to first dropped packet", latencies, missed, "p99 <= 50 ms")
    show("other lines a second in the same log", f"{rate:.0f}", "/s", "10000/s")
    return missed


class Fake:
    """The strict fake of Telegram, in the hub's namespace."""

    def __init__(self, site, namespace):
        port_file = site.path("telegram.port")
        site.start(namespace, ["node", os.path.join(ROOT, "tests/fakes/telegram/strict/server.js"), port_file], ready=False)
        for _ in range(1000):
            if os.path.exists(port_file) and open(port_file).read().strip():
                break
            time.sleep(0.01)
        self.port = int(open(port_file).read())
        with Within(namespace):
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.connection.connect()
        self.post("chat", {"id": CHAT, "type": "private"})
        self.post("rates", {"group": False, "all": False})

    def call(self, method, path, body=None):
        self.connection.request(method, "/_control/" + path, json.dumps(body) if body is not None else None)
        return json.loads(self.connection.getresponse().read())

    def post(self, path, body):
        return self.call("POST", path, body)

    def question(self, text):
        for _ in range(1500):
            for message in reversed(self.call("GET", f"messages?chat={CHAT}&last=20")["messages"]):
                rows = (message.get("reply_markup") or {}).get("inline_keyboard")
                if rows and text in message.get("text", ""):
                    return message["message_id"], [button["text"] for row in rows for button in row]
            time.sleep(0.02)
        raise RuntimeError(f"no question about {text} came within 30 s")


def still_late(stream, source, longest=70.0):
    """After a miss: when packets of the source are dropped in the end, or None."""
    deadline = time.monotonic() + longest
    while time.monotonic() < deadline:
        stream.begin(source)
        time.sleep(0.2)
        stopped, _ = stream.end()
        if stopped is not None and now_ns() - stopped > 100_000_000:
            return stopped
    return None


def from_press(site, stream, fake, agent):
    latencies, missed = [], 0
    disk = DiskWatch(site.path("disk"))
    for i in range(TRIALS):
        source = f"10.72.{64 + i // 250}.{i % 250 + 1}"
        site.api.post("alerts", {"kind": "bench", "address": source, "severity": "warning"})
        message, labels = fake.question(source)
        label = next(text for text in labels if text.startswith("Block"))
        inquest = Inquest(site, fake, disk, agent, source)

        def cause():
            at = now_ns()
            inquest.pressed(fake.post("press", {"chat": CHAT, "message_id": message, "from": {"id": PERSON}, "label": label}))
            return at

        took = trial(stream, source, cause)
        if took is None:
            missed += 1
            inquest.tell(f"trial {i + 1} without an effect in time", None)
            inquest.tell("afterwards", still_late(stream, source))
        else:
            latencies.append(took)
            if took > 100_000_000:
                inquest.tell(f"trial {i + 1} took {took / 1e6:.0f} ms", None)
    report("press in Telegram to first dropped packet", latencies, missed, "p99 <= 200 ms")
    return missed


def main(build):
    need_root()
    site = Site(build)
    hub, agent, client = (site.namespace(name) for name in ("hub", "agent", "client"))
    site.join(hub, "10.71.0.1/24", agent, "10.71.0.2/24")
    site.join(agent, "10.72.0.1/16", client, "10.72.0.2/16")
    # the attacker has all of these addresses
    for net in ("10.72.32.0/19", "10.72.64.0/18"):
        site.ip(client, "route", "add", "local", net, "dev", "lo")
    open(site.path("access.log"), "w").close()
    fake = Fake(site, hub)
    token = site.write("telegram.token", "123456789:AAbench_token")
    site.start_hub(hub, "10.71.0.1:8443", ["web1"], f"""
people:
  ana: {{role: approver, telegram: {PERSON}}}
telegram:
  token: {{file: {token}}}
  api_base: http://127.0.0.1:{fake.port}
  chats: [{{id: {CHAT}}}]
policies:
  - {{kind: http_errors, severity: critical, mode: auto, response: block}}
  - {{kind: http_errors, mode: observe}}
  - {{kind: bench, mode: ask}}
""")
    site.start_agent(agent, "web1", f"detectors:\n  ssh_sessions: {{enabled: no}}\n  cpu_load: {{enabled: no}}\n"
                     f"  http_errors: {{files: [{site.path('access.log')}]}}\n")
    site.wait_connected("web1")
    show_sync_floor(site)
    stream = Stream(client, agent, "10.72.0.1")
    missed = 0
    if "log" in PARTS:
        missed += from_log(site, stream)
    if "press" in PARTS:
        missed += from_press(site, stream, fake, agent)
    stream.close()
    if missed and os.environ.get("GARITA_BENCH_KEEP"):
        subprocess.run(["cp", "-r", site.folder, os.environ["GARITA_BENCH_KEEP"]], check=False)
    site.close()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
