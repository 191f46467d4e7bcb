"""The shipped units under systemd itself: hub and agent, with speeds kept in the kernel, as the documents say that they are
installed. What a unit takes away, a test in namespaces of our own cannot know."""
import json
import unittest

from booted import Booted
from mail_signing import OpenPgp
from world import World, main, until

HUB = 'hub:\n  listen: 127.0.0.1:8443\n'
ACCESS = """people:
  ana: {role: approver, mail: [ana@mail.test], keys: ["%s"]}
mail: {server: 127.0.0.1, security: tls, from: gate@mail.test, to: [{address: noc@mail.test}]}
access:
  mailbox: {server: 127.0.0.1, user: gate, password: {file: /etc/garita/mailbox}, every: 5s}
  proof: {openpgp_keys: [/etc/garita/ana.asc]}
  syslog: {listen: ["udp 127.0.0.1:5514"]}
  switches:
    sw1: {address: 127.0.0.2, user: garita, password: {file: /etc/garita/mailbox},
          host_keys: ["SHA256:mVPwvezndPv/ARoIadVY98vAC0g+P/5633yTC4d/wXE"]}
"""
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

    def test_the_hub_reads_keys_and_signatures_of_openpgp(self):
        key = OpenPgp(self.machine.directory, 'ana@mail.test')
        self.addCleanup(key.end)
        signature = key.gpg('--local-user', key.address, '--armor', '--detach-sign', input=b'approved').decode()
        for name, text in (('hub.yml', HUB + ACCESS % key.fingerprint), ('mailbox', 'a word'), ('ana.asc', key.public.read_text()),
                           ('signature', signature), ('text', 'approved'), ('changed', 'Approved')):
            self.machine.write(f'/etc/garita/{name}', text, 'garita-hub')
        self.machine.systemctl('daemon-reload')
        self.machine.systemctl('start', 'garita-hub')  # refused where the keys could not be read
        self.assertIn('mailbox', self.machine.run('garita', 'access', 'status', check=False).stdout)
        self.machine.systemctl('stop', 'garita-hub')
        # and what it runs for each letter, in its place
        for text, status in (('text', 0), ('changed', 1)):
            self.machine.drop_in('garita-hub', 'verify', '[Service]\nType=oneshot\nRestart=no\nExecStart=\n'
                                 f'ExecStart=/usr/bin/gpg --homedir /var/lib/garita/gnupg --batch --verify /etc/garita/signature /etc/garita/{text}\n')
            self.machine.systemctl('daemon-reload')
            self.machine.run('systemctl', 'start', 'garita-hub', check=False)
            self.assertEqual(self.machine.systemctl('show', '-P', 'ExecMainStatus', 'garita-hub').strip(), str(status), self.machine.log())


if __name__ == '__main__':
    main()
