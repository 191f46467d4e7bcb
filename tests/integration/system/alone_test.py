"""An agent whose hub is out of reach follows the policies that the hub has marked `locally`, by itself; on return everything is
taken over once, and the hub has the last word."""
import signal
import time
import unittest

from disturbances import hole
from world import QUIET, Agent, Hub, World, main, parse_time, until

POLICIES = '''
policies:
  - {kind: log_patterns, name: app, severity: warning, mode: auto, response: block, for: 2h, locally: yes}
  - {kind: log_patterns, name: door, mode: auto, response: block, for: 2h}
'''


class Outpost(unittest.TestCase):
    ALONE_AFTER = '1s'

    def setUp(self):
        self.world = World.of(self)
        self.client, self.center, self.server = self.world.host('client'), self.world.host('center'), self.world.host('web1')
        self.logs = {name: self.world.directory / f'{name}.log' for name in ('app', 'door')}
        patterns = ''
        for name, log in self.logs.items():
            log.write_text('started\n')
            patterns += f"    {name}: {{files: [{log}], patterns: ['failed from (?P<address>\\S+)$'], threshold: 1}}\n"
        self.hub = Hub(self.center, ['web1'], POLICIES)
        self.agent = Agent(self.server, self.hub, QUIET + '  log_patterns:\n' + patterns, head=f'  alone_after: {self.ALONE_AFTER}\n')
        time.sleep(1)  # the second call, with which it waits, has brought the policies

    def attack(self, address, log='app'):
        with open(self.logs[log], 'a') as file:
            file.write(f'failed from {address}\n')

    def lose_hub(self):
        self.hub.stop(signal.SIGKILL)
        time.sleep(4)

    def blocked_within(self, address, seconds=1.0):
        begun = time.monotonic()
        until(lambda: address in self.server.blocked(), f'{address} is blocked', 10, pause=0.01)
        took = time.monotonic() - begun
        print(f'{took:.3f} s to the block of {address}')
        self.assertLess(took, seconds)

    def only_case(self, address, state='closed'):
        until(lambda: self.hub.cases(state, address=address), f'a case about {address} is {state}', 45)
        cases = self.hub.cases('all', address=address)
        self.assertEqual(len(cases), 1, cases)
        return cases[0]

    def settled(self):
        until(lambda: self.hub.api('/status')['counts']['unsettled_rules'] == 0, 'all is settled', 40)


