"""The hub is killed at random moments while rules of a device change in bulk: at the end the kernel holds what the table says,
element by element. Small by default:
  GARITA_RULE_KILLS (how often), GARITA_RULE_SEED (which moments)"""
import http.client
import json
import os
import random
import signal
import threading
import time
import unittest

from world import Hub, World, main, until

KILLS = int(os.environ.get('GARITA_RULE_KILLS', 10))
SEED = int(os.environ.get('GARITA_RULE_SEED', time.time_ns() % 1_000_000))
ADDRESSES = [f'100.{64 + n // 65536}.{n // 256 % 256}.{n % 256}' for n in range(20000)]
DEVICES = '''devices:
  border1:
    connect: local
    rules:
      inet_access: {backend: nftables, options: {interface: sub0}}
      ip_mark: {backend: nftables}
'''


class Producer(threading.Thread):
    """Wants thousands of other values at a time, again and again, until it is told to stop. What the hub did not acknowledge
    is sent again: it may have been kept or not."""

    def __init__(self, hub, seed):
        super().__init__()
        self.hub, self.random, self.wanted, self.requests = hub, random.Random(seed), {}, 0
        self.stopping, self.failure = threading.Event(), None

    def run(self):
        try:
            while not self.stopping.is_set():
                chosen = self.random.sample(ADDRESSES, self.random.choice((200, 3000, 12000)))
                rule = self.random.choice(('inet_access', 'ip_mark'))
                rows = {(rule, a): self.random.choice(('open', 'closed') if rule == 'inet_access' else ('0x1', '0x2'))
                        for a in chosen}
                self.send(rows)
                self.wanted.update(rows)
        except Exception as error:
            self.failure = error

    def send(self, rows):
        body = {'rules': [{'device': 'border1', 'rule': rule, 'params': address, 'value': value}
                          for (rule, address), value in rows.items()]}
        while True:
            try:
                status, reply = self.hub.request('/devices/rules', body)
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                time.sleep(0.02)
                continue
            assert status < 300 and reply['refused'] == [], (status, reply)
            self.requests += 1
            return


class RuleKills(unittest.TestCase):
    def kernel(self):
        found = {}
        listed = self.border.run('nft', '-j', 'list', 'table', 'inet', 'garita_rules', timeout=120).stdout
        for entry in json.loads(listed)['nftables']:
            about = entry.get('set') or entry.get('map') or {}
            for rule in ('inet_access', 'ip_mark'):
                if not about.get('name', '').startswith(rule + '.4.'):
                    continue
                for element in about.get('elem', []):
                    if rule == 'inet_access':
                        found[rule, element] = 'open'
                    else:
                        found[rule, element[0]] = hex(element[1])
        return found

    def settled(self):
        counts = self.hub.api('/devices/rules/counts')['counts']
        return counts and all(c['pending'] == 0 and c['refused'] == 0 for c in counts)

    def test_kernel_and_table_agree_after_every_kill(self):
        print(f'GARITA_RULE_SEED={SEED}, {KILLS} kills', flush=True)
        self.world = World.of(self)
        self.border = self.world.host('border')
        self.hub = Hub(self.border, [], DEVICES)
        moments, left, busy = random.Random(SEED), KILLS, 0
        while left > 0:
            # some kills one after another, then the state is compared
            producer = Producer(self.hub, moments.random())
            if left < KILLS:
                producer.wanted = wanted
            producer.start()
            for _ in range(min(left, moments.randint(1, 5))):
                time.sleep(moments.uniform(0, 0.6))
                if left % 2:  # every other kill is sure to come in the middle of changes, however slow the machine is
                    until(lambda: not self.settled(), 'changes are under way', 60)
                    busy += 1
                self.hub.stop(signal.SIGKILL)
                self.hub.start()
                left -= 1
            producer.stopping.set()
            producer.join(120)
            self.assertIsNone(producer.failure)
            wanted = producer.wanted
            until(self.settled, 'all is recorded', 60)
            expected = {key: value for key, value in wanted.items() if value != 'closed'}
            self.assertEqual(self.kernel(), expected)
        drift = self.hub.api('/devices/rules/drift', {'device': 'border1'})
        self.assertEqual({rule['rule']: rule['different'] for rule in drift['rules']}, {'inet_access': 0, 'ip_mark': 0})
        print(f'{KILLS} kills, {busy} of them surely while changes were under way: kernel and table agree', flush=True)


if __name__ == '__main__':
    main()
