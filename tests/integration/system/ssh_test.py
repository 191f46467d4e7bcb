"""Real logins over a cable: seen within a second, this very session ended, its address dropped, and all taken back."""
import subprocess
import time
import unittest
from pathlib import Path

from world import Agent, Hub, World, main, until


class Ssh(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        keys = self.world.directory
        for key in ('host_key', 'id'):
            subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', keys / key], check=True)
        self.make_user()
        self.client = self.world.host('client')
        self.server = self.world.host('server')
        # as on a real host: the journal is its group's, and the agent's account, which is not root, is in it
        self.server.run('chgrp', 'systemd-journal', '/run/log/journal')
        self.server.run('chmod', '2755', '/run/log/journal')
        self.server.start('/lib/systemd/systemd-journald')
        until(lambda: self.server.run('test', '-S', '/dev/log', check=False).returncode == 0, 'journald listens')
        config = keys / 'sshd_config'
        config.write_text(f'Port 22\nHostKey {keys}/host_key\nAuthorizedKeysFile {keys}/id.pub\nStrictModes no\nUsePAM no\n'
                          'PasswordAuthentication no\nPidFile none\nMaxStartups 100\n')
        self.server.start('/usr/sbin/sshd', '-D', '-f', config)
        until(lambda: self.client.knock(self.server.address, 22) == 'open', 'sshd listens')
        self.hub = Hub(self.server, ['server'])
        self.agent = Agent(self.server, self.hub, 'detectors:\n  cpu_load: {enabled: no}\n')

    def make_user(self):
        """The server's own user files, with an ordinary user and the agent's; put there before the host is made."""
        self.world.prepare('server', {
            'passwd': Path('/etc/passwd').read_text() + 'ann:x:64301:64301::/:/bin/sh\n'
                      + 'garita-agent:x:64302:64302::/nonexistent:/usr/sbin/nologin\n',
            'shadow': Path('/etc/shadow').read_text() + 'ann:*:19000:0:99999:7:::\n'})

    def login(self, command='echo in; exec sleep 300', wait=True):
        session = self.client.start(
            'ssh', '-F', 'none', '-q', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o',
            'ConnectTimeout=3', '-i', self.world.directory / 'id', f'ann@{self.server.address}', command, stdout=subprocess.PIPE)
        if wait:
            self.assertEqual(session.stdout.readline(), b'in\n', self.world.tail())
        return session

    def case_number(self, count):
        """The newest of so many open cases of logins."""
        return until(lambda: (c := self.hub.cases('all', kind='ssh_login')) and len(c) >= count and c, f'{count} cases')[count - 1]

    def open(self, session):
        return session.poll() is None

    def test_a_login_is_a_case_and_an_answer_ends_it(self):
        times = []
        sessions = []
        for number in (1, 2):
            sessions.append(self.login())
            begun = time.monotonic()
            case = self.case_number(number)
            times.append(time.monotonic() - begun)
            self.assertEqual(case['address'], self.client.address)
            self.assertEqual(case['facts']['user'], 'ann')
            self.assertEqual(case['facts']['method'], 'publickey')
            self.assertTrue(case['facts']['key'].startswith('ED25519 SHA256:'), case)
            self.assertIn('close_connection', case['responses'])
        print('from login to case:', *(f'{t * 1000:.0f} ms' for t in times))
        self.assertLess(min(times), 1.0)

        first, second = self.hub.cases(kind='ssh_login')
        told = self.hub.cli('decide', first['id'], 'close_connection').stdout
        until(lambda: not self.open(sessions[0]), 'the first session ends', 15)
        self.assertTrue(self.open(sessions[1]), 'the second session of the same client stays\n' + told)
        self.assertEqual(self.hub.api(f'/cases/{first["id"]}')['state'], 'closed')
        self.assertEqual(self.hub.cli('decide', second['id'], 'allow').returncode, 0)
        time.sleep(0.3)
        self.assertTrue(self.open(sessions[1]))

        third = self.login()
        case = self.case_number(3)
        told = self.hub.cli('decide', case['id'], 'block').stdout
        self.assertIn('Blocked on 1 of 1\n', told)
        until(lambda: not self.open(third), 'the blocked session is cut', 15)
        self.assertIn(self.client.address, self.server.blocked())
        self.assertEqual(self.client.knock(self.server.address, 22), 'silent')

        self.hub.cli('rules', 'unset', self.client.address)
        until(lambda: self.client.address not in self.server.blocked(), 'the block is taken back')
        fourth = self.login()
        self.assertTrue(self.open(fourth))


if __name__ == '__main__':
    main()
