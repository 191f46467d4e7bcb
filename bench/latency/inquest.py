"""Where a press in Telegram is: which of the stages between the finger and the first dropped packet it has reached."""

import collections
import datetime
import os
import subprocess
import threading
import time

from pair import now_ns


def moment(text):
    """Wall clock of an RFC 3339 time, in seconds."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class DiskWatch(threading.Thread):
    """Syncs a few bytes ten times a second where the databases are: whether it was the disk that took so long."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        self.syncs = collections.deque(maxlen=1000)  # (begun, over) by the monotonic clock
        self.start()

    def run(self):
        while True:
            begun = now_ns()
            os.pwrite(self.file, b"x" * 512, 0)
            self.syncs.append([begun, None])
            os.fdatasync(self.file)
            self.syncs[-1][1] = now_ns()
            time.sleep(0.1)

    def longest_ms(self, since):
        """Of the syncs that were not over at `since`."""
        took = [((over or now_ns()) - begun) / 1e6 for begun, over in list(self.syncs) if over is None or over >= since]
        return max(took, default=0.0)


class Inquest:
    """Follows one press. Stages in their order; each is reached or not, with what is known of when."""

    STAGES = ("taken by Telegram", "handed to the hub", "answered by the hub", "decided", "rule written", "in the agent's kernel",
              "reported by the agent", "packets dropped")

    def __init__(self, site, fake, disk, agent, source):
        self.site, self.fake, self.disk, self.agent, self.source = site, fake, disk, agent, source
        self.query = None

    def pressed(self, outcome):
        """What the fake said to the press."""
        self.at = time.time()
        self.caused = now_ns()
        self.query = outcome.get("query")
        self.refusal = outcome.get("error")

    def after(self, seconds):
        return f"{(seconds - self.at) * 1000:+.0f} ms"

    def look(self, dropped):
        """{stage: when, as text; absent: not reached}."""
        reached = {}
        if self.query:
            reached["taken by Telegram"] = "+0 ms"
        polls = [call for call in self.fake.call("GET", "calls?method=getUpdates&last=50")["calls"]]
        handed = [c for c in polls if (c.get("parameters") or {}).get("offset", 0) > 0 and c["at"] / 1000 >= self.at - 0.01]
        if handed:
            reached["handed to the hub"] = self.after(handed[0]["at"] / 1000) + " (the next poll, which confirms it)"
        for toast in self.fake.call("GET", "toasts?last=50")["toasts"]:
            if toast["query"] == self.query:
                reached["answered by the hub"] = f"{self.after(toast['at'] / 1000)} \"{toast['text']}\""
        self.case = next((c for c in self.site.api.get("cases?state=all&limit=50")["cases"]
                          if c.get("address") == self.source), {})
        if "decision" in self.case:
            reached["decided"] = f"{self.after(moment(self.case['decision']['at']))} {self.case['state']}"
        self.rules = self.site.api.get(f"rules?params={self.source}")["rules"]
        if self.rules:
            rule = self.rules[0]
            reached["rule written"] = f"{self.after(moment(rule['created_at']))} seq {rule['seq']} {rule.get('last_error', '')}".rstrip()
            if rule.get("current"):
                reached["reported by the agent"] = self.after(moment(rule["updated_at"]))
        listed = subprocess.run(["ip", "netns", "exec", self.agent, "nft", "list", "table", "inet", "garita"],
                                capture_output=True, text=True, check=False).stdout
        if any(f"{self.source}{end}" in listed for end in (" ", ",")):
            reached["in the agent's kernel"] = "yes"
        if dropped is not None:
            reached["packets dropped"] = f"{(dropped - self.caused) / 1e6:+.0f} ms"
        return reached

    def tell(self, heading, dropped):
        disk_ms = self.disk.longest_ms(self.caused)
        reached = self.look(dropped)
        print(f"{heading}: press on {self.source} at {datetime.datetime.fromtimestamp(self.at, datetime.timezone.utc):%H:%M:%S.%f}"
              + (f", refused by the fake: {self.refusal}" if self.refusal else ""))
        for stage in self.STAGES:
            print(f"    {stage:<24} {reached.get(stage, 'NOT YET')}")
        state = self.fake.call("GET", "state")
        devices = [{key: d.get(key) for key in ("name", "applied_seq", "last_seen", "troubles")} for d in self.site.api.get("status")["devices"]]
        print(f"    Telegram: {state['waiting']} updates wait, polling {state['polling']}; devices {devices}")
        print(f"    longest sync of the disk since the press: {disk_ms:.0f} ms", flush=True)
        return reached
