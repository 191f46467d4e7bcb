"""Rules of classes that an agent keeps on its own host for the hub: what is wanted reaches its kernel and packets feel it;
they stay in force and are repaired while the hub is away; whoever was away catches up; nothing that the hub did not sign, and
nothing that the agent's own file does not name, is done."""
import json
import signal
import socket
import time
import unittest
from pathlib import Path

from lying_hub_test import Behind, Impostor
from thief_test import Loot
from world import QUIET, Agent, Hub, World, main, until

DEVICES = '''devices:
  border:
    connect: agent
    rules:
      inet_access: {}
      ip_mark: {}
'''
OWN = QUIET + '''rules:
  inet_access: {backend: nftables, options: {interface: sub0}}
  ip_mark: {backend: nftables, options: {interface: sub0}}
'''
SUBSCRIBERS = [f'100.64.0.{n}' for n in range(2, 12)]


def border_of(world):
    """A router between a subscriber and a server."""
    border, server, subscriber = (world.host(n) for n in ('border', 'server', 'subscriber'))
    border.run('sysctl', '-qw', 'net.ipv4.ip_forward=1')
    border.run('ip', 'link', 'add', 'sub0', 'type', 'veth', 'peer', 'name', 'wan0', 'netns', str(subscriber.holder.pid))
    border.run('ip', 'link', 'set', 'sub0', 'up')
    border.run('ip', 'addr', 'add', '100.64.0.1/24', 'dev', 'sub0')
    subscriber.run('ip', 'link', 'set', 'wan0', 'up')
    for address in SUBSCRIBERS:
        subscriber.run('ip', 'addr', 'add', address + '/24', 'dev', 'wan0')
    subscriber.run('ip', 'route', 'add', server.address, 'via', '100.64.0.1')
    server.run('ip', 'route', 'add', '100.64.0.0/24', 'via', border.address)
    return border, server, subscriber


