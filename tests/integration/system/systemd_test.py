"""The shipped units under systemd itself: hub and agent, with speeds kept in the kernel, as the documents say that they are
installed. What a unit takes away, a test in namespaces of our own cannot know."""
import json
import unittest

from booted import Booted
from world import World, main, until

HUB = 'hub:\n  listen: 127.0.0.1:8443\n'
RULES = '''      shaping_in: {backend: limiter, options: {interface: sub0}}
      inet_access: {backend: nftables, options: {interface: sub0}}
'''


class UnderSystemd(unittest.TestCase):
    def setUp(self):
        self.machine = Booted(World.of(self))
        self.addCleanup(self.machine.stop)
        for words in (('link', 'add', 'sub0', 'type', 'veth', 'peer', 'name', 'sub1'), ('addr', 'add', '100.64.0.1/16', 'dev', 'sub0'),
                      ('link', 'set', 'sub0', 'up')):
            self.machine.run('ip', *words)

    def start(self, unit):
        self.machine.shipped_drop_in(unit)
        self.machine.systemctl('daemon-reload')
        self.machine.systemctl('start', unit)
        self.assertEqual(self.machine.systemctl('is-active', unit).strip(), 'active')

    def garita(self, *words):
        return self.machine.run('garita', *words).stdout

    def in_force(self, device):
        self.garita('rules', 'set', device, 'shaping_in', '100.64.0.5', '10mbit')
        self.garita('rules', 'set', device, 'inet_access', '100.64.0.5', 'open')
        self.nothing_differs(device)

    def nothing_differs(self, device):
        def right():
            done = self.machine.run('garita', 'rules', 'drift', device, '--json', check=False)
            if done.returncode != 0:
                return False
            return {rule['rule']: (rule['entries'], rule['different']) for rule in json.loads(done.stdout)['rules']} == \
                {'shaping_in': (1, 0), 'inet_access': (1, 0)}
        try:
            until(right, f'{device} is as wanted', 60, 0.2)
        except AssertionError as error:
            raise AssertionError(f'{error}\n{self.machine.log()}') from None
        self.assertIn('garita/shaping_in/', self.machine.run('tc', 'filter', 'show', 'dev', 'sub0', 'egress').stdout)

    def test_the_hub_keeps_speeds_of_its_own_machine(self):
        self.machine.write('/etc/garita/hub.yml', HUB + 'devices:\n  border1:\n    connect: local\n    rules:\n' + RULES, 'garita-hub')
        self.start('garita-hub')
        self.in_force('border1')
        self.machine.systemctl('kill', '-s', 'KILL', 'garita-hub')
        until(lambda: self.machine.run('garita', 'status', check=False).returncode == 0, 'systemd has started it again', 60)
        self.nothing_differs('border1')
        self.machine.systemctl('restart', 'garita-hub')
        self.nothing_differs('border1')

    def test_an_agent_keeps_speeds_of_its_host(self):
        self.machine.write('/etc/garita/hub.yml', HUB + 'devices:\n  web1:\n    connect: agent\n    rules: {shaping_in: {}, inet_access: {}}\n',
                           'garita-hub')
        self.machine.write('/etc/garita/agent.yml', 'agent: {name: web1, hub: "https://127.0.0.1:8443"}\nrules:\n' +
                           RULES.replace('      ', '  '), 'garita-agent')
        self.machine.systemctl('daemon-reload')
        self.machine.systemctl('start', 'garita-hub')
        code = json.loads(self.garita('enroll', 'web1', '--json'))['code']
        self.machine.run('garita-agent', 'enroll', '--config', '/etc/garita/agent.yml', '--hub', 'https://127.0.0.1:8443', '--code', code)
        self.start('garita-agent')
        self.in_force('web1')
        self.machine.systemctl('kill', '-s', 'KILL', 'garita-agent')
        self.nothing_differs('web1')
        self.machine.systemctl('restart', 'garita-agent')
        self.nothing_differs('web1')


if __name__ == '__main__':
    main()
