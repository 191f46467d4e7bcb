"""What befalls a machine: its disk is full, its clock jumps, the network swallows everything."""
import signal
import time
import unittest

from disturbances import hole, movable_clock
from world import QUIET, Agent, Hub, World, main, parse_time, until


def small_disk(host, directory, megabytes):
    directory.mkdir(parents=True, exist_ok=True)
    host.run('mount', '-t', 'tmpfs', '-o', f'size={megabytes}m', 'none', directory)


def fill(host, directory):
    host.run('sh', '-c', f'cat /dev/zero > {directory}/filling 2>/dev/null; true')


def empty(host, directory):
    host.run('rm', f'{directory}/filling')


class Faults(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.server = self.world.host('center'), self.world.host('web1')

    def settled(self):
        until(lambda: self.hub.api('/status')['counts']['unsettled_rules'] == 0, 'all is settled', 40)

    def test_the_disk_of_the_hub_is_full(self):
        state = self.center.directory / 'hub' / 'state'
        log = self.world.directory / 'app.log'
        log.write_text('started\n')
        (self.center.directory / 'hub').mkdir()
        small_disk(self.center, state, 4)
        self.hub = Hub(self.center, ['web1'])
        agent = Agent(self.server, self.hub, QUIET +
                      f"  log_patterns:\n    app: {{files: [{log}], patterns: ['failed from (?P<address>\\S+)$'], threshold: 1}}\n")
        before = self.hub.alert('192.0.2.1')
        self.hub.cli('decide', before['id'], 'block')
        asked = self.hub.alert('192.0.2.2')
        fill(self.center, state)
        codes = set()
        for number in range(200):  # pages that are there already may still take some
            status, _ = self.hub.request('/alerts', {'kind': 'test_scan', 'address': f'203.0.113.{number}', 'uid': f'full-{number}'})
            codes.add(status)
            if status != 202:
                break
        self.assertIn(507, codes, 'the producer is told to keep it')
        refused = self.hub.cli('decide', asked['id'], 'block', check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, '(?i)full|space')
        self.assertEqual(list(self.server.blocked()), ['192.0.2.1'], 'no effect without a record of it')
        self.assertEqual(self.hub.api(f'/cases/{asked["id"]}')['state'], 'open', 'reading goes on')
        self.assertRegex(self.hub.cli('status', check=False).stdout, '(?i)full|space', 'it says what is wrong')
        with open(log, 'a') as attacked:
            attacked.write('failed from 198.51.100.7\n')
        time.sleep(1)
        self.assertFalse(self.hub.cases('all', kind='log_patterns'))
        agent.stop(signal.SIGKILL)  # what waits for the hub is on the agent's disk
        agent.start(wait=False)

        empty(self.center, state)
        until(lambda: self.hub.cases('open', kind='log_patterns'), 'the agent hands in what it kept', 40)
        self.assertEqual(self.hub.cases('open', kind='log_patterns')[0]['alert_count'], 1)
        self.hub.cli('decide', asked['id'], 'block')
        self.settled()
        self.assertEqual(set(self.server.blocked()), {'192.0.2.1', '192.0.2.2'})

    def test_the_disk_of_an_agent_is_full(self):
        state = self.server.directory / 'agent' / 'state'
        self.hub = Hub(self.center, ['web1'])
        (self.server.directory / 'agent').mkdir()
        small_disk(self.server, state, 2)
        agent = Agent(self.server, self.hub, QUIET)
        self.hub.cli('rules', 'set', '192.0.2.1')
        self.settled()
        fill(self.server, state)
        for number in range(2, 250):
            self.hub.api('/rules', {'networks': [f'192.0.2.{number}'], 'for': 3600})
            if self.hub.api('/status')['counts']['unsettled_rules'] > 0 and number > 100:
                break
        time.sleep(2)
        self.assertIn('192.0.2.1', self.server.blocked(), 'what is in force stays')
        unsettled = self.hub.api('/status')['counts']['unsettled_rules']
        self.assertGreater(unsettled, 0, 'nothing is called done that the agent could not keep')
        empty(self.server, state)
        self.settled()
        wanted = {r['params'] for r in self.hub.api('/rules?limit=1000')['rules']}
        self.assertEqual(set(self.server.blocked()), wanted)
        agent.stop(signal.SIGKILL)
        agent.start(wait=False)
        time.sleep(1)
        self.assertEqual(set(self.server.blocked()), wanted)

    def test_the_clock_jumps(self):
        """A block ends after its time, whatever the clocks of hub and agent do meanwhile."""
        hub_clock, agent_clock = self.world.directory / 'hub-clock', self.world.directory / 'agent-clock'
        with movable_clock(hub_clock):
            self.hub = Hub(self.center, ['web1'])
        with movable_clock(agent_clock):
            agent = Agent(self.server, self.hub, QUIET)

        def left(address):
            return self.server.blocked().get(address)

        self.hub.api('/rules', {'networks': ['192.0.2.1'], 'for': 7200})
        self.settled()
        for jump in ('+3h', '-3h', '+0'):
            with self.subTest(agent=jump):
                agent_clock.write_text(jump + '\n')
                time.sleep(4)  # longer than the reconciler takes to look again
                self.assertIsNotNone(left('192.0.2.1'), 'still blocked')
                self.assertAlmostEqual(left('192.0.2.1'), 7200, delta=60)
        number = 1
        for jump in ('+5h', '-5h'):
            with self.subTest(hub=jump):
                hub_clock.write_text(jump + '\n')
                number += 1
                self.hub.api('/rules', {'networks': [f'192.0.2.{number}'], 'for': 600})
                until(lambda: left(f'192.0.2.{number}'), 'a block given after the jump', 20)
                self.assertAlmostEqual(left(f'192.0.2.{number}'), 600, delta=30)
                case = self.hub.alert(f'192.0.2.{100 + number}')
                self.assertIn(case['state'], ('open', 'closed'))
                self.assertIn('of 1', self.hub.cli('decide', case['id'], 'block').stdout)
        status = self.hub.cli('status', check=False).stdout
        self.assertRegex(status, '(?i)clock', 'the distance of the clocks is shown')
        self.assertEqual(agent.process.poll(), None)

    def test_the_network_swallows_everything(self):
        self.hub = Hub(self.center, ['web1'])
        Agent(self.server, self.hub, QUIET)
        self.hub.api('/rules', {'networks': ['192.0.2.1'], 'for': 8})
        self.hub.api('/rules', {'networks': ['192.0.2.2'], 'for': 3600})
        self.settled()
        begun = time.monotonic()
        with hole(self.center, self.server):
            answer = self.hub.cli('decide', self.hub.alert('192.0.2.3')['id'], 'block', '--wait', '1').stdout
            self.assertIn('0 of 1', answer)
            until(lambda: '192.0.2.1' not in self.server.blocked(), 'a block ends by itself', 12)
            self.assertGreater(time.monotonic() - begun, 5)
            self.assertEqual(list(self.server.blocked()), ['192.0.2.2'])
        healed = time.monotonic()
        until(lambda: '192.0.2.3' in self.server.blocked(), 'what was decided meanwhile', 90)
        print(f'{time.monotonic() - healed:.1f} s after the network was back')
        self.settled()
        self.assertEqual(set(self.server.blocked()), {'192.0.2.2', '192.0.2.3'})


if __name__ == '__main__':
    main()
