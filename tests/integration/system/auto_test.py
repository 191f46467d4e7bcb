"""Policies that answer by themselves, policies that only look, and addresses that nobody can have blocked."""
import unittest

from world import Agent, AppLog, Hub, World, main, until

HUB = '''
policies:
  - {kind: test_scan, mode: auto, response: block, for: 1h}
  - {kind: log_patterns, name: app, mode: auto, response: block, for: 2h}
  - {kind: seen_only, mode: observe}
protected: [10.88.0.99, 10.99.0.0/16]
'''


class Auto(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.client, self.server = self.world.host('client'), self.world.host('server')
        self.log = AppLog(self.world.directory / 'app.log')
        self.hub = Hub(self.server, ['server'], HUB)
        self.agent = Agent(self.server, self.hub, self.log.detectors + 'protected: [10.88.0.77]\n')

    def test_auto_blocks_without_asking(self):
        self.assertEqual(self.client.knock(self.server.address, 8443), 'open')
        self.log.failed_logins(self.client.address)
        until(lambda: self.client.address in self.server.blocked(), 'the address of the log is in the kernel', 15)
        self.assertEqual(self.client.knock(self.server.address, 8443), 'silent')
        case = until(lambda: self.hub.cases('closed', kind='log_patterns'), 'the case is over')[0]
        self.assertEqual((case['decision']['response'], case['decision']['by']['kind']), ('block', 'policy'))
        self.assertEqual(case['progress']['done'], 1, case)
        self.assertAlmostEqual(self.server.blocked()[self.client.address], 7200, delta=60)
        self.assertTrue(self.hub.audit(object=f'case {case["id"]}'), self.hub.audit())
        self.assertFalse(self.hub.cases('open'))

        self.hub.alert('192.0.2.0/24', subject='a net')
        self.hub.alert('2001:db8::7')
        until(lambda: {'192.0.2.0', '2001:db8::7'} <= set(self.server.blocked()), 'alerts by REST are blocked too', 15)

    def test_observe_only_records(self):
        case = self.hub.alert('192.0.2.9', kind='seen_only')
        self.assertEqual(case['state'], 'observed')
        self.assertEqual(self.server.blocked(), {})
        self.assertEqual(self.hub.cases('open'), [])
        self.assertIn('seen_only', self.hub.cli('cases', '--all').stdout)
        refused = self.hub.cli('decide', case['id'], 'block', check=False)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertEqual(self.server.blocked(), {})

    def test_protected_addresses(self):
        protected = {'10.88.0.99': 'configuration', '10.99.1.2': 'configuration', '10.99.0.0/24': 'configuration',
                     '10.88.0.0/24': '', self.server.address: 'an address of the hub', self.server.address6: 'an address of the hub',
                     self.world.gateway: 'gateway', '10.88.0.77': 'server', '127.0.0.1': 'loopback', '::1': 'loopback'}
        for address, why in protected.items():
            with self.subTest(address):
                case = self.hub.alert(address, kind='asked')
                self.assertEqual(case['state'], 'open')
                refused = self.hub.cli('decide', case['id'], 'block', check=False)
                self.assertEqual(refused.returncode, 1, refused.stdout)
                self.assertIn('protected', refused.stderr)
                self.assertIn(why, refused.stderr)
                self.assertEqual(self.hub.api(f'/cases/{case["id"]}')['state'], 'open', 'another answer is possible')
                refusals = [e for e in self.hub.audit(object=f'case {case["id"]}') if 'refuse' in e['verb']]
                self.assertEqual(len(refusals), 1, self.hub.audit(object=f'case {case["id"]}'))
                self.hub.cli('decide', case['id'], 'nothing')
                refused = self.hub.cli('rules', 'set', address, check=False)
                self.assertEqual(refused.returncode, 1, refused.stdout)
                self.assertIn('protected', refused.stderr)
        refusals = [e['detail'] for e in self.hub.audit(verb='rule_refused')]
        self.assertEqual(len(refusals), len(protected), refusals)
        # a policy cannot do what a person may not
        case = self.hub.alert('10.99.3.4')
        self.assertNotEqual(case.get('decision', {}).get('response'), 'block', case)
        self.assertEqual(self.server.blocked(), {})
        self.assertEqual(self.hub.api('/rules')['rules'], [])


if __name__ == '__main__':
    main()