class AgentRules(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        self.border, self.server, self.subscriber = border_of(self.world)
        self.hub = Hub(self.center, ['border'], DEVICES)
        self.agent = Agent(self.border, self.hub, OWN)

    def passes(self, address, seconds=0.4):
        """Whether a packet of the subscriber reaches the server and its answer comes back."""
        def knock():
            try:
                socket.create_connection((self.server.address, 9), seconds, (address, 0)).close()
            except ConnectionRefusedError:
                return True
            except OSError:
                return False
            return True
        return self.subscriber.inside(knock)

    def want(self, rows, rule='inet_access', **members):
        reply = self.hub.api('/devices/rules', {'rules': [
            {'device': 'border', 'rule': rule, 'params': params, 'value': value} for params, value in rows], **members})
        self.assertEqual(reply['refused'], [])

    def elements(self, rule='inet_access'):
        found = set()
        listed = self.border.run('nft', '-j', 'list', 'table', 'inet', 'garita_rules', check=False, timeout=120).stdout
        for entry in json.loads(listed or '{"nftables": []}')['nftables']:
            for kind in ('set', 'map'):
                if entry.get(kind, {}).get('name', '').startswith(rule + '.4.'):
                    found.update(e[0] if isinstance(e, list) else e for e in entry[kind].get('elem', []))
        return found

    def settled(self):
        counts = self.hub.api('/devices/rules/counts')['counts']
        return counts and all(c['pending'] == 0 and c['refused'] == 0 for c in counts)

    def plan(self):
        return json.loads(self.hub.cli('rules', 'plan', 'border', '--json').stdout)

    def test_packets_feel_it_and_everything_is_told(self):
        first, second = SUBSCRIBERS[:2]
        until(lambda: 'inet_access' in self.border.run('nft', 'list', 'chains').stdout, 'the chain is there')
        self.assertFalse(self.passes(first))
        self.want([(first, 'open')])
        until(lambda: self.passes(first), 'an open one passes', 5)
        self.assertFalse(self.passes(second))
        until(self.settled, 'it is recorded')
        self.want([(first, '7')], 'ip_mark')
        until(lambda: self.elements('ip_mark') == {first} and self.settled(), 'the other class too')
        self.assertIn('as it is wanted', self.hub.cli('rules', 'plan', 'border').stdout)
        until(lambda: [r['entries'] for r in self.plan()['rules']] == [1, 1], 'the plan tells what is there')
        # somebody's hands
        self.border.run('nft', 'delete', 'element', 'inet', 'garita_rules', 'inet_access.4.00', '{', first, '}')
        self.border.run('nft', 'add', 'element', 'inet', 'garita_rules', 'inet_access.4.00', '{', second, '}')
        until(lambda: self.elements() == {first}, 'the set is repaired', 15)
        drift = json.loads(self.hub.cli('rules', 'drift', 'border', '--json').stdout)
        self.assertEqual([r['different'] for r in drift['rules']], [0, 0])
        for _ in range(5):
            self.hub.cli('rules', 'rebuild', 'inet_access', '-d', 'border')
            self.assertTrue(self.passes(first))
        self.want([(first, 'closed')])
        until(lambda: not self.passes(first), 'a closed one does not pass', 5)
        # with an end
        self.want([(second, 'open')], **{'for': 3})
        until(lambda: self.passes(second), 'open for a while', 5)
        until(lambda: not self.passes(second), 'and no longer', 10)
        until(self.settled, 'all is recorded')

    def test_in_force_and_repaired_while_the_hub_is_away(self):
        first, second, third = SUBSCRIBERS[:3]
        self.want([(first, 'open')])
        self.want([(third, 'open')], **{'for': 8})
        until(lambda: self.elements() == {first, third} and self.settled(), 'in force')
        self.hub.stop(signal.SIGKILL)
        self.border.run('nft', 'delete', 'element', 'inet', 'garita_rules', 'inet_access.4.00', '{', first, '}')
        until(lambda: first in self.elements(), 'repaired without the hub', 15)
        until(lambda: self.elements() == {first}, 'ended without the hub', 15)
        # the agent starts anew without the hub, and somebody took all away meanwhile
        self.agent.stop(signal.SIGKILL)
        self.border.run('nft', 'delete', 'table', 'inet', 'garita_rules')
        self.agent.start(wait=False)
        until(lambda: self.elements() == {first}, 'from the copy of its own', 15)
        self.assertTrue(self.passes(first))
        self.hub.start()
        self.want([(second, 'open'), (first, 'closed')])
        until(lambda: self.elements() == {second} and self.settled(), 'caught up', 30)

    def test_an_agent_that_was_away_catches_up(self):
        self.want([(address, 'open') for address in SUBSCRIBERS])
        until(lambda: self.elements() == set(SUBSCRIBERS) and self.settled(), 'in force')
        self.agent.stop(signal.SIGKILL)
        self.want([(address, 'closed') for address in SUBSCRIBERS[:5]])
        self.hub.cli('rules', 'unset', 'border', 'inet_access', SUBSCRIBERS[5])
        self.assertFalse(self.settled())
        self.assertEqual(self.elements(), set(SUBSCRIBERS), 'stays in force')
        self.assertEqual(self.plan()['different'], 6)
        self.agent.start(wait=False)
        until(lambda: self.elements() == set(SUBSCRIBERS[6:]) and self.settled(), 'caught up', 30)
        # its state is gone: all comes anew, and nothing is taken away before that
        self.agent.stop()
        for file in (self.agent.directory / 'state').glob('rules.db*'):
            file.unlink()
        self.want([(SUBSCRIBERS[0], 'open')])
        self.agent.start(wait=False)
        until(lambda: self.elements() == {*SUBSCRIBERS[6:], SUBSCRIBERS[0]} and self.settled(), 'all anew', 30)
        self.assertTrue(self.passes(SUBSCRIBERS[6]))

    def test_away_is_said(self):
        self.agent.stop(signal.SIGKILL)
        self.hub.stop()
        self.hub.start()
        refused = self.hub.cli('rules', 'drift', 'border', check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn('away', refused.stdout + refused.stderr)

    def test_kills_in_the_middle_of_many(self):
        wanted = {f'100.{64 + n // 65536}.{n // 256 % 256}.{n % 256}' for n in range(1000, 31000)}
        for value in ('open', 'closed', 'open'):
            self.want([(address, value) for address in sorted(wanted)])
            for victim in (self.agent, self.hub, self.agent):
                victim.stop(signal.SIGKILL)
                victim.start(**({'wait': False} if victim is self.agent else {}))
                time.sleep(0.3)
            until(self.settled, 'all is recorded', 90)
            self.assertEqual(self.elements(), wanted if value == 'open' else set())
        drift = until(lambda: self.hub.request('/devices/rules/drift', {'device': 'border', 'rule': 'inet_access'}), 'an answer')[1]
        self.assertEqual((drift['rules'][0]['entries'], drift['rules'][0]['different']), (len(wanted), 0))

    def test_only_what_the_agents_own_file_names(self):
        self.agent.stop()
        self.agent.config.write_text(self.agent.config.read_text().replace('  ip_mark: {backend: nftables, options: {interface: sub0}}\n', ''))
        self.agent.start()
        self.want([(SUBSCRIBERS[0], '7')], 'ip_mark')
        self.want([(SUBSCRIBERS[0], 'open')])
        until(lambda: self.elements() == {SUBSCRIBERS[0]}, 'the one that is named')
        self.assertEqual(self.elements('ip_mark'), set())
        troubles = {r['rule']: r.get('trouble', '') for r in self.plan()['rules']}
        self.assertIn("agent's own file", troubles['ip_mark'])
        self.assertEqual(troubles['inet_access'], '')


SPEED = """#!/bin/sh
# a device that nobody thought of: its table is a file
case "$1" in
    list) cat "$0.table" ;;
    add) echo "$2 $3" >> "$0.table" ;;
    delete) sed -i "/^$2 /d" "$0.table" ;;
esac
"""


class ByPrograms(unittest.TestCase):
    """Backends that run programs, in the agent's third part: those of the agent's own file, never one that the hub names."""
    def setUp(self):
        self.world = World.of(self)
        self.center, self.border = self.world.host('center'), self.world.host('border')
        self.script = self.border.directory / 'speed'
        self.script.write_text(SPEED)
        self.script.chmod(0o755)
        self.table = self.border.directory / 'speed.table'
        self.table.touch()
        own = f"""rules:
  speed:
    backend: command
    params: {{ip: address}}
    value: rate
    add: [{self.script}, add, "{{ip}}", "{{value}}"]
    delete: [{self.script}, delete, "{{ip}}"]
    list: [{self.script}, list]
  blocked: {{backend: ipset, params: {{ip: address}}, value: yes|no, absent: no}}
  allowed: {{backend: iptables, params: {{ip: address}}, value: yes|no, absent: no}}
"""
        devices = """devices:
  border:
    connect: agent
    rules:
      speed: {params: {ip: address}, value: rate, backend: command, add: [/bin/touch, /tmp/never, "{ip}"], delete: [/bin/touch, "{ip}"]}
      blocked: {params: {ip: address}, value: yes|no, absent: no}
      allowed: {params: {ip: address}, value: yes|no, absent: no}
"""
        self.hub = Hub(self.center, ['border'], devices)
        self.agent = Agent(self.border, self.hub, QUIET + own)

    want, settled, plan = AgentRules.want, AgentRules.settled, AgentRules.plan

    def test_each_backend_does_its_work(self):
        self.want([('192.0.2.1', '10Mbit'), ('192.0.2.2', '20Mbit')], 'speed')
        self.want([('192.0.2.3', 'yes')], 'blocked')
        self.want([('192.0.2.4', 'yes')], 'allowed')
        until(self.settled, 'all is recorded', 30)
        self.assertEqual(sorted(self.table.read_text().splitlines()), ['192.0.2.1 10Mbit', '192.0.2.2 20Mbit'])
        self.assertIn('192.0.2.3', self.border.run('ipset', 'save').stdout)
        self.assertIn('192.0.2.4', self.border.run('iptables-save').stdout)
        self.assertFalse(Path('/tmp/never').exists(), 'no program that the hub names is run')
        self.hub.cli('rules', 'unset', 'border', 'speed', '192.0.2.1')
        until(lambda: self.table.read_text() == '192.0.2.2 20Mbit\n', 'and taken away')
        self.table.write_text('192.0.2.9 1Mbit\n')
        drift = json.loads(self.hub.cli('rules', 'drift', 'border', '-r', 'speed', '--json').stdout)
        self.assertEqual(drift['rules'][0]['different'], 2)
        until(lambda: self.table.read_text() == '192.0.2.2 20Mbit\n', 'mended')
        parts = {p.name(): p for p in self.parts()}
        self.assertEqual(set(parts), {'garita-agent', 'garita-enforcer', 'garita-rules'})
        self.assertEqual(parts['garita-rules'].capabilities(), {12, 13}, 'CAP_NET_ADMIN, CAP_NET_RAW')
        self.agent.stop(signal.SIGKILL)
        until(lambda: not any(p.alive() for p in parts.values()), 'one ends with the other')

    def test_the_agent_stops_while_a_program_hangs(self):
        self.script.write_text('#!/bin/sh\n[ "$1" = list ] || sleep 25\n')
        self.want([('192.0.2.1', '10Mbit')], 'speed')
        until(lambda: 'sleep' in self.border.run('ps', 'ax').stdout, 'it hangs')
        begun = time.monotonic()
        self.assertEqual(self.agent.stop(), 0)
        self.assertLess(time.monotonic() - begun, 10)

    def parts(self):
        every = [Part(int(entry.name)) for entry in Path('/proc').glob('[0-9]*')]
        return [p for p in every if self.agent.process.pid in (p.pid, p.parent())]


class Part:
    """A process as /proc tells of it."""
    def __init__(self, pid):
        self.pid, self.status = pid, Path(f'/proc/{pid}/status')

    def field(self, name):
        try:
            return next(line.split()[1] for line in self.status.read_text().splitlines() if line.startswith(name + ':'))
        except (OSError, StopIteration):
            return '0'

    def name(self):
        return self.field('Name')

    def parent(self):
        return int(self.field('PPid'))

    def alive(self):
        return self.field('State') not in ('0', 'Z')

    def capabilities(self):
        held = int(self.field('CapPrm'), 16)
        return {bit for bit in range(64) if held >> bit & 1}


def of_rules(name, seq, shape='ip: address, value: word|open|closed, absent: closed'):
    at = {'quick': seq, 'bulk': seq}
    return {'classes': [{'name': name, 'shape': shape, 'held': at, 'confirmed': at, 'status': {'name': name}, 'refused': []}],
            'running': [], 'answers': [], 'wait': 0}


class AmongLiars(unittest.TestCase):
    """Somebody in the hub's place, with the hub's own TLS key and the agents' stolen keys, but not the one that signs."""
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)
        cls.center = cls.world.host('center')
        cls.border, cls.server, cls.subscriber = border_of(cls.world)
        cls.servers = [cls.border, cls.server]
        cls.hub = Behind(cls.center, ['border', 'server'], DEVICES + DEVICES.split('devices:\n')[1].replace('border', 'server'))
        cls.impostor = Impostor(cls, cls.addClassCleanup)
        cls.impostor.path, cls.impostor.victim = '/agent/v1/rules', 'border'
        cls.agents = [Agent(host, cls.hub, OWN if host is cls.border else QUIET, wait=False) for host in cls.servers]
        for host, agent in zip(cls.servers, cls.agents):
            file = agent.directory / 'state' / 'identity.json'
            until(lambda: file.exists() and '"identity"' in file.read_text(), 'enrolled through the impostor')
            cls.impostor.loot[host.name] = Loot(agent, cls.world)
        until(lambda: all(a.known(0) for a in cls.agents), 'both report')

    passes, want, elements = AgentRules.passes, AgentRules.want, AgentRules.elements

    def refuse(self, lie, reason, address):
        mark = len(self.world.tail(10 ** 9))
        before = self.elements()
        self.impostor.lie = lie
        self.want([(address, 'open')])
        until(lambda: reason in self.world.tail(10 ** 9)[mark:], f'the agent says: {reason}', 30)
        time.sleep(0.5)
        self.assertEqual(self.elements(), before, 'nothing of it was done')
        self.impostor.lie = None
        until(lambda: address in self.elements(), 'the hub itself is believed again', 40)

    def test_not_signed(self):
        self.refuse(lambda nonce, asked, status, body, signature: [status, body, None], 'it is not signed', SUBSCRIBERS[0])

    def test_altered(self):
        self.refuse(lambda nonce, asked, status, body, signature: [status, body + b' ', signature], 'was altered', SUBSCRIBERS[1])

    def test_played_back(self):
        self.want([(SUBSCRIBERS[2], 'open')])
        until(lambda: SUBSCRIBERS[2] in self.elements(), 'in force once')
        recorded = next(answer for _, answer in reversed(self.impostor.asked) if b'"rows":"A' in answer[1])
        self.refuse(lambda *_: recorded, 'is played back', SUBSCRIBERS[3])

    def test_a_certificate_opens_its_own_devices_rules_only(self):
        self.want([(SUBSCRIBERS[4], 'open')])
        until(lambda: SUBSCRIBERS[4] in self.elements(), 'in force')
        shape = json.loads(self.impostor.upstream_ask('border', of_rules('inet_access', 0, 'another')))['classes'][0]['shape']

        def rows_for(name):
            return json.loads(self.impostor.upstream_ask(name, of_rules('inet_access', 0, shape)))['classes'][0]
        self.assertTrue(rows_for('border')['rows'], 'its own')
        self.assertTrue(rows_for('border')['all'])
        self.assertEqual(rows_for('server')['rows'], '', "of the other nothing, whatever it asks for")


if __name__ == '__main__':
    main()
