"""Rules of devices, kept by the hub on its own machine: what is wanted reaches the kernel and packets feel it, stays so
whatever others do there, and survives the hub's death in the middle of many."""
import json
import signal
import unittest

from router import SUBSCRIBERS, RulesOfBorder, border_of
from world import Hub, World, main, until

DEVICES = '''rules_log: {{file: {directory}/rules.log, level: changes}}
devices:
  border1:
    connect: local
    rules:
      inet_access: {{backend: nftables, options: {{interface: sub0}}}}
  switch1:
    connect: local
    stuck_after: 1s
    rules:
      vip:
        backend: command
        params: {{ip: address}}
        value: open|closed
        absent: closed
        add: [{program}, add, "{{ip}}"]
        delete: [{program}, delete, "{{ip}}"]
        list: [{program}, list]
'''
# A device of files: an address that is in `bad` is refused, and while there is `away` it cannot be reached.
PROGRAM = '''#!/bin/sh
cd {directory} || exit 1
[ ! -e away ] || {{ echo "no route to host" >&2; exit 1; }}
case $1 in
    add) ! grep -qx "$2" bad || {{ echo "$2 is bad" >&2; exit 1; }}
         touch "on.$2" ;;
    delete) rm -f "on.$2" ;;
    list) for one in on.*; do [ ! -e "$one" ] || echo "${{one#on.}} open"; done ;;
esac
'''


