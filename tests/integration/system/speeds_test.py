"""Speeds of subscribers as hub and agent keep them: packets feel them both ways, they go on through kill -9 and right after it,
under the restrictions that the units and their drop-ins give, and what is missing is named."""
import json
import os
import re
import signal
import subprocess
import unittest
from pathlib import Path

from speeds import SUBSCRIBERS, Subscriber, border_of, kernel_files
from world import BIN, QUIET, SOURCE, Agent, Hub, World, main, until

RULES = '''shaping_in: {{backend: limiter, options: {{interface: sub0{more}}}}}
{indent}shaping_out: {{backend: tc, options: {{interface: sub0, classes: 20}}}}
'''
LOCAL = 'devices:\n  border:\n    connect: local\n    rules:\n      ' + RULES.format(indent='      ', more='')
MBIT = 1e6
USER = 64312
# as the unit: everything read-only but the hub's own folder and its part of bpffs
CONFINED = ('mount --bind "$1" "$1" && mount --bind /sys/fs/bpf/garita /sys/fs/bpf/garita && mount -o remount,bind,ro / && '
            'mount -o remount,bind,ro /sys && shift && exec "$@"')


def dropin(name):
    """{key: [values]} of what a unit says, and its drop-in."""
    said = {}
    for file in (f'{name}.service', f'{name}-limiter.conf'):
        for line in (SOURCE / 'packaging' / 'systemd' / file).read_text().splitlines():
            key, equals, value = line.partition('=')
            if equals and not line.startswith('#'):
                said.setdefault(key, []).append(value)
    return said


def system_calls(lines):
    """The names that a unit's SystemCallFilter lines leave."""
    def names(word):
        if not word.startswith('@'):
            return {word}
        listed = subprocess.run(['systemd-analyze', 'syscall-filter', word], capture_output=True, text=True, check=True).stdout
        found = [line.strip() for line in listed.splitlines()[1:] if line.strip() and not line.strip().startswith('#')]
        return {name for one in found for name in names(one)}
    allowed = set()
    for line in lines:
        some = {name for word in line.lstrip('~').split() for name in names(word)}
        allowed = allowed - some if line.startswith('~') else allowed | some
    return allowed


