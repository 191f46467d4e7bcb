"""The bars of port scans: `garita scan`, as people type it, beside its peers in the same run. See run.sh."""
import ipaddress
import json
import os
import re
import statistics
import sys

from lab import Lab

BUILD = sys.argv[1]
SMALL = os.environ.get("GARITA_BENCH_SCALE", "full") == "small"
ONLY = set(filter(None, os.environ.get("GARITA_BENCH_ONLY", "").split(",")))
OPEN = [22, 53, 80, 111, 443, 631, 993, 5432, 8080, 9000, 20022, 33060, 50000, 65535]
RUNS = 1 if SMALL else 3
failed = []
bars = []


def read_ours(text):
    told = json.loads(text)
    if not told["complete"]:
        failed.append("garita scan: not complete")
    return {(host["address"], one["port"]) for host in told["hosts"] for one in host["open"]}


def read_nmap(text):
    return {(a, int(p)) for a, ports in re.findall(r"^Host: (\S+) .*Ports: (.*)$", text, re.M)
            for p in re.findall(r"(\d+)/open/", ports)}


def read_masscan(text):
    return {(a, int(p)) for p, a in re.findall(r"^open tcp (\d+) (\S+)", text, re.M)}


def ours(ports, target, *more, engine="syn"):
    return [f"{BUILD}/bin/garita", "scan", "--json", "--engine", engine, "-p", ports, *more, target], read_ours


def nmap(ports, target, *more):
    return ["nmap", "-n", "-Pn", "-T4", "-oG", "-", *more, f"-p{ports}", target], read_nmap


def masscan(lab, ports, target, rate, *more):
    return ["masscan", f"-p{ports}", "--rate", str(rate), "--wait", "1", "--adapter", "net0", "--adapter-ip", "10.98.0.1",
            "--router-mac", lab.mac, "-oL", "-", *more, target], read_masscan


def truth(target, first, last, dropped=()):
    return {(str(a), p) for a in ipaddress.ip_network(target) for p in OPEN if first <= p <= last and p not in dropped}


class Row:
    """One program at one job, some runs."""

    def __init__(self, name, lab, command, right, runs=RUNS, ours=False):
        done = [lab.measure(*command) for _ in range(runs)]
        self.name = name
        self.wall = statistics.median(m.wall for m in done)
        self.cpu = statistics.median(m.cpu for m in done)
        self.memory = max(m.memory for m in done)
        missed = [len(right - m.found) for m in done]
        invented = [len(m.found - right) for m in done]
        self.exact = not any(missed) and not any(invented)
        print(f"  {name:34} {self.wall:8.2f} s  CPU {self.cpu:7.2f} s  {self.memory:6.0f} MB  missed {max(missed)} of {len(right)}"
              f"  invented {max(invented)}" + (f"  ({runs} runs)" if runs > 1 else ""), flush=True)
        if ours and not self.exact:
            failed.append(f"{name}: not exact")


def bar(what, own, peer, most, value="wall"):
    ratio = getattr(own, value) / max(getattr(peer, value), 1e-9)
    trusted = "" if peer.exact else f"   ({peer.name} is not exact)"
    tell_bar(f"{what} of {own.name}: {ratio:.3f} × {peer.name}   bar {most}   {'kept' if ratio <= most else 'NOT kept'}{trusted}")


def tell_bar(line):
    print("    " + line, flush=True)
    bars.append(f"{job_name}: {line}")


job_name = ""


def begin_job(text):
    global job_name
    job_name = text.split(":")[0]
    print(text, flush=True)


def cpu(own, *peers):
    for peer in peers:
        bar("CPU", own, peer, 1.0, "cpu")


def one_host(lab):
    begin_job("1. one host, 65,535 ports, answering")
    right = truth("10.99.0.7/32", 1, 65535)
    syn = Row("garita syn", lab, ours("1-65535", "10.99.0.7"), right, ours=True)
    connect = Row("garita connect", lab, ours("1-65535", "10.99.0.7", engine="connect"), right, ours=True)
    stealth = Row("nmap -sS", lab, nmap("1-65535", "10.99.0.7", "-sS"), right)
    plain = Row("nmap -sT", lab, nmap("1-65535", "10.99.0.7", "-sT"), right)
    fast = Row("masscan 1M", lab, masscan(lab, "1-65535", "10.99.0.7", 1000000), right)
    bar("wall", syn, stealth, 0.6)
    bar("wall", connect, plain, 0.7)
    cpu(syn, stealth, fast)


def many_hosts(lab):
    hosts = "10.99.1.0/28" if SMALL else "10.99.1.0/24"
    begin_job(f"2. {hosts} × 1000 ports, answering")
    right = truth(hosts, 1, 1000)
    syn = Row("garita syn", lab, ours("1-1000", hosts), right, ours=True)
    stealth = Row("nmap -sS", lab, nmap("1-1000", hosts, "-sS"), right)
    fast = Row("masscan 1M", lab, masscan(lab, "1-1000", hosts, 1000000), right)
    slow = Row("masscan 100k", lab, masscan(lab, "1-1000", hosts, 100000), right)
    bar("wall", syn, stealth, 0.4)
    exact = [peer for peer in (fast, slow) if peer.exact]
    if exact:
        bar("wall", syn, min(exact, key=lambda peer: peer.wall), 0.25)
    cpu(syn, stealth, fast)
    connect = Row("garita connect", lab, ours("1-1000", hosts, engine="connect"), right, ours=True)
    plain = Row("nmap -sT", lab, nmap("1-1000", hosts, "-sT"), right, 1)
    print(f"    for information: connect takes {connect.wall / plain.wall:.3f} × nmap -sT", flush=True)


