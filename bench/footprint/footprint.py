"""What both programs cost while nothing happens, and how soon they are there. See run.sh."""

import os
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "bench", "support"))
from pair import SMALL, Site, need_root, show  # noqa: E402

IDLE = 5 if SMALL else 60
SETTLE = 2 if SMALL else 15


def resident(process):
    with open(f"/proc/{process.pid}/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    return {name: int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon", "RssFile")}


def processor_seconds(process):
    """Exact, of all threads: the scheduler's own count."""
    total = 0
    for thread in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{thread}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def main(build):
    need_root()
    site = Site(build)
    place = site.namespace("all")
    for name in ("garita", "garita-agent"):
        path = os.path.join(site.bin, name)
        stripped = site.path(name + ".stripped")
        os.system(f"strip -o '{stripped}' '{path}'")
        show(f"{name}: size, stripped", f"{os.path.getsize(stripped) / 1e6:.1f}", "MB", "")
    first = site.start_hub(place, "127.0.0.1:8443", ["here", "logs"])
    show("hub: from exec to READY, the very first (makes its key)", f"{first * 1000:.0f}", "ms", "")
    site.hub.terminate()
    site.hub.wait()
    starts = []
    for i in range(3 if SMALL else 10):
        process, took = site.start(place, [f"{site.bin}/garita", "hub", "--config", site.hub_config])
        starts.append(took)
        process.terminate()
        process.wait()
    show("hub: from exec to READY, median of further starts", f"{sorted(starts)[len(starts) // 2] * 1000:.0f}", "ms", "<= 100 ms")
    site.start_hub(place, "127.0.0.1:8443", ["here", "logs"])
    agent_starts = []
    for i in range(3 if SMALL else 10):
        agent, took = site.start_agent(place, "here")
        agent_starts.append(took)
        if i + 1 < (3 if SMALL else 10):
            agent.terminate()
            agent.wait()
    show("agent: from exec to READY, median", f"{sorted(agent_starts)[len(agent_starts) // 2] * 1000:.0f}", "ms", "<= 100 ms")
    site.wait_connected("here")
    # Where sshd's log has not said a word yet, an agent looks at the connections each second; here it has.
    log = site.write("auth.log", "")
    logs, _ = site.start_agent(place, "logs", f"detectors:\n  ssh_sessions: {{source: file, file: {log}}}\n  cpu_load: {{interval: 5s}}\n")
    site.wait_connected("logs")
    with open(log, "a") as file:
        file.write(time.strftime("%b %e %H:%M:%S") + " here sshd[4711]: Server listening on 0.0.0.0 port 22.\n")
    site.api.connection.close()
    time.sleep(SETTLE)
    programs = (("agent, sshd's log silent", agent, "<= 15 MB"), ("agent, sshd's log there", logs, "<= 15 MB"),
                ("hub", site.hub, "<= 40 MB"))
    before = {name: processor_seconds(process) for name, process, _ in programs}
    time.sleep(IDLE)
    for name, process, bar in programs:
        used = resident(process)
        show(f"{name}: resident after {IDLE} s idle", f"{used['VmRSS']:.1f}", "MB", bar)
        show(f"{name}:   of it its own / files mapped", f"{used['RssAnon']:.1f}/{used['RssFile']:.1f}", "MB", "")
        spent = processor_seconds(process) - before[name]
        show(f"{name}: processor over {IDLE} s idle", f"{spent * 1000:.1f}", "ms", "not measurable (< 0.1 %)")
        show(f"{name}:   that is", f"{spent / IDLE * 100:.3f}", "%", "")
    site.close()


if __name__ == "__main__":
    main(sys.argv[1])