class RuleKeeping(RulesOfBorder, unittest.TestCase):
    device = 'border1'

    def setUp(self):
        self.world = World.of(self)
        self.border, self.server, self.subscriber = border_of(self.world)
        self.switch = self.border.directory / 'switch'
        self.switch.mkdir()
        (self.switch / 'bad').write_text('')
        program = self.switch / 'program'
        program.write_text(PROGRAM.format(directory=self.switch))
        program.chmod(0o755)
        self.hub = Hub(self.border, [], DEVICES.format(program=program, directory=self.switch), ['--debug'])

    def test_packets_feel_what_is_wanted_and_hands_are_repaired(self):
        first, second = SUBSCRIBERS[:2]
        until(lambda: 'inet_access' in self.border.run('nft', 'list', 'chains').stdout, 'the chain is there')
        self.assertFalse(self.passes(first))
        self.want([(first, 'open')])
        until(lambda: self.passes(first), 'an open one passes', 5)
        self.assertFalse(self.passes(second))
        until(self.settled, 'it is recorded')
        plan = self.hub.cli('rules', 'plan', 'border1')
        self.assertIn('as it is wanted', plan.stdout)
        self.assertEqual(json.loads(self.hub.cli('rules', 'plan', 'border1', '--json').stdout)['different'], 0)
        # somebody's hands
        self.border.run('nft', 'delete', 'element', 'inet', 'garita_rules', 'inet_access.4.00', '{', first, '}')
        self.border.run('nft', 'add', 'element', 'inet', 'garita_rules', 'inet_access.4.00', '{', second, '}')
        until(lambda: self.elements() == {first}, 'the set is repaired', 15)
        self.assertTrue(self.passes(first))
        self.border.run('nft', 'delete', 'table', 'inet', 'garita_rules')
        until(lambda: 'garita_rules' in self.border.run('nft', 'list', 'tables').stdout, 'the table is made anew', 15)
        until(lambda: self.passes(first) and not self.passes(second), 'as before', 5)
        drift = json.loads(self.hub.cli('rules', 'drift', 'border1', '--json').stdout)
        self.assertEqual(drift['rules'][0]['different'], 0)
        for _ in range(5):
            self.hub.cli('rules', 'rebuild', 'inet_access', '-d', 'border1')
            self.assertTrue(self.passes(first))
        self.want([(first, 'closed')])
        until(lambda: not self.passes(first), 'a closed one does not pass', 5)
        self.assertEqual(self.hub.cli('rules', 'drift', 'nowhere', check=False).returncode, 1)

    def test_what_stays_stuck_is_one_case_until_it_is_over(self):
        (self.switch / 'bad').write_text('192.0.2.1\n192.0.2.2\n')
        self.want([(f'192.0.2.{n}', 'open') for n in (1, 2, 3)], 'vip', 'switch1')
        case, = until(lambda: self.hub.cases(kind='rules_stuck'), 'a case about the refused ones', 30)
        self.assertEqual((case['device'], case['subject'], case['facts']['refused']), ('switch1', 'vip', '2'))
        self.assertIn('is bad', case['facts']['why'])
        self.assertTrue((self.switch / 'on.192.0.2.3').exists())
        self.want([(f'192.0.2.{n}', 'closed') for n in (1, 2)], 'vip', 'switch1')
        until(lambda: not self.hub.cases(kind='rules_stuck'), 'the case is over', 30)
        closed, = self.hub.cases('closed', kind='rules_stuck')
        self.assertEqual(closed['id'], case['id'])
        self.assertIn('in force', self.hub.cli('case', str(case['id'])).stdout)
        told = (self.switch / 'rules.log').read_text()
        self.assertRegex(told, r'switch1: change +.*put=3 removed=0 refused=2 .*what="192.0.2.1=open, 192.0.2.2=open')
        self.assertRegex(told, r'switch1: refused .*rule="?192.0.2.2=open.*is bad')
        self.assertRegex(told, r'border1: prepare|border1: rebuild')
        self.assertRegex(told, r'switch1: command .*words="[^ ]*program add 192.0.2.1".*is bad')
        self.assertNotIn('program list', told)
        self.assertRegex(self.world.tail(1000000), r'switch1: command .*program list')
        (self.switch / 'away').write_text('')
        self.want([('192.0.2.7', 'open')], 'vip', 'switch1')
        away, = until(lambda: self.hub.cases(kind='rules_stuck'), 'a case about the device that is away', 30)
        self.assertNotEqual(away['id'], case['id'])
        self.assertIn('no route to host', away['facts']['why'])
        (self.switch / 'away').unlink()
        until(lambda: not self.hub.cases(kind='rules_stuck'), 'it is back', 60)
        self.assertTrue((self.switch / 'on.192.0.2.7').exists())

    def test_what_is_taken_out_of_the_configuration_is_removed_from_devices(self):
        self.want([(SUBSCRIBERS[0], 'open')])
        self.want([(f'192.0.2.{n}', 'open') for n in (1, 2)], 'vip', 'switch1')
        until(self.settled, 'all is there')
        until(lambda: self.elements() == {SUBSCRIBERS[0]} and (self.switch / 'on.192.0.2.2').exists(), 'on the devices')
        (self.switch / 'away').write_text('')
        written = self.hub.config.read_text()
        self.hub.configure('\ndevices:\n  other: {connect: local, rules: {ip_mark: {backend: nftables}}}\n')
        self.hub.process.send_signal(signal.SIGHUP)
        until(lambda: 'inet_access' not in self.border.run('nft', 'list', 'chains').stdout, 'the chains are gone', 15)
        trouble = until(lambda: [t for t in self.hub.api('/status')['hub']['troubles'] if 'left behind' in t],
                        'what could not be removed is told', 15)
        self.assertIn('rules vip of device switch1', trouble[0])
        self.assertIn('no route to host', trouble[0])
        self.assertTrue((self.switch / 'on.192.0.2.2').exists())
        self.hub.stop(signal.SIGKILL)
        (self.switch / 'away').unlink()
        self.hub.start()
        until(lambda: not list(self.switch.glob('on.*')), 'a start finds and removes it', 15)
        until(lambda: sorted(e['object'] for e in self.hub.audit(verb='rules_removed')) ==
              ['rules inet_access of device border1', 'rules vip of device switch1'], 'the audit trail tells it')
        self.assertFalse([t for t in self.hub.api('/status')['hub']['troubles'] if 'left behind' in t])
        self.hub.config.write_text(written)
        self.hub.process.send_signal(signal.SIGHUP)
        until(lambda: self.passes(SUBSCRIBERS[0]) and (self.switch / 'on.192.0.2.2').exists(), 'all of it is back', 15)

    def test_a_device_that_is_gone_is_forgotten(self):
        self.want([('192.0.2.1', 'open')], 'vip', 'switch1')
        until(self.settled, 'it is there')
        self.assertEqual(self.hub.cli('rules', 'forget', 'switch1', check=False).returncode, 1, 'it is configured')
        (self.switch / 'away').write_text('')
        self.hub.configure('\ndevices:\n  other: {connect: local, rules: {ip_mark: {backend: nftables}}}\n')
        self.hub.process.send_signal(signal.SIGHUP)

        def troubles():
            return [t for t in self.hub.api('/status')['hub']['troubles'] if 'left behind' in t]
        until(troubles, 'told', 15)
        self.assertEqual(self.hub.cli('rules', 'forget', 'switch1', 'other', check=False).returncode, 1)
        self.assertIn('rules vip of device switch1', self.hub.cli('rules', 'forget', 'switch1', 'vip').stdout)
        self.assertEqual(troubles(), [])
        entry, = self.hub.audit(verb='rules_forgotten')
        self.assertEqual((entry['object'], entry['actor']['kind']), ('rules vip of device switch1', 'person'))
        (self.switch / 'away').unlink()
        self.hub.stop()
        self.hub.start()
        until(lambda: 'inet_access' not in self.border.run('nft', 'list', 'chains').stdout, 'what is not forgotten is removed', 15)
        self.assertTrue((self.switch / 'on.192.0.2.1').exists(), 'and this stays')

    def test_a_kill_in_the_middle_of_many_loses_nothing(self):
        wanted = {f'100.{64 + n // 65536}.{n // 256 % 256}.{n % 256}' for n in range(1000, 31000)}
        for value in ('open', 'closed', 'open'):
            self.want([(address, value) for address in sorted(wanted)])
            for _ in range(3):
                self.hub.stop(signal.SIGKILL)
                self.hub.start()
            until(self.settled, 'all is recorded', 60)
            self.assertEqual(self.elements(), wanted if value == 'open' else set())
        drift = self.hub.api('/devices/rules/drift', {'device': 'border1'})
        self.assertEqual((drift['rules'][0]['entries'], drift['rules'][0]['different']), (len(wanted), 0))


if __name__ == '__main__':
    main()
