"""Certificates of agents follow one another by themselves: before the end of each, over kills, and whatever the clocks do."""
import signal
import time
import unittest

from faults_test import movable_clock
from world import BIN, QUIET, Agent, Hub, World, main, revive, until


class Renewal(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.server = self.world.host('center'), self.world.host('web1')

    def begin(self, lifetime):
        class Configured(Hub):
            def configure(hub, extra):
                super().configure(extra)
                hub.config.write_text(hub.config.read_text().replace('hub:\n', f'hub:\n  agent_certificates: {lifetime}\n', 1))
        self.hub = Configured(self.center, ['web1'])

    def certificate(self):
        return self.hub.api('/agents')['agents'][0].get('certificate', {})

    def obeys(self, address, seconds=20.0):
        self.hub.cli('rules', 'set', address)
        until(lambda: address in self.server.blocked(), f'{address} is blocked', seconds)

    def refusals(self):
        return self.world.tail(10 ** 9).count('refused an agent')

    def test_before_the_end(self):
        self.begin('12s')
        Agent(self.server, self.hub, QUIET)
        seen = set()
        end = time.monotonic() + 36
        while time.monotonic() < end:
            one = self.certificate()
            seen.add(one['serial'])
            self.assertIsNone(one.get('revoked_at'))
            time.sleep(0.5)
        self.obeys('192.0.2.1')
        self.assertGreaterEqual(len(seen), 4, 'one after eight seconds each')
        self.assertEqual(self.refusals(), 0)
        print(f'{len(seen)} certificates of 12 s in 36 s, no call refused')

    def test_killed_at_any_moment(self):
        self.begin('12s')
        agent = Agent(self.server, self.hub, QUIET)
        for n in range(16):
            time.sleep(0.9 + 0.13 * n)
            (self.hub if n % 2 else agent).process.send_signal(signal.SIGKILL)
            (self.hub if n % 2 else agent).process.wait(10)
            revive(self.hub, [agent])
        self.obeys('192.0.2.1', 40)
        self.assertEqual(self.hub.api('/agents')['agents'][0]['state'], 'enrolled')

    def test_the_clocks_jump(self):
        hub_clock, agent_clock = self.world.directory / 'hub-clock', self.world.directory / 'agent-clock'
        self.begin_with_clocks(hub_clock, agent_clock)
        first = self.certificate()['serial']
        for number, jump in enumerate(('+400d', '-400d', '+0')):
            with self.subTest(agent=jump):
                agent_clock.write_text(jump + '\n')
                self.obeys(f'192.0.2.{number + 1}')
                self.assertEqual(self.certificate()['serial'], first, 'nothing to renew, whatever this clock says')
        with self.subTest(hub='a third of the time is left'):
            agent_clock.write_text('-30d\n')
            hub_clock.write_text('+7h\n')
            self.obeys('192.0.2.5')
            until(lambda: self.certificate()['serial'] != first, 'the next certificate', 30)
            self.obeys('192.0.2.6')
        with self.subTest(hub='back'):
            hub_clock.write_text('+0\n')
            self.obeys('192.0.2.7')
        self.assertEqual(self.refusals(), 0)
        with self.subTest(hub='over'):
            hub_clock.write_text('+30h\n')
            self.hub.cli('rules', 'set', '192.0.2.8')
            until(lambda: 'its certificate ended at' in self.world.tail(20000), 'the hub refuses, and says why', 70)
            self.assertIn('192.0.2.1', self.server.blocked(), 'what is in force stays')
            code = self.hub.api('/agents/codes', {'name': 'web1'})['code']
            self.server.run(BIN / 'garita-agent', 'enroll', '-c', self.agent.config, '--code', code)
            until(lambda: '192.0.2.8' in self.server.blocked(), 'back by a new code, without a restart', 70)

    def begin_with_clocks(self, hub_clock, agent_clock):
        with movable_clock(hub_clock):
            self.begin('10h')
        with movable_clock(agent_clock):
            self.agent = Agent(self.server, self.hub, QUIET)


if __name__ == '__main__':
    main()