class Speeds(Subscriber, unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center = self.world.host('center')
        self.border, self.server, self.subscriber = border_of(self.world)
        kernel_files(self.border)

    def want(self, **rates):
        rows = [{'device': 'border', 'rule': rule, 'params': SUBSCRIBERS[0], 'value': value} for rule, value in rates.items()]
        self.assertEqual(self.hub.api('/devices/rules', {'rules': rows})['refused'], [])

    def settled(self):
        counts = self.hub.api('/devices/rules/counts')['counts']
        return counts and all(c['pending'] == 0 and c['refused'] == 0 for c in counts)

    def troubles(self):
        plan = json.loads(self.hub.cli('rules', 'plan', 'border', '--json').stdout)
        return {r['rule']: r.get('trouble', '') for r in plan['rules']}

    def test_a_hub_killed_and_started_again(self):
        self.hub = Hub(self.border, [], LOCAL)
        self.want(shaping_in='8Mbit', shaping_out='4Mbit')
        until(self.settled, 'in force', 30)
        self.assertRate(self.receives(), 8 * MBIT)
        self.assertRate(self.sends(), 4 * MBIT)
        self.hub.stop(signal.SIGKILL)
        self.assertRate(self.receives(), 8 * MBIT)
        self.assertRate(self.sends(), 4 * MBIT)
        self.hub.start()
        self.assertRate(self.receives(), 8 * MBIT)
        self.assertRate(self.sends(), 4 * MBIT)
        self.want(shaping_in='3Mbit', shaping_out='6Mbit')
        self.hub.stop(signal.SIGKILL)
        self.hub.start()
        until(self.settled, 'what was wanted at the kill is in force', 30)
        self.assertRate(self.receives(), 3 * MBIT)
        self.assertRate(self.sends(), 6 * MBIT)
        drift = self.hub.api('/devices/rules/drift', {'device': 'border'})
        self.assertEqual([(r['entries'], r['different']) for r in drift['rules']], [(1, 0), (1, 0)])
        # other interfaces: nothing hangs where it was
        self.border.run('ip', 'link', 'add', 'sub1', 'type', 'veth', 'peer', 'name', 'far1')
        self.border.run('ip', 'link', 'set', 'sub1', 'up')
        self.hub.config.write_text(self.hub.config.read_text().replace('sub0', 'sub1'))
        self.hub.process.send_signal(signal.SIGHUP)
        until(lambda: 'garita' in self.border.run('tc', 'filter', 'show', 'dev', 'sub1', 'egress').stdout, 'at the other one', 30)
        until(lambda: 'htb' not in self.border.run('tc', 'qdisc', 'show', 'dev', 'sub0').stdout and
              'garita' not in self.border.run('ip', '-br', 'link').stdout.replace('garita-ifb' + self.index('sub1'), ''),
              'the old device is gone', 30)
        until(lambda: 'garita' not in self.border.run('tc', 'filter', 'show', 'dev', 'sub0', 'egress').stdout, 'the old program too')
        self.assertGreater(self.receives(), 20 * MBIT)

    def index(self, name):
        return str(json.loads(self.border.run('ip', '-j', 'link', 'show', name).stdout)[0]['ifindex'])

    def confined_hub(self, capabilities, calls):
        """A hub under what its unit and the drop-in say, but with these capabilities and system calls."""
        border, said = self.border, dropin('garita-hub')
        for command in said['ExecStartPre']:
            border.run(*command.lstrip('+').replace('garita-hub:garita-hub', f'{USER}:{USER}').replace('garita-hub', str(USER)).split())
        held = ','.join('+' + one.removeprefix('CAP_').lower() for one in capabilities)
        words = ['setpriv', f'--reuid={USER}', f'--regid={USER}', '--clear-groups', '--bounding-set=-all,' + held,
                 '--inh-caps=-all,' + held, '--ambient-caps=-all,' + held, '--no-new-privs', '/usr/bin/python3',
                 Path(__file__).parent / 'confined.py', ' '.join(sorted(calls)), '--']

        class Confined(Hub):
            def configure(self, extra):
                super().configure(extra)
                for path in (self.directory, self.config):
                    os.chown(path, USER, USER)

            def start(self):
                self.process = border.start('unshare', '-m', 'sh', '-c', CONFINED, 'sh', self.directory, *words, BIN / 'garita', 'hub',
                                            '--config', self.config)
                status = until(lambda: self.ended() or self.answering(), 'the hub answers')
                if self.ended():
                    raise AssertionError('the hub ended:\n' + border.world.tail())
                self.pin = status['hub']['pin']
        return Confined(border, [], LOCAL)

    def test_a_hub_with_what_its_drop_in_gives(self):
        said = dropin('garita-hub')
        capabilities, calls = said['AmbientCapabilities'][-1].split(), system_calls(said['SystemCallFilter'])
        self.assertEqual(said['CapabilityBoundingSet'][-1].split(), capabilities)
        self.hub = self.confined_hub(capabilities, calls)
        status = Path(f'/proc/{self.hub.process.pid}/status').read_text()
        self.assertEqual(int(re.search(r'CapEff:\s*(\w+)', status)[1], 16), 1 << 12 | 1 << 39)
        self.assertEqual(re.search(r'Seccomp:\s*(\d)', status)[1], '2')
        self.want(shaping_in='8Mbit', shaping_out='4Mbit')
        until(self.settled, 'in force', 30)
        self.assertEqual(self.troubles(), {'shaping_in': '', 'shaping_out': ''})
        self.assertRate(self.receives(), 8 * MBIT)
        self.assertRate(self.sends(), 4 * MBIT)
        self.hub.cli('rules', 'rebuild', 'shaping_in')
        self.hub.stop(signal.SIGKILL)
        self.hub.start()
        self.want(shaping_in='3Mbit')
        until(self.settled, 'in force again', 30)
        self.assertRate(self.receives(), 3 * MBIT)
        self.hub.stop()
        self.border.run('rm', '-rf', '/sys/fs/bpf/garita/shaping_in')
        for missing, capabilities_left, calls_left in (
                ('CAP_BPF', ['CAP_NET_ADMIN'], calls), ('CAP_NET_ADMIN', ['CAP_BPF'], calls),
                ('SystemCallFilter', capabilities, calls - {'bpf'})):
            self.hub = self.confined_hub(capabilities_left, calls_left)
            trouble = until(lambda: self.troubles()['shaping_in'], f'told without {missing}')
            self.assertIn(missing, trouble)
            for other in {'CAP_BPF', 'CAP_NET_ADMIN'} - {missing}:
                if missing != 'SystemCallFilter':
                    self.assertNotIn(other, trouble)
            self.hub.stop()

    def agent_with(self, rules):
        devices = 'devices: {border: {connect: agent, rules: {shaping_in: {}, shaping_out: {}}}}\n'
        self.hub = Hub(self.center, ['border'], devices)
        self.agent = Agent(self.border, self.hub, QUIET + rules, wait=False)

    def test_an_agent_with_what_its_unit_and_drop_in_give(self):
        own, added = dropin('garita-agent')['CapabilityBoundingSet']
        border = self.border

        class Bounded(Agent):
            bounds = own

            def start(self, wait=True):
                held = ','.join('+' + one.removeprefix('CAP_').lower() for one in self.bounds.split())
                self.process = border.start('setpriv', '--bounding-set=-all,' + held, BIN / 'garita-agent', '--config', self.config)
        devices = 'devices: {border: {connect: agent, rules: {shaping_in: {}, shaping_out: {}}}}\n'
        self.hub = Hub(self.center, ['border'], devices)
        agent = Bounded(border, self.hub, QUIET + 'rules:\n  ' + RULES.format(indent='  ', more=''))
        self.want(shaping_in='8Mbit', shaping_out='4Mbit')
        until(lambda: 'it needs CAP_BPF, which' in self.troubles()['shaping_in'], 'told without the drop-in')
        self.assertRate(self.sends(), 4 * MBIT)
        agent.stop()
        agent.bounds = own + ' ' + added
        agent.start()
        until(self.settled, 'in force with it', 30)
        self.assertRate(self.receives(), 8 * MBIT)
        held = {}
        parts = Path(f'/proc/{agent.process.pid}/task/{agent.process.pid}/children').read_text().split()
        for part in [agent.process.pid, *parts]:
            status = dict(line.split(':', 1) for line in Path(f'/proc/{part}/status').read_text().splitlines() if ':' in line)
            held[status['Name'].strip()] = int(status['CapPrm'], 16)
        self.assertEqual(held['garita-enforcer'], 1 << 12 | 1 << 5 | 1 << 19 | 1 << 39)
        self.assertFalse(held['garita-agent'] & ~(1 << 2), 'the main part has none of it')

    def test_an_agent_keeps_them(self):
        log = self.border.directory / 'rules.log'
        self.agent_with('rules:\n  ' + RULES.format(indent='  ', more='') + f'rules_log: {{file: {log}, level: changes}}\n')
        self.want(shaping_in='8Mbit', shaping_out='4Mbit')
        until(self.settled, 'in force', 30)
        self.assertRate(self.receives(), 8 * MBIT)
        self.assertRate(self.sends(), 4 * MBIT)
        self.assertRegex(log.read_text(), r'border: (change|rebuild) .*rules=shaping_in .*result=done')
        self.agent.stop(signal.SIGKILL)
        self.assertRate(self.receives(), 8 * MBIT)
        self.agent.start(wait=False)
        until(lambda: log.read_text().count('prepare') >= 2, 'it is at it again')
        self.want(shaping_in='3Mbit', shaping_out='6Mbit')
        until(self.settled, 'changed', 30)
        self.assertRegex(log.read_text(), r'border: change .*rules=shaping_in put=1 .*what="?100.64.0.2=3Mbit')
        self.assertRate(self.receives(), 3 * MBIT)
        self.assertRate(self.sends(), 6 * MBIT)
        drift = until(lambda: self.hub.request('/devices/rules/drift', {'device': 'border'}), 'an answer')[1]
        self.assertEqual([(r['entries'], r['different']) for r in drift['rules']], [(1, 0), (1, 0)])
        # what is taken out of the agent's own file goes from its host
        self.agent.stop()
        self.agent.config.write_text(re.sub(r'  shaping_(in|out): .*\n', '', self.agent.config.read_text())
                                     .replace('rules:\n', 'rules:\n  inet_access: {backend: ipset}\n', 1))
        self.agent.start(wait=False)
        until(lambda: 'garita' not in self.border.run('tc', 'filter', 'show', 'dev', 'sub0', 'egress').stdout, 'no program', 30)
        until(lambda: 'garita-ifb' not in self.border.run('ip', '-br', 'link').stdout, 'no classes', 30)
        self.assertEqual(self.border.run('ls', '/sys/fs/bpf/garita').stdout, '')
        self.assertGreater(self.receives(), 20 * MBIT)


if __name__ == '__main__':
    main()