def all_ports(lab):
    if SMALL:
        return
    begin_job("3. 10.99.1.0/24 × 65,535 ports, answering")
    right = truth("10.99.1.0/24", 1, 65535)
    syn = Row("garita syn", lab, ours("1-65535", "10.99.1.0/24"), right, 1, ours=True)
    stealth = Row("nmap -sS", lab, nmap("1-65535", "10.99.1.0/24", "-sS"), right, 1)
    fast = Row("masscan 1M", lab, masscan(lab, "1-65535", "10.99.1.0/24", 1000000), right, 1)
    bar("wall", syn, stealth, 0.4)
    tell_bar(f"memory of {syn.name}: {syn.memory:.0f} MB   bar 100   {'kept' if syn.memory <= 100 else 'NOT kept'}")
    cpu(syn, stealth, fast)


def filtered(lab):
    kept = [22, 80, 443, 8080]
    lab.firewall("table inet f { chain in { type filter hook input priority 0\n"
                 f"ip daddr 10.99.2.0/24 tcp dport != {{ {', '.join(map(str, kept))} }} drop\n}}\n}}")
    dropped = set(OPEN) - set(kept)
    ports = 10000 if SMALL else 65535
    begin_job(f"4. one host that drops everything but four ports, {ports:,} ports; --max-rate 1000000, as masscan has its --rate")
    right = truth("10.99.2.1/32", 1, ports, dropped)
    syn = Row("garita syn", lab, ours(f"1-{ports}", "10.99.2.1", "--max-rate", "1000000"), right, ours=True)
    Row("garita syn, own careful rate", lab, ours(f"1-{ports}", "10.99.2.1"), right, 1, ours=True)
    fast = Row("masscan 100k", lab, masscan(lab, f"1-{ports}", "10.99.2.1", 100000), right)
    bar("wall", syn, fast, 0.6)
    if not SMALL:
        bar("wall", syn, Row("nmap -sS", lab, nmap("1-65535", "10.99.2.1", "-sS"), right, 1), 0.02)
    cpu(syn, fast)
    hosts = "10.99.2.0/28" if SMALL else "10.99.2.0/24"
    begin_job(f"4. {hosts}, filtered, × 1000 ports")
    right = truth(hosts, 1, 1000, dropped)
    syn = Row("garita syn", lab, ours("1-1000", hosts, "--max-rate", "1000000"), right, ours=True)
    fast = Row("masscan 100k", lab, masscan(lab, "1-1000", hosts, 100000), right)
    bar("wall", syn, fast, 0.35)
    if not SMALL:
        cpu(syn, Row("nmap -sS", lab, nmap("1-1000", hosts, "-sS"), right, 1))
    # the same job is as many questions to a silent port: of its own accord masscan asks once, we ask twice
    cpu(syn, Row("masscan 100k --retries 1", lab, masscan(lab, "1-1000", hosts, 100000, "--retries", "1"), right))
    cpu(Row("garita syn --tries 1", lab, ours("1-1000", hosts, "--max-rate", "1000000", "--tries", "1"), right), fast)
    print(f"    for information: asking twice takes {syn.cpu / fast.cpu:.2f} × the CPU of masscan asking once", flush=True)


def lossy(loss, runs):
    ports = 5000 if SMALL else 65535
    with Lab(OPEN, (f"{BUILD}/bin/garita-bench-relay", 20, loss)) as lab:
        begin_job(f"5. one host, {ports:,} ports, 20 ms and {loss} % loss each way")
        right = truth("10.99.0.7/32", 1, ports)
        syn = Row("garita syn", lab, ours(f"1-{ports}", "10.99.0.7"), right, runs, ours=True)
        fast = Row("masscan 50k, no retries", lab, masscan(lab, f"1-{ports}", "10.99.0.7", 50000), right, 1)
        bar("wall", syn, fast, 0.4)
        if not SMALL and loss == 1:
            stealth = Row("nmap -sS", lab, nmap("1-65535", "10.99.0.7", "-sS"), right, 1)
            bar("wall", syn, stealth, 0.03)
            cpu(syn, stealth)
        cpu(syn, fast)


def limited(lab):
    lab.firewall("table inet l { chain in { type filter hook input priority 0\n"
                 "ip daddr 10.99.3.0/24 tcp flags syn limit rate over 1000/second drop\n}\n}")
    ports = 2000 if SMALL else 10000
    begin_job(f"5. one host that answers at most 1000 packets a second, {ports:,} ports")
    right = truth("10.99.3.1/32", 1, ports)
    Row("garita syn", lab, ours(f"1-{ports}", "10.99.3.1"), right, 1, ours=True)
    Row("masscan 100k", lab, masscan(lab, f"1-{ports}", "10.99.3.1", 100000), right, 1)


def wanted(number):
    return not ONLY or number in ONLY


def main():
    with Lab(OPEN) as lab:
        for number, job in (("1", one_host), ("2", many_hosts), ("3", all_ports), ("4", filtered), ("5", limited)):
            if wanted(number):
                job(lab)
    if wanted("5"):
        lossy(1, 1 if SMALL else 20)
        lossy(5, 1 if SMALL else 20)
    print("All bars", *bars, sep="\n  ")
    if failed:
        print("; ".join(failed))
        sys.exit(1)


main()
