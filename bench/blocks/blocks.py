"""A hundred thousand blocks: from the API into the kernel, and back after the agent died and its table was emptied. See run.sh."""

import json
import os
import random
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "bench", "support"))
from pair import NO_DETECTORS, SMALL, RulesetGeneration, Site, need_root, now_ns, show  # noqa: E402

COUNT = 5_000 if SMALL else 100_000
BATCH = 1000
SINGLES = 500 if SMALL else 20_000
LASTS = 4 * 3600
ROUNDS = [BATCH] if SMALL else [BATCH, BATCH, COUNT]  # blocks in a request


def addresses(count, second_octet):
    """Distinct addresses in no order, far apart enough that none is another's neighbour."""
    numbers = list(range(count))
    random.Random(7).shuffle(numbers)
    return [f"{100 + n // 65536 * 2 % 64}.{second_octet}.{n // 256 % 256}.{n % 256}" for n in numbers]


def kernel_elements(namespace):
    """address → seconds left, of every element in the table's IPv4 sets."""
    text = subprocess.run(["ip", "netns", "exec", namespace, "nft", "-j", "list", "table", "inet", "garita"],
                          capture_output=True, check=True).stdout
    found = {}
    for part in json.loads(text)["nftables"]:
        for element in part.get("set", {}).get("elem", []):
            inner = element.get("elem", element) if isinstance(element, dict) else {"val": element}
            value = inner["val"]
            if isinstance(value, dict) and "prefix" in value:
                value = f"{value['prefix']['addr']}/{value['prefix']['len']}"
            if isinstance(value, str):
                found[value] = inner.get("expires")
    return found


def compare(namespace, wanted, asked_at):
    """Every element, and its end to within a second of what was asked (both moments on the same clock)."""
    listed = time.time()
    found = kernel_elements(namespace)
    took = time.time() - listed
    missing = [a for a in wanted if a not in found]
    wrong = 0
    for address, (low, high) in asked_at.items():
        left = found.get(address)
        # listed somewhere between `listed` and `listed + took`, in whole seconds
        if left is None or not low + LASTS - 1 - took - 1 <= listed + left <= high + LASTS + 1:
            wrong += 1
    return len(found), len(missing), wrong


class Done:
    """True when nothing in the ruleset changed for `quiet` seconds, after at least one change."""

    def __init__(self, first, quiet=1.5):
        self.first, self.quiet = first, quiet * 1e9

    def __call__(self, changed):
        return changed > self.first and now_ns() - changed > self.quiet


def request(site, generation, batches):
    """Sends the batches; returns (seconds until the last answer, seconds from there to the last change, when asked)."""
    asked_at = {}
    bodies = [json.dumps({"networks": one, "for": LASTS}).encode() for one in batches]
    began = now_ns()
    for batch, body in zip(batches, bodies):
        low = time.time()
        site.api.raw("POST", "rules", body)
        high = time.time()
        for address in batch:
            asked_at[address] = (low, high)
    answered = now_ns()
    changed = generation.watch(Done(began))
    return (answered - began) / 1e9, (changed - answered) / 1e9, asked_at


def round_of(site, namespace, generation, octet, size):
    wanted = addresses(COUNT, octet)
    batches = [wanted[i:i + size] for i in range(0, COUNT, size)]
    asking, after, asked_at = request(site, generation, batches)
    show(f"{COUNT} blocks, {size} a request: until the last answer", f"{asking:.2f}", "s", "")
    show("  last answer to the last change in the kernel", f"{after * 1000:.0f}", "ms", "<= 1000 ms")
    count, missing, wrong = compare(namespace, wanted, asked_at)
    show("  elements missing / with another end than asked (1 s)", f"{missing}/{wrong}", "", "0/0")
    return wanted, asked_at, missing + wrong


def restart(site, namespace, generation, wanted, asked_at, agent):
    agent.kill()
    agent.wait()
    subprocess.run(["ip", "netns", "exec", namespace, "nft", "flush", "ruleset"], check=True)
    began = now_ns()
    agent, ready = site.start_agent(namespace, "web1", NO_DETECTORS)
    changed = generation.watch(Done(began))
    show("agent killed, table emptied: from exec until all are back", f"{(changed - began) / 1e6:.0f}", "ms", "<= 1000 ms")
    count, missing, wrong = compare(namespace, wanted, asked_at)
    show("  elements missing / with another end than asked (1 s)", f"{missing}/{wrong}", "", "0/0")
    return agent, missing + wrong


def singles(site, namespace, generation):
    """One block a request, over 32 connections."""
    load = os.path.join(site.bin, "garita-load")
    body = '{"networks": ["2001:db8:{n}::1"], "for": %d}' % LASTS
    began = now_ns()
    out = subprocess.run([load, "--url", "http://localhost/api/v1/rules", "--unix", site.path("hub.sock"), "-c", "32",
                          "-n", str(min(SINGLES, 9999)), "--body", body, "--json"], capture_output=True, text=True, check=False)
    answered = now_ns()
    changed = generation.watch(Done(began))
    figures = json.loads(out.stdout)
    show("single blocks a second, 32 connections", f"{figures['rate']:.0f}", "/s", "")
    show("  last answer to the last change in the kernel", f"{max(0, changed - answered) / 1e6:.0f}", "ms", "<= 1000 ms")


def main(build):
    need_root()
    site = Site(build)
    hub, agent_place = site.namespace("hub"), site.namespace("agent")
    site.join(hub, "10.71.0.1/24", agent_place, "10.71.0.2/24")
    site.start_hub(hub, "10.71.0.1:8443", ["web1"])
    agent, _ = site.start_agent(agent_place, "web1", NO_DETECTORS)
    site.wait_connected("web1")
    generation = RulesetGeneration(agent_place)
    failures = 0
    for i, size in enumerate(ROUNDS):
        wanted, asked_at, wrong = round_of(site, agent_place, generation, 10 + i, size)
        failures += wrong
        agent, wrong = restart(site, agent_place, generation, wanted, asked_at, agent)
        failures += wrong
        if i + 1 == len(ROUNDS):
            break
        site.api.post("rules/unset", {"networks": wanted})
        generation.watch(Done(now_ns()))
    singles(site, agent_place, generation)
    site.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
