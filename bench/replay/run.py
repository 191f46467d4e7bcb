#!/usr/bin/python3
"""Lines per CPU-second (user and system, whole process), memory, and right answers, of Garita and its peers.

Called by run.sh. Files are written to a temporary folder and read once before measuring, so that no disk is measured.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from crowdsec import CrowdSec, NotMeasured, unpacked

HERE = pathlib.Path(__file__).resolve().parent
SCALES = {
    #         web lines, sshd lines, sources that are tracked at once, lines for fail2ban, for CrowdSec
    "small": (200_000, 100_000, 5_000, 20_000, 1_000),
    "full": (10_000_000, 5_000_000, 50_000, 200_000, 20_000),
}
BARS = {"mixed": "8.00", "flood": "3.00", "sshd": "3.00", "sessions": "3.00"}


class Run:
    """One process to its end: CPU-seconds, the most memory it had, and what it wrote."""

    def __init__(self, command, errors=None):
        self.most = self.anonymous = 0
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen(command, stdout=out, stderr=errors, env=dict(os.environ, TZ="UTC"))
            while True:
                done, status, usage = os.wait4(process.pid, os.WNOHANG)
                if done:
                    break
                most, anonymous = memory_kib(process.pid)
                self.most = max(self.most, most)
                self.anonymous = max(self.anonymous, anonymous)
                time.sleep(0.002)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            self.output = out.read()
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}")
        self.cpu = usage.ru_utime + usage.ru_stime


def memory_kib(pid):
    """The most that was resident, and what is anonymous now. (ru_maxrss would count this script before the exec.)"""
    most = anonymous = 0
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                most = int(line.split()[1])
            if line.startswith("RssAnon:"):
                anonymous = int(line.split()[1])
    except OSError:
        pass
    return most, anonymous


def row(what, who, lines, runs, answer, bar=""):
    speeds = [lines / run.cpu / 1e6 for run in runs]
    spread = f"{min(speeds):.2f}..{max(speeds):.2f}" if len(speeds) > 1 else ""
    middle = statistics.median(speeds)
    most = max(run.most for run in runs) / 1024
    anonymous = max(run.anonymous for run in runs) / 1024
    print(f"{what:<26} {who:<10} {lines:>10} {middle:>9.{3 if middle >= 0.01 else 5}f} {spread:>14} {bar:>6} "
          f"{most:>8.1f} {anonymous:>8.1f}  {answer}", flush=True)


def compare(found, truth):
    return f"{len(truth & found)} of {len(truth)}, {len(found - truth)} false"


def garita_http(garita, log, truth, more=()):
    def once():
        return Run([garita, "replay", "http_errors", "--json", *more, log])

    once()
    runs = [once() for _ in range(5)]
    report = json.loads(runs[0].output)
    evicted = f", {report['evicted']} evicted" if report["evicted"] else ""
    return runs, compare({alarm["address"] for alarm in report["alarms"]}, truth) + evicted


def addresses_over(log, threshold, window):
    """The plain answer for the first lines of a log, for peers that are given only these."""
    times = {}
    for line in log.read_text(encoding="latin-1").splitlines():
        head, _, rest = line.partition(" [")
        if rest.split('"')[2].split()[0] == "404":
            h, m, s = (int(part) for part in rest[12:20].split(":"))
            times.setdefault(head.split()[0], []).append(h * 3600 + m * 60 + s)
    return {address for address, at in times.items()
            if any(later - first < window for first, later in zip(at, at[threshold - 1:]))}


def main():
    bin_dir = pathlib.Path(sys.argv[1]).resolve() / "bin"
    scale = os.environ.get("GARITA_BENCH_SCALE", "full")
    if scale not in SCALES:
        sys.exit("GARITA_BENCH_SCALE must be small or full")
    web, ssh, tracked, slow, slowest = SCALES[scale]
    if scale == "small":
        BARS.clear()  # starting a process weighs too much there
    garita = bin_dir / "garita"
    with tempfile.TemporaryDirectory(prefix="garita-bench-replay-") as name:
        folder = pathlib.Path(name)
        print(f"{'replay':<26} {'program':<10} {'lines':>10} {'M/CPU-s':>9} {'min..max':>14} {'bar':>6} "
              f"{'most MiB':>8} {'anon MiB':>8}  answer")
        for mix, title in (("mixed", "2 % errors"), ("few", "all errors, 14 k sources"),
                           ("flood", "all errors, 559 k sources")):
            log = make(bin_dir, mix, web, folder)
            truth = set((folder / f"{mix}.log.truth").read_text().split())
            row(title, "garita", web, *garita_http(garita, log, truth), BARS.get(mix, ""))
            fail2ban(title, first_lines(log, slow), slow)
            crowdsec(title, first_lines(log, slowest), slowest, bin_dir.parent / "peers", scale)
            log.unlink()
        log = make(bin_dir, "tracked", tracked, folder)
        truth = set((folder / "tracked.log.truth").read_text().split())
        row(f"{tracked} busy sources", "garita", tracked * 60, *garita_http(garita, log, truth))
        log.unlink()
        log = make(bin_dir, "ssh", ssh, folder)
        ssh_rows(garita, log, ssh)


def make(bin_dir, mix, count, folder):
    log = folder / f"{mix}.log"
    subprocess.run([bin_dir / "bench_replay_generate", mix, str(count), log], check=True)
    with log.open("rb") as file:
        while file.read(1 << 20):
            pass
    return log


def first_lines(log, lines):
    part = log.parent / "part.log"
    with log.open("rb") as whole, part.open("wb") as few:
        few.writelines(line for line, _ in zip(whole, range(lines)))
    return part


def fail2ban(title, part, lines):
    if not pathlib.Path("/usr/lib/python3/dist-packages/fail2ban").exists():
        print(f"{title:<26} fail2ban   not measured: fail2ban is not installed")
        return
    run = Run(["/usr/bin/python3", HERE / "fail2ban_runner.py", part])
    banned = set(run.output.decode().split())
    # it knows single addresses only, so the IPv6 network of our answer is not expected of it
    row(title, "fail2ban", lines, [run], compare(banned, addresses_over(part, 50, 60)))


def crowdsec(title, part, lines, packages, scale):
    try:
        peer = CrowdSec(unpacked(packages, scale), part.parent / "crowdsec")
        peer.prepare()
        run = Run(peer.command(part), errors=subprocess.DEVNULL)
        row(title, "CrowdSec", lines, [run], f"{compare(peer.banned(), addresses_over(part, 50, 60))} ({peer.version()})")
    except NotMeasured as why:
        print(f"{title:<26} CrowdSec   not measured: {why}")


def ssh_rows(garita, log, lines):
    runs = [Run([garita, "replay", "log_patterns", "--filter", "sshd", "--json", log]) for _ in range(6)][1:]
    report = json.loads(runs[0].output)
    forged = [alarm for alarm in report["alarms"] if alarm["address"].startswith("192.0.2.")]
    row("sshd: failed logins", "garita", lines, runs,
        f"{report['matched']} failures, {len(forged)} false accusations", BARS.get("sshd", ""))
    runs = [Run([garita, "replay", "ssh_sessions", "--json", log]) for _ in range(6)][1:]
    report = json.loads(runs[0].output)
    row("sshd: logins", "garita", lines, runs, f"{report['matched']} logins", BARS.get("sessions", ""))


main()
