"""Requests for access by the command line of a running hub: approve, list, show, report, kill; what survives a power cut; the
inventory as `garita check` reads it, and Psec's files."""
import json
import signal
import subprocess
import unittest

from world import BIN, Hub, World, main, until

KEY = 'SHA256:mVPwvezndPv/ARoIadVY98vAC0g+P/5633yTC4d/wXE'
ACCESS = f'''people:
  ana: {{role: approver, system_user: nobody}}
access:
  syslog: {{listen: ["udp 127.0.0.1:5514"]}}
  login: {{user: garita, password: a-word}}
  switches:
    sw1: {{address: 127.0.0.9, host_keys: ["{KEY}"], never: [Gi1/0/24]}}
'''


def garita(*words):
    """Without any hub."""
    return subprocess.run([BIN / 'garita', *map(str, words)], capture_output=True, text=True, timeout=30)


class Requests(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.server = self.world.host('server')
        self.hub = Hub(self.server, [], ACCESS)

    def access(self, *words, code=0):
        done = self.hub.cli('access', *words, check=False)
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return done.stdout if code == 0 else done.stderr

    def listed(self, *words):
        return [one['tracking'] for one in json.loads(self.access('list', '--json', *words))['requests']]

    def test_the_way_of_a_request(self):
        self.assertEqual(self.access('list'), 'No request.\n')
        self.assertEqual(self.access('report'), 'No open request.\n')
        self.assertIn('A1', self.access('approve', '00', '11', '22', '33', '44', '55'))
        self.assertIn('A2', self.access('approve', '--dry-run', '0011.2233.4466'))
        again = json.loads(self.access('approve', '--json', '00-11-22-33-44-55'))
        self.assertEqual(again['request']['tracking'], 'A1')
        table = self.access('list')
        self.assertRegex(table, r'A1 +00:11:22:33:44:55 +waiting ')
        self.assertIn('waiting (dry run)', table)
        self.assertEqual(self.listed(), ['A2', 'A1'])
        self.assertEqual(self.listed('--mac', '001122334455'), ['A1'])
        record = self.access('show', 'a1')
        self.assertIn('approved again by', record)
        shown = json.loads(self.access('show', 'A1', '--json'))
        self.assertEqual((shown['state'], shown['channel'], shown['mac']), ('waiting', 'cli', '00:11:22:33:44:55'))
        self.assertGreaterEqual(len(shown['log']), 2)
        self.assertIn('A1 ', self.access('report'))
        self.assertEqual([one['tracking'] for one in json.loads(self.access('report', '--json'))['requests']], ['A1', 'A2'])
        self.assertIn('A1', self.access('kill', 'A1'))
        self.assertEqual(self.listed(), ['A2'])
        self.assertEqual(self.listed('--all', '--state', 'killed'), ['A1'])
        self.assertIn('A1', self.access('kill', 'A1', code=1))
        verbs = [entry['verb'] for entry in self.hub.api('/audit')['entries']]
        for verb in ('access_approved', 'access_joined', 'access_kill'):
            self.assertTrue([one for one in verbs if one.startswith(verb)], verbs)

    def test_what_is_wrong_is_told(self):
        self.assertIn('MAC', self.access('approve', 'the printer', code=1))
        self.assertIn('00:11:22:33:44:56', self.access('approve', '0011.2233.4455 0011.2233.4456', code=1))
        self.assertIn('A9', self.access('show', 'A9', code=1))
        self.assertIn('A9', self.access('kill', 'A9', code=1))
        self.assertIn('tracking', self.access('show', 'seventeen', code=1))
        self.assertIn('sw9', self.access('retry', 'sw9', code=1))
        for wrong in (['list', '--state', 'odd'], ['approve'], ['show'], ['kill'], ['retry'], ['list', '--limit', '0']):
            self.access(*wrong, code=2)
        status = json.loads(self.hub.cli('access', 'status', '--json').stdout)
        self.assertEqual(status['receiver']['listening'], ['udp 127.0.0.1:5514'])
        self.assertIn('udp 127.0.0.1:5514', self.hub.cli('access', 'status', check=False).stdout)

    def test_a_power_cut_loses_no_request(self):
        self.access('approve', '0011.2233.4455')
        self.hub.stop(signal.SIGKILL)
        self.hub.start()
        until(lambda: self.listed() == ['A1'], 'the request is still there')
        self.assertIn('approved by', self.access('show', 'A1'))


class WithoutHub(unittest.TestCase):
    def setUp(self):
        self.directory = World.folder(self)

    def check(self, access):
        file = self.directory / 'hub.yml'
        file.write_text(f'hub: {{state: {self.directory}}}\n{access}')
        file.chmod(0o600)
        return garita('check', file)

    def test_check_reads_the_inventory_and_its_ports(self):
        fine = self.check(ACCESS)
        self.assertEqual(fine.returncode, 0, fine.stderr)
        self.assertIn('access at 1 switch', fine.stdout)
        port = self.check(ACCESS.replace('Gi1/0/24', 'Zz1/0/24'))
        self.assertEqual(port.returncode, 2)
        self.assertIn("hub.yml:8: switches.sw1.never: 'Zz1/0/24'", port.stderr)
        inventory = self.directory / 'switches.yml'
        inventory.write_text(f'switches:\n  sw2: {{address: 127.0.0.9, host_keys: ["{KEY}"]}}\n')
        twice = self.check(ACCESS + f'  inventory: {inventory}\n')
        self.assertEqual(twice.returncode, 2)
        self.assertIn(f"{inventory}:2:", twice.stderr)
        self.assertIn('already belongs to sw1', twice.stderr)

    def test_psecs_files_become_settings_and_its_passwords_files(self):
        conf, cisco, sql = (self.directory / name for name in ('conf.json', 'cisco_params.json', 'sql_params.json'))
        conf.write_text(json.dumps({'proj_dir': '/p/', 'log_dir': '/p/', 'mail_server': 'mail.corp.example', 'mailbox': 'admin@corp.example',
                                    'mail_from': 'psec@corp.example', 'mail_pass': 'word-1', 'db_user': 'reader', 'db_pass': 'word-2',
                                    'bad_ips': ['10.9.0.1'], 'infsec_emails': ['ana@corp.example']}))
        cisco.write_text(json.dumps({'device_type': 'cisco_ios', 'host': '', 'username': 'psec', 'password': 'word-3', 'fast_cli': True,
                                     'global_delay_factor': 2.0}))
        sql.write_text(json.dumps({'device_type': 'linux', 'host': '10.0.0.5', 'username': 'log', 'password': 'word-4'}))
        secrets = self.directory / 'secrets'
        secrets.mkdir()
        done = garita('access', 'import', conf, cisco, sql, '--secrets', secrets)
        self.assertEqual(done.returncode, 0, done.stderr)
        for number in range(1, 5):
            self.assertNotIn(f'word-{number}', done.stdout + done.stderr)
        self.assertEqual({file.name: (file.read_text(), file.stat().st_mode & 0o777) for file in secrets.iterdir()},
                         {'mailbox.password': ('word-1', 0o600), 'loghost.password': ('word-2', 0o600), 'switch.password': ('word-3', 0o600)})
        filled = self.check(done.stdout.replace('# FILL IN: sw1: {address: 192.0.2.10, host_keys: ["SHA256:…"]}',
                                                f'sw1: {{address: 192.0.2.10, host_keys: ["{KEY}"]}}'))
        self.assertEqual(filled.returncode, 0, filled.stderr)
        self.assertEqual(garita('access', 'import', conf, '--secrets', secrets).returncode, 1)
        self.assertEqual(garita('access', 'import').returncode, 2)


if __name__ == '__main__':
    main()
