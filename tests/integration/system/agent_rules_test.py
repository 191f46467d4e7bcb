"""Rules of classes that an agent keeps on its own host for the hub: what is wanted reaches its kernel and packets feel it;
they stay in force and are repaired while the hub is away; whoever was away catches up; nothing that the hub did not sign, and
nothing that the agent's own file does not name, is done."""
import json
import signal
import time
import unittest

from lying_hub_test import Behind, Impostor
from router import SUBSCRIBERS, RulesOfBorder, border_of
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


class AgentRules(RulesOfBorder, unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        self.border, self.server, self.subscriber = border_of(self.world)
        self.hub = Hub(self.center, ['border'], DEVICES)
        self.agent = Agent(self.border, self.hub, OWN)

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


def of_rules(name, seq, shape='ip: address, value: word|open|closed, absent: closed'):
    at = {'quick': seq, 'bulk': seq}
    return {'classes': [{'name': name, 'shape': shape, 'held': at, 'confirmed': at, 'status': {'name': name}, 'refused': []}],
            'running': [], 'answers': [], 'wait': 0}


class AmongLiars(RulesOfBorder, unittest.TestCase):
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
