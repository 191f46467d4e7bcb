"""What a hub takes in, durably, and how soon it shows the first page of many cases. See run.sh."""

import json
import os
import sqlite3
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "bench", "support"))
from pair import SMALL, Site, need_root, percentile, show, show_sync_floor  # noqa: E402

SINGLES = 2_000 if SMALL else 20_000
BATCHES = 50 if SMALL else 1_000
CASES = 2_000 if SMALL else 50_000
LOOKS = 5 if SMALL else 30
SECRET = "bench-token-of-the-load-generator"


def alert(subject, n):
    return {"kind": "bench", "subject": subject, "address": f"192.0.{n % 250}.7", "facts": {"n": str(n)}}


def load(site, body, requests, connections):
    """The load generator, over TLS with a token. Returns its figures."""
    path = site.write("body.json", body)
    out = subprocess.run([os.path.join(site.bin, "garita-load"), "--url", f"https://{site.listen}/api/v1/alerts", "-c", str(connections),
                          "-n", str(requests), "-H", f"Authorization: Bearer {SECRET}", "--body-file", path, "--json"],
                         capture_output=True, text=True, check=False,
                         preexec_fn=lambda: __import__("pair").enter(site.hub_namespace))
    if not out.stdout:
        raise RuntimeError(out.stderr)
    return json.loads(out.stdout)


def wait_filed(site, seconds=300):
    """Seconds until every alert has been put into its case."""
    database = sqlite3.connect(f"file:{site.path('hub/garita.db')}?mode=ro", uri=True, isolation_level=None)
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if database.execute("SELECT NOT EXISTS (SELECT 1 FROM alerts WHERE case_id IS NULL)").fetchone()[0]:
            database.close()
            return time.monotonic() - began
        time.sleep(0.02)
    raise RuntimeError(f"not all alerts were filed within {seconds} s")


def ingest(site, what, body, requests, per_request, connections, bar):
    figures = load(site, body, requests, connections)
    accepted = figures["statuses"].get("202", 0)
    rate = accepted / figures["seconds"] * per_request
    show(what, f"{rate:.0f}", "alerts/s", bar)
    show("  p50 / p99 of a request", f"{figures['p50_us'] / 1000:.1f}/{figures['p99_us'] / 1000:.1f}", "ms", "")
    show("  then until all are in their cases", f"{wait_filed(site):.2f}", "s", "")
    if accepted != requests:
        raise RuntimeError(f"{requests - accepted} of {requests} requests were not accepted: {figures['statuses']}")


def pages(site):
    have = site.api.get("status")["counts"].get("open_cases", 0)
    made = 0
    while have + made < CASES:
        site.api.post("alerts", {"alerts": [alert(f"many-{made + i}", i) for i in range(1000)]})
        made += 1000
    show(f"{made} alerts of as many cases: until all cases are open", f"{wait_filed(site):.2f}", "s", "")
    show("open cases", site.api.get("status")["counts"].get("open_cases"), "", str(CASES))
    asked = []
    for _ in range(LOOKS):
        began = time.monotonic()
        page = site.api.raw("GET", "cases?state=open")
        asked.append((time.monotonic() - began) * 1000)
    show(f"GET /api/v1/cases, first page ({len(page) // 1024} KiB): median", f"{percentile(asked, 50):.1f}", "ms", "<= 100 ms")
    show("  p99", f"{percentile(asked, 99):.1f}", "ms", "")
    told = []
    env = {**os.environ, "GARITA_SOCKET": site.path("hub.sock")}
    for _ in range(LOOKS):
        began = time.monotonic()
        subprocess.run([f"{site.bin}/garita", "cases"], env=env, check=True, stdout=subprocess.DEVNULL)
        told.append((time.monotonic() - began) * 1000)
    show("garita cases, the whole command: median", f"{percentile(told, 50):.1f}", "ms", "<= 100 ms")
    show("  p99", f"{percentile(told, 99):.1f}", "ms", "")


def main(build):
    need_root()
    site = Site(build)
    site.start_hub(site.namespace("hub"), "127.0.0.1:8443", [], f"""
tokens:
  bench: {{secret: {SECRET}, scopes: [alerts:write]}}
limits: {{alerts_per_second: 1000000, open_cases: 1000000}}
policies:
  - {{kind: bench, mode: ask}}
""")
    show_sync_floor(site)
    flood = json.dumps(alert("one", 1))
    distinct = flood.replace('"one"', '"s{n}"')
    ingest(site, "single alerts of one case, 96 TLS connections", flood, SINGLES, 1, 96, ">= 5000/s")
    ingest(site, "single alerts, a case each, 96 TLS connections", distinct, SINGLES, 1, 96, ">= 5000/s")
    batch = json.dumps({"alerts": [alert(f"group-{i}", i) for i in range(100)]})
    ingest(site, "batches of 100 alerts of 100 cases, 32 TLS connections", batch, BATCHES, 100, 32, ">= 30000/s")
    pages(site)
    with open(f"/proc/{site.hub.pid}/status") as file:
        status = dict(line.split(":", 1) for line in file)
    show("hub: resident after all this / at most", f"{int(status['VmRSS'].split()[0]) // 1024}/{int(status['VmHWM'].split()[0]) // 1024}", "MB", "")
    site.close()


if __name__ == "__main__":
    main(sys.argv[1])