class Alone(Outpost):
    def test_it_decides_and_the_hub_takes_it_over_once(self):
        address = self.client.address
        self.assertEqual(self.client.knock(self.server.address, 22), 'refused')
        self.lose_hub()
        begun = time.time()
        self.attack(address)
        self.blocked_within(address)
        self.assertEqual(self.client.knock(self.server.address, 22), 'silent')
        self.attack('192.0.2.5', log='door')
        time.sleep(1)
        self.assertEqual(list(self.server.blocked()), [address], 'only what is marked is followed')
        self.agent.stop(signal.SIGKILL)  # what it decided is on its disk
        self.agent.start(wait=False)
        time.sleep(2)
        self.assertEqual(list(self.server.blocked()), [address])
        time.sleep(3)
        ends = time.time() + self.server.blocked()[address]

        self.hub.start()
        case = self.only_case(address)
        self.assertEqual((case['decision']['response'], case['decision']['by']['kind'], case['decision']['by']['channel']),
                         ('block', 'policy', 'agent'))
        self.assertIn('log_patterns app', case['decision']['by']['name'])
        self.assertAlmostEqual(parse_time(case['decision']['at']), begun, delta=1.5)
        self.settled()
        rules = [r for r in self.hub.api('/rules')['rules'] if r['params'] == address]
        self.assertEqual([(r['device'], r['desired'], r['current']) for r in rules], [('web1', 'drop', 'drop')])
        self.assertAlmostEqual(parse_time(rules[0]['expires_at']), begun + 7200, delta=2)
        entries = self.hub.audit(object=f'case {case["id"]}', verb='decide')
        self.assertEqual(len(entries), 1, entries)
        self.assertIn('out of its reach', entries[0]['detail'])
        self.assertIn('by itself', self.hub.cli('case', case['id']).stdout)
        self.only_case('192.0.2.5')  # that one the hub decided
        until(lambda: '192.0.2.5' in self.server.blocked(), 'what the hub decided', 20)
        self.settled()
        self.assertEqual(set(self.server.blocked()), {address, '192.0.2.5'})
        self.assertAlmostEqual(time.time() + self.server.blocked()[address], ends, delta=2)
        # from now on it is a rule like any other
        self.hub.cli('rules', 'unset', address)
        until(lambda: address not in self.server.blocked(), 'it is unset', 10)
        self.agent.stop(signal.SIGKILL)
        self.agent.start()
        self.settled()
        self.assertEqual(list(self.server.blocked()), ['192.0.2.5'])

    def test_the_hub_has_the_last_word(self):
        self.lose_hub()
        for number in (1, 2, 3):
            self.attack(f'192.0.2.{number}')
        self.blocked_within('192.0.2.3')
        self.hub.configure(POLICIES + 'protected: [192.0.2.1]\n')
        self.hub.start()
        case = self.only_case('192.0.2.1', state='open')
        refused = self.hub.audit(object=f'case {case["id"]}', verb='decide_refused')
        self.assertEqual(len(refused), 1, refused)
        self.assertIn('protected', refused[0]['detail'])
        until(lambda: set(self.server.blocked()) == {'192.0.2.2', '192.0.2.3'}, 'the protected address is free again', 40)
        for number in (2, 3):
            self.only_case(f'192.0.2.{number}')
        self.settled()
        self.assertEqual(len(self.hub.api('/rules')['rules']), 2)

    def test_hub_and_agent_are_killed_again_and_again(self):
        wanted = set()
        for number in range(1, 7):
            address = f'198.51.100.{number}'
            self.hub.stop(signal.SIGKILL)
            time.sleep(3.5)
            self.attack(address)
            wanted.add(address)
            until(lambda: address in self.server.blocked(), f'{address} is blocked', 20)
            self.hub.start()
            if number % 2:
                time.sleep(0.3 * number)
                self.agent.stop(signal.SIGKILL)
                self.agent.start(wait=False)
            until(lambda: self.hub.cases('all', address=address), f'the hub knows of {address}', 45)
            self.assertLessEqual(wanted, set(self.server.blocked()), 'never free in between')
        for address in wanted:
            self.only_case(address)
        self.settled()
        self.assertEqual(sorted(r['params'] for r in self.hub.api('/rules')['rules']), sorted(wanted))
        decided = [e for e in self.hub.audit(verb='decide')]
        self.assertEqual(len(decided), len(wanted), decided)
        self.assertEqual(set(self.server.blocked()), wanted)


class Swallowed(Outpost):
    """The network swallows everything: no connection breaks, nothing is ever refused."""
    ALONE_AFTER = '20s'  # from the last sign of life on, not from when its lack is noticed

    def test_a_silent_network_is_noticed(self):
        with hole(self.center, self.server):
            begun = time.monotonic()
            self.attack('192.0.2.5')
            until(lambda: '192.0.2.5' in self.server.blocked(), 'the agent is on its own', 45)
            took = time.monotonic() - begun
            print(f'{took:.1f} s until the agent acted alone')
            self.assertLess(took, 35)  # 25 s of silence and a little; by its time limits a waiting call lasts 65 s
        self.only_case('192.0.2.5')

    def test_a_quiet_connection_is_no_silent_one(self):
        """A call that waits for its fifty seconds is left alone while the hub's machine acknowledges probes."""
        before = self.calls()
        time.sleep(40)
        self.assertLessEqual(self.calls() - before, 1)
        self.attack('192.0.2.6')
        self.only_case('192.0.2.6')
        audit = self.hub.audit(object=f'case {self.hub.cases("all", address="192.0.2.6")[0]["id"]}', verb='decide')
        self.assertNotIn('out of its reach', audit[0]['detail'])

    def calls(self):
        """Connections that the agent has made so far."""
        rows = [row.split() for row in self.server.run('cat', '/proc/net/snmp').stdout.splitlines() if row.startswith('Tcp:')]
        return int(dict(zip(*rows))['ActiveOpens'])


if __name__ == '__main__':
    main()
