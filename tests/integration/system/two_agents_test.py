"""One answer, two servers: in force on both, also when one was away; and nothing lost or done twice when programs are killed."""
import http.client
import random
import signal
import threading
import time
import unittest

from world import QUIET, Agent, Hub, World, insist, main, parse_time, revive, until



class TwoAgents(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        self.servers = [self.world.host('web1'), self.world.host('web2')]
        self.hub = Hub(self.center, ['web1', 'web2'])
        self.agents = [Agent(server, self.hub, QUIET) for server in self.servers]

    def compare(self):
        """What the hub says and what is in the kernels: the same addresses with the same ends."""
        now = time.time()
        rules = self.hub.api('/rules?limit=10000')['rules']
        for server in self.servers:
            wanted = {r['params']: r for r in rules if r['device'] == server.name}
            there = server.blocked()
            self.assertEqual(set(wanted), set(there))
            for address, left in there.items():
                self.assertIsNotNone(left)
                self.assertAlmostEqual(parse_time(wanted[address]['expires_at']) - now, left, delta=3)
            for rule in wanted.values():
                self.assertEqual((rule['desired'], rule['current']), ('drop', 'drop'))
        return rules

    def test_both_and_the_one_that_was_away(self):
        both = self.hub.alert('192.0.2.1')
        self.assertIn('Blocked on 2 of 2', self.hub.cli('decide', both['id'], 'block').stdout)
        self.compare()

        self.agents[1].stop(signal.SIGKILL)
        away = self.hub.alert('192.0.2.2')
        told = self.hub.cli('decide', away['id'], 'block', '--wait', '1').stdout
        self.assertIn('1 of 2', told)
        self.assertEqual(self.hub.api(f'/cases/{away["id"]}')['state'], 'decided')
        self.assertIn('on its way', self.hub.cli('rules', 'list', '--device', 'web2').stdout)
        self.assertIn('192.0.2.2', self.servers[0].blocked())
        self.assertEqual(list(self.servers[1].blocked()), ['192.0.2.1'])  # stays while the agent is dead
        self.agents[1].start()
        until(lambda: self.hub.api(f'/cases/{away["id"]}')['state'] == 'closed', 'the other one catches up')
        self.assertIn('Blocked on 2 of 2', self.hub.cli('case', away['id']).stdout)
        self.compare()

        # stopped in good order it leaves no trace, and everything is back after the start
        self.assertEqual(self.agents[0].stop(), 0)
        self.assertNotIn('garita', self.servers[0].run('nft', 'list', 'tables').stdout)
        self.hub.cli('rules', 'unset', '192.0.2.1')
        self.agents[0].start()
        until(lambda: self.hub.api('/status')['counts']['unsettled_rules'] == 0, 'all is settled')
        self.assertEqual([list(s.blocked()) for s in self.servers], [['192.0.2.2'], ['192.0.2.2']])
        self.compare()

    def test_one_that_joins_later(self):
        case = self.hub.alert('192.0.2.1')
        self.assertIn('Blocked on 2 of 2', self.hub.cli('decide', case['id'], 'block', '--for', '1h').stdout)
        self.hub.cli('rules', 'set', '192.0.2.2', '--for', '2h')
        self.hub.cli('rules', 'set', '192.0.2.3', '--device', 'web1')
        self.hub.stop()
        self.hub.codes['web3'] = 'code-of-web3'
        self.hub.configure('')
        self.hub.start()
        late = self.world.host('web3')
        self.agents.append(Agent(late, self.hub, QUIET))
        until(lambda: set(late.blocked()) == {'192.0.2.1', '192.0.2.2'}, 'what stands on all is in force on the new one')
        until(lambda: 'Blocked on 3 of 3' in self.hub.cli('case', case['id']).stdout, 'the case tells it')
        ends = {r['expires_at'] for r in self.hub.api('/rules?limit=100')['rules'] if r['params'] == '192.0.2.1'}
        self.assertEqual(len(ends), 1, 'the same end on all')
        for address in ('192.0.2.1', '192.0.2.2'):
            self.assertAlmostEqual(late.blocked()[address], self.servers[0].blocked()[address], delta=2)
        self.assertEqual(len(self.hub.audit(verb='rules_inherited')), 1)
        before = self.hub.api('/rules?limit=100')['rules']
        self.agents[-1].stop(signal.SIGKILL)
        self.agents[-1].start(wait=False)
        self.hub.cli('rules', 'set', '192.0.2.4')
        until(lambda: '192.0.2.4' in late.blocked(), 'it is back')
        after = {r['id']: r['params'] for r in self.hub.api('/rules?limit=100')['rules']}
        self.assertEqual({i for i in after if after[i] != '192.0.2.4'}, {r['id'] for r in before})
        self.assertEqual(len(self.hub.audit(verb='rules_inherited')), 1, 'once')
        self.hub.cli('rules', 'unset', '192.0.2.1')
        until(lambda: '192.0.2.1' not in late.blocked(), 'taken back everywhere')

    def test_killed_at_random_moments(self):
        seed = random.randrange(10 ** 6)
        print(f'seed {seed}')
        dice = random.Random(seed)
        kills, answers = [], []
        for number in range(30):
            address = f'198.51.100.{number + 1}'
            victim = dice.choice([self.hub, *self.agents])
            axe = threading.Timer(dice.uniform(0, 0.08), lambda process=victim.process: process.kill())
            if dice.random() < 0.5:
                axe.start()
                kills.append(victim)
            uid = f'kill-{number}'
            status, reply = insist(self.hub, self.agents, '/alerts', {'uid': uid, 'kind': 'test_scan', 'address': address, 'subject': address})
            self.assertEqual(status, 202, reply)
            case = self.wait_case(address)
            status, reply = insist(self.hub, self.agents, f'/cases/{case}/decision', {'response': 'block', 'for': 3600 + number})
            self.assertIn(status, (200, 409), reply)
            self.assertEqual(reply['case']['decision']['response'], 'block')
            answers.append(case)
            axe.join() if axe.is_alive() else None
        print(f'{len(kills)} kills, {sum(k is self.hub for k in kills)} of them of the hub')
        revive(self.hub, self.agents)

        def done():
            revive(self.hub, self.agents)
            try:
                return self.hub.api('/status')['counts']['unsettled_rules'] == 0 and len(self.hub.cases('closed')) == 30
            except (OSError, http.client.HTTPException):
                return False
        until(done, 'everything is in force', 30, 0.1)
        rules = self.compare()
        self.assertEqual(len(rules), 60)
        self.assertEqual(len(self.hub.cases('all')), 30, 'a case for each alert, though it was sent again')
        for case in answers:
            decisions = [e for e in self.hub.audit(object=f'case {case}') if e['verb'] == 'decide']
            self.assertEqual(len(decisions), 1, self.hub.audit(object=f'case {case}'))

    def wait_case(self, address):
        def look():
            revive(self.hub, self.agents)
            try:
                return self.hub.cases('all', subject=address)
            except (OSError, http.client.HTTPException):
                return None
        return until(look, f'the case of {address}')[0]['id']


if __name__ == '__main__':
    main()
