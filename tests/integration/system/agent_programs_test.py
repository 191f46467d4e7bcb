"""Rules of classes that an agent keeps by running programs, in a part of its own."""
import json
import os
import re
import shutil
import signal
import time
import unittest
from pathlib import Path

from router import RulesOfBorder
from world import BIN, QUIET, SOURCE, Agent, Hub, World, main, until

SPEED = """#!/bin/sh
# a device that nobody thought of: its table is a file
case "$1" in
    list) cat "$0.table" ;;
    add) echo "$2 $3" >> "$0.table" ;;
    delete) sed -i "/^$2 /d" "$0.table" ;;
esac
"""


class ByPrograms(RulesOfBorder, unittest.TestCase):
    """Backends that run programs, in the agent's third part: those of the agent's own file, never one that the hub names."""
    def setUp(self):
        self.world = World.of(self)
        self.center, self.border = self.world.host('center'), self.world.host('border')
        self.script = self.border.directory / 'speed'
        self.script.write_text(SPEED)
        self.script.chmod(0o755)
        self.table = self.border.directory / 'speed.table'
        self.table.touch()
        self.ipfw = self.border.directory / 'ipfw'  # its emulator: the kernel is another one
        shutil.copy(SOURCE / 'tests' / 'ipfw_emulator' / 'ipfw.py', self.ipfw)
        (self.border.directory / 'generation').write_text('new')
        own = f"""rules:
  speed:
    backend: command
    params: {{ip: address}}
    value: rate
    add: [{self.script}, add, "{{ip}}", "{{value}}"]
    delete: [{self.script}, delete, "{{ip}}"]
    list: [{self.script}, list]
  blocked: {{backend: ipset, params: {{ip: address}}, value: yes|no, absent: no}}
  allowed: {{backend: iptables, params: {{ip: address}}, value: yes|no, absent: no}}
  shaping_in: {{backend: ipfw, options: {{program: {self.ipfw}}}}}
"""
        devices = """devices:
  border:
    connect: agent
    rules:
      speed: {params: {ip: address}, value: rate, backend: command, add: [/bin/touch, /tmp/never, "{ip}"], delete: [/bin/touch, "{ip}"]}
      blocked: {params: {ip: address}, value: yes|no, absent: no}
      allowed: {params: {ip: address}, value: yes|no, absent: no}
      shaping_in: {}
"""
        self.hub = Hub(self.center, ['border'], devices)
        self.agent = Agent(self.border, self.hub, QUIET + own)

    def test_each_backend_does_its_work(self):
        self.want([('192.0.2.1', '10Mbit'), ('192.0.2.2', '20Mbit')], 'speed')
        self.want([('192.0.2.3', 'yes')], 'blocked')
        self.want([('192.0.2.4', 'yes')], 'allowed')
        self.want([('192.0.2.5', '7Mbit'), ('2001:db8::5', '9Mbit')], 'shaping_in')
        until(self.settled, 'all is recorded', 30)
        pipes = json.loads((self.border.directory / 'state').read_text())
        self.assertIn('192.0.2.5', json.dumps(pipes['tables']['garita_shaping_in']))
        self.assertEqual(len(pipes['pipes']), 2)
        self.assertEqual(sorted(self.table.read_text().splitlines()), ['192.0.2.1 10Mbit', '192.0.2.2 20Mbit'])
        self.assertIn('192.0.2.3', self.border.run('ipset', 'save').stdout)
        self.assertIn('192.0.2.4', self.border.run('iptables-save').stdout)
        self.assertFalse(Path('/tmp/never').exists(), 'no program that the hub names is run')
        self.hub.cli('rules', 'unset', 'border', 'speed', '192.0.2.1')
        until(lambda: self.table.read_text() == '192.0.2.2 20Mbit\n', 'and taken away')
        self.table.write_text('192.0.2.9 1Mbit\n')
        drift = json.loads(self.hub.cli('rules', 'drift', 'border', '-r', 'speed', '--json').stdout)
        self.assertEqual(drift['rules'][0]['different'], 2)
        until(lambda: self.table.read_text() == '192.0.2.2 20Mbit\n', 'mended')
        parts = {p.name(): p for p in self.parts()}
        self.assertEqual(set(parts), {'garita-agent', 'garita-enforcer', 'garita-rules'})
        self.assertEqual(parts['garita-rules'].capabilities(), {12, 13}, 'CAP_NET_ADMIN, CAP_NET_RAW')
        self.agent.stop(signal.SIGKILL)
        until(lambda: not any(p.alive() for p in parts.values()), 'one ends with the other')

    def test_the_agent_stops_while_a_program_hangs(self):
        self.script.write_text('#!/bin/sh\n[ "$1" = list ] || sleep 25\n')
        self.want([('192.0.2.1', '10Mbit')], 'speed')
        until(lambda: 'sleep' in self.border.run('ps', 'ax').stdout, 'it hangs')
        begun = time.monotonic()
        self.assertEqual(self.agent.stop(), 0)
        self.assertLess(time.monotonic() - begun, 10)

    def parts(self):
        every = [Part(int(entry.name)) for entry in Path('/proc').glob('[0-9]*')]
        return [p for p in every if self.agent.process.pid in (p.pid, p.parent())]

    def test_what_its_file_no_longer_names_is_removed(self):
        self.want([('192.0.2.1', '10Mbit'), ('192.0.2.2', '20Mbit')], 'speed')
        self.want([('192.0.2.3', 'yes')], 'blocked')
        self.want([('192.0.2.4', 'yes')], 'allowed')
        self.want([('192.0.2.5', '7Mbit')], 'shaping_in')
        until(self.settled, 'all is there', 30)
        kept = self.agent.directory / 'state-kept'
        self.assertEqual((kept.stat().st_uid, kept.stat().st_mode & 0o777), (0, 0o700))
        held = {part.name(): part.open_files() for part in self.parts()}
        self.assertFalse([file for file in held['garita-agent'] if 'state-kept' in file], 'the main part cannot write there')
        self.assertTrue([file for file in held['garita-rules'] if 'state-kept' in file])
        self.agent.stop()
        self.agent.config.write_text(self.agent.config.read_text().split('rules:\n')[0])
        works = self.script.read_text()
        self.script.write_text('#!/bin/sh\necho out of order >&2\nexit 1\n')
        self.agent.start(wait=False)
        until(lambda: '192.0.2.3' not in self.border.run('ipset', 'save').stdout, 'no set')
        until(lambda: 'garita' not in self.border.run('iptables-save').stdout, 'no chain')
        until(lambda: json.loads((self.border.directory / 'state').read_text())['tables'] == {}, 'no table of ipfw')
        until(lambda: 'out of order' in self.world.tail(10 ** 7), 'what cannot be removed is told')
        until(lambda: len(re.findall('removed from this host', self.world.tail(10 ** 7))) == 3, 'and what is')
        self.agent.stop()
        self.script.write_text(works)
        self.agent.start(wait=False)
        until(lambda: re.search(r'removed from this host .*rules speed', self.world.tail(10 ** 7)), 'the next start removes it')
        self.assertEqual(self.table.read_text(), '')
        self.agent.stop()
        self.table.write_text('192.0.2.9 1Mbit\n')
        self.agent.start()
        self.assertEqual(self.table.read_text(), '192.0.2.9 1Mbit\n', 'removed once')
        self.assertEqual({part.name() for part in self.parts()}, {'garita-agent', 'garita-enforcer'})

    def test_debug_tells_every_command(self):
        self.agent.stop()
        self.agent.process = self.border.start(BIN / 'garita-agent', '--config', self.agent.config, '--debug')
        self.want([('192.0.2.1', '10Mbit')], 'speed')
        self.want([('192.0.2.3', 'yes')], 'blocked')
        until(self.settled, 'in force', 30)
        told = self.world.tail(10 ** 7)
        self.assertRegex(told, r'border: command .*words="[^"]*speed add 192.0.2.1 10Mbit"')
        self.assertRegex(told, r'border: (change|rebuild) .*rules=blocked .*result=done')


class Part:
    """A process as /proc tells of it."""
    def __init__(self, pid):
        self.pid, self.status = pid, Path(f'/proc/{pid}/status')

    def field(self, name):
        try:
            return next(line.split()[1] for line in self.status.read_text().splitlines() if line.startswith(name + ':'))
        except (OSError, StopIteration):
            return '0'

    def name(self):
        return self.field('Name')

    def parent(self):
        return int(self.field('PPid'))

    def alive(self):
        return self.field('State') not in ('0', 'Z')

    def open_files(self):
        return [os.readlink(entry) for entry in Path(f'/proc/{self.pid}/fd').iterdir()]

    def capabilities(self):
        held = int(self.field('CapPrm'), 16)
        return {bit for bit in range(64) if held >> bit & 1}


if __name__ == '__main__':
    main()
