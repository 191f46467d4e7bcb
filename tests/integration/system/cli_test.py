"""The command line as a person or a script meets it: exit codes, JSON, help, and errors that say what to do."""
import json
import os
import re
import subprocess
import unittest

from world import BIN, Hub, World, main, one_time_code, until

COMMANDS = ['hub', 'check', 'status', 'audit', 'audit verify', 'enroll', 'agents', 'agents revoke', 'cases', 'case', 'decide', 'rules', 'rules list', 'rules set',
            'rules unset', 'rules import', 'rules export', 'rules history', 'confirm', 'ack', 'policies', 'policies resume', 'undo', 'people', 'people totp', 'replay', 'replay http_errors', 'replay ssh_sessions', 'replay log_patterns', 'scan',
            'mail', 'mail test', 'webhook', 'webhook test', 'siem', 'siem import', 'ports', 'ports status', 'ports accept', 'ports mute', 'ports history', 'ports scan', 'ports suggest', 'ports import',
            'access', 'access list', 'access show', 'access approve', 'access kill', 'access report', 'access status', 'access retry', 'access import', 'access parse',
            'completion', 'completion bash']


def garita(*words, input='', **environment):
    """Without any hub."""
    return subprocess.run([BIN / 'garita', *map(str, words)], input=input, capture_output=True, text=True, timeout=20, cwd='/',
                          env={'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', **environment})


class WithoutHub(unittest.TestCase):
    def test_help_of_every_command(self):
        top = garita('--help')
        self.assertEqual(top.returncode, 0)
        for name in COMMANDS:
            with self.subTest(name):
                self.assertIn(name.split()[0], top.stdout)
                told = garita(*name.split(), '--help')
                self.assertEqual(told.returncode, 0)
                self.assertEqual(told.stderr, '')
                self.assertRegex(told.stdout, r'Example|--\w+')
                self.assertGreater(len(told.stdout.splitlines()), 4)
        self.assertEqual(garita('--version').returncode, 0)
        agent = subprocess.run([BIN / 'garita-agent', '--help'], capture_output=True, text=True)
        self.assertEqual(agent.returncode, 0)
        self.assertIn('--config', agent.stdout)

    def test_commands_of_the_top_help_are_all_known_here(self):
        listed = set(re.findall(r'^  ([a-z_]+) ', garita('--help').stdout.split('ubcommands:')[1], re.M))
        self.assertEqual(listed, {name.split()[0] for name in COMMANDS})

    def test_wrong_use_is_2(self):
        for words in ([], ['nonsense'], ['case'], ['case', 'x'], ['case', '0'], ['case', '-1'], ['decide'], ['decide', '1'],
                      ['decide', '1', 'explode'], ['decide', '1', 'block', '--for', 'soon'], ['decide', '1', 'block', '--for', '-1h'],
                      ['decide', '1', 'block', '--for', '0s'], ['cases', '--limit', '0'], ['cases', '--nonsense'], ['rules'],
                      ['rules', 'set'], ['rules', 'set', '192.0.2.1', '--for', '1y'], ['rules', 'unset'], ['rules', 'import'], ['rules', 'import', 'x.csv', '--for', 'soon'],
                      ['rules', 'list', '--state', 'odd'], ['rules', 'history', '--limit', '0'], ['audit', '--limit', 'x'],
                      ['audit', '--since', 'soon'], ['audit', '--case', '1', '--object', 'x'], ['audit', 'verify', '--head', '1:ab'], ['audit', 'verify', '--excerpt'],
                      ['undo'], ['undo', '--policy', '1'], ['undo', '--policy', '1', '--since', 'soon'], ['ack'], ['ack', '0'], ['ack', '1', '--for', 'soon'], ['confirm'], ['confirm', 'x'], ['confirm', '0'], ['policies', 'resume'], ['people'], ['people', 'totp'],
                      ['people', 'totp', 'a b'],
                      ['replay'], ['replay', 'nonsense', '/dev/null'], ['hub', '--nonsense'], ['status', 'extra'], ['enroll'],
                      ['enroll', 'web1', '--valid', 'soon'], ['agents', 'nonsense'], ['agents', 'revoke']):
            with self.subTest(' '.join(words)):
                done = garita(*words, GARITA_SOCKET='/nowhere/hub.sock')
                self.assertEqual(done.returncode, 2, done)
                self.assertNotEqual(done.stderr.strip(), '')
        explode = garita('decide', 1, 'explode')
        self.assertIn('close_connection', explode.stderr)
        self.assertIn('15m', garita('decide', 1, 'block', '--for', 'soon').stderr)

    def test_what_a_switch_said_is_read(self):
        table = 'sw#show mac address-table\nVlan    Mac Address       Type        Ports\n  10    0050.56aa.0101    DYNAMIC     Gi1/0/1\nsw#\n'
        read = garita('access', 'parse', 'sh mac add', input=table)
        self.assertEqual(read.returncode, 0, read)
        self.assertEqual(json.loads(read.stdout), {'entries': [{'vlan': 10, 'mac': '0050.56aa.0101', 'type': 'dynamic', 'ports': ['Gi1/0/1']}]})
        self.assertEqual(garita('access', 'parse', *'show mac address-table'.split(), input=table).stdout, read.stdout)
        wrong = garita('access', 'parse', 'show mac address-table', input=table.replace('Gi1/0/1', '1/0/1'))
        self.assertEqual((wrong.returncode, wrong.stdout), (1, ''))
        self.assertIn('line 3: ', wrong.stderr)
        for command in ('show ip route', 'sh int s', 'show mac address-table count'):
            unknown = garita('access', 'parse', command, input=table)
            self.assertEqual((unknown.returncode, unknown.stdout), (2, ''))
            self.assertIn('show interfaces switchport', unknown.stderr)

    def test_no_hub_is_1_and_says_what_to_do(self):
        for words in (['status'], ['cases'], ['case', 1], ['decide', 1, 'block'], ['rules', 'list'], ['rules', 'set', '192.0.2.1'],
                      ['rules', 'unset', '192.0.2.1'], ['rules', 'set', 'border1', 'inet_access', '192.0.2.1', 'open'],
                      ['rules', 'unset', 'border1', 'inet_access', '192.0.2.1'], ['rules', 'export'], ['rules', 'history'], ['audit'], ['audit', '--export'], ['audit', 'verify'], ['policies'], ['confirm', 1], ['access', 'list'], ['access', 'show', 'A1'], ['access', 'approve', '0011.2233.4455'], ['access', 'report'],
                      ['policies', 'resume', 1], ['undo', '--policy', 1, '--since', '2h']):
            for extra in ([], ['--json']):
                with self.subTest(str(words + extra)):
                    done = garita(*words, *extra, GARITA_SOCKET='/nowhere/hub.sock')
                    self.assertEqual((done.returncode, done.stdout), (1, ''))
                    for hint in ('/nowhere/hub.sock', 'make run', 'GARITA_SOCKET'):
                        self.assertIn(hint, done.stderr)


class Check(unittest.TestCase):
    def setUp(self):
        self.directory = World.folder(self)

    def check(self, text, *words):
        file = self.directory / 'file.yml'
        file.write_text(text)
        file.chmod(0o600)
        return garita('check', file, *words)

    def test_a_secret_for_codes_is_made_without_a_hub(self):
        one, two = garita('people', 'totp', 'ana'), garita('people', 'totp', 'ana')
        self.assertEqual(one.returncode, 0, one)
        secret = re.search(r'^Secret: ([A-Z2-7]{32})$', one.stdout, re.M)[1]
        self.assertIn(f'otpauth://totp/Garita:ana?secret={secret}&issuer=Garita', one.stdout)
        self.assertNotIn(secret, two.stdout)
        self.assertNotIn('\x1b', one.stdout)  # the picture is for terminals

    def test_examples_are_fine(self):
        for which in ('hub', 'agent'):
            self.assertEqual(garita('check', '--example', which).returncode, 0)
            json.loads(garita('check', '--schema', which).stdout)
        fine = self.check('hub: {state: /tmp/x}\n')
        self.assertEqual(fine.returncode, 0, fine.stderr)

    def test_broken_files_are_2_with_line_and_nearest_name(self):
        wrong = {
            'hub:\n  listne: 127.0.0.1:1\n': ('2:3', 'listen'),
            'hub: {}\npolicies:\n  - kind: http_errors\n    mode: atuo\n': ('4:11', 'auto'),
            'hub: {}\nblock:\n  default_for: 3 parsecs\n': ('3:16', '15m'),
            'hub: {}\nagents:\n  web1: {}\n': ('3:', 'code'),
            'hub: {}\nprotected:\n  - 192.0.2.300\n': ('3:5', '192.0.2.300'),
            'agent:\n  name: a\n  hub: http://x\n  code: 12345678\n': ('3:8', 'https'),
            'agent:\n  name: a\n  hub: https://x:1\n  code: 12345678\ndetectors:\n  http_error: {}\n': ('6:3', 'http_errors'),
            'agent:\n  name: a\n  hub: https://x:1\n  code: 12345678\ndetectors:\n  http_errors: {warning: many}\n': ('6:', 'many'),
            'hub: [\n': (':', 'file.yml'),
            'hubb: {}\n': ('1:1', 'hub'),
            '': ('', 'hub'),
            '\x00\xff': ('', 'file.yml'),
        }
        for text, (place, name) in wrong.items():
            with self.subTest(text):
                done = self.check(text)
                self.assertEqual(done.returncode, 2, done)
                told = done.stdout + done.stderr
                self.assertIn(place, told)
                self.assertIn(name, told)
                as_json = self.check(text, '--json')
                self.assertEqual(as_json.returncode, 2)
                json.loads(as_json.stdout)
        missing = garita('check', '/nowhere/at/all.yml')
        self.assertEqual(missing.returncode, 2, missing)
        self.assertIn('/nowhere/at/all.yml', missing.stdout + missing.stderr)

    def test_programs_refuse_to_start_with_a_wrong_file(self):
        for text, words in (('hub: {listne: x}\n', [BIN / 'garita', 'hub', '--config']), ('agent: {}\n', [BIN / 'garita-agent', '--config'])):
            file = self.directory / 'wrong.yml'
            file.write_text(text)
            done = subprocess.run([*words, file], capture_output=True, text=True, timeout=20)
            self.assertEqual(done.returncode, 2, done)
            self.assertIn('1:', done.stderr)


DEVICES = '''
devices:
  border1: {connect: agent, rules: {inet_access: {backend: nftables}, shaping_in: {backend: nftables}}}
  border2: {connect: agent, rules: {inet_access: {backend: nftables}}}
'''


class RulesOfDevices(unittest.TestCase):
    """Nobody carries them out here: what producers and people see."""
    def setUp(self):
        self.world = World.of(self)
        self.hub = Hub(self.world.host('server'), ['web1'], DEVICES)
        self.folder = World.folder(self)

    def rules(self, *words):
        return json.loads(self.hub.cli('rules', 'list', '--json', *words).stdout)['device_rules']

    def refused(self, *words):
        done = self.hub.cli('rules', *words, check=False)
        self.assertEqual(done.returncode, 1, done)
        return done.stdout + done.stderr

    def file(self, text):
        path = self.folder / 'rules.csv'
        path.write_text(text)
        return path

    def test_one_rule_in_one_command(self):
        told = self.hub.cli('rules', 'set', 'border1', 'inet_access', '192.0.2.7', 'open', '--comment', 'paid').stdout
        self.assertIn('border1 inet_access 192.0.2.7: open, on its way', told)
        self.hub.cli('rules', 'set', 'all', 'inet_access', '2001:DB8::7', 'closed', '--for', '1h', '--json')
        shown = {(r['device'], r['params']): r for r in self.rules()}
        self.assertEqual(set(shown), {('border1', '192.0.2.7'), ('border1', '2001:db8::7'), ('border2', '2001:db8::7')})
        self.assertEqual((shown['border1', '192.0.2.7']['value'], shown['border1', '192.0.2.7']['current']), ('open', None))
        self.assertIn('192.0.2.7', self.hub.cli('rules', 'list', '--rule', 'inet_access', '--params', '192.0.2.7').stdout)
        self.assertEqual(self.rules('--state', 'refused'), [])
        self.hub.cli('rules', 'set', 'border1', 'inet_access', '192.0.2.7', 'closed')
        history = json.loads(self.hub.cli('rules', 'history', 'border1', 'inet_access', '192.0.2.7', '--json').stdout)['versions']
        self.assertEqual([(v['value'], v.get('comment')) for v in history], [('closed', None), ('open', 'paid')])
        self.assertIn('not there', self.hub.cli('rules', 'unset', 'border1', 'inet_access', '192.0.2.7').stdout)
        self.assertIn('paid', self.hub.cli('rules', 'history').stdout)
        self.assertIn('rules border1 inet_access', self.hub.cli('audit').stdout)

    def test_what_is_wrong_is_said(self):
        self.assertIn("'openn' is not one of open, closed", self.refused('set', 'border1', 'inet_access', '192.0.2.7', 'openn'))
        self.assertIn("ip: '192.0.2' is not an address", self.refused('set', 'border1', 'inet_access', '192.0.2', 'open'))
        self.assertIn("'10mbps' is not a rate", self.refused('set', 'border1', 'shaping_in', '192.0.2.7', '10mbps'))
        self.assertIn('is not one of: border1, border2', self.refused('set', 'border3', 'inet_access', '192.0.2.7', 'open'))
        self.assertIn('is not one of: inet_access, shaping_in', self.refused('set', 'border1', 'speed', '192.0.2.7', '1Mbit'))
        self.assertIn('DEVICE RULE PARAMS VALUE', self.refused('set', 'border1', 'inet_access', '192.0.2.7'))
        self.assertIn('DEVICE RULE PARAMS', self.refused('history', 'border1', 'inet_access'))
        self.assertEqual(self.rules(), [])

    def test_a_file_is_imported_whole_or_with_its_bad_lines_told(self):
        lines = ['device,rule,params,value'] + [f'border1,inet_access,10.{n >> 16}.{n >> 8 & 255}.{n & 255},open' for n in range(12_000)]
        lines[7001] = 'border1,inet_access,10.0.0.300,open'
        lines[11_000] = 'border9,inet_access,10.0.0.3,open'
        lines[12] = 'border1,"inet_access",10.0.0.3'
        bad = self.file('\n'.join(lines) + '\n')
        told = self.refused('import', bad)
        for line, why in ((13, '4 fields are wanted'), (7002, '10.0.0.300'), (11_001, 'border9')):
            self.assertRegex(told, rf'rules.csv:{line}: .*{why}')
        self.assertIn('nothing was changed', told)
        self.assertEqual(self.rules('--limit', '10'), [])
        told = self.refused('import', bad, '--partial', '--comment', 'night run')
        self.assertIn('11997 changed, 0 were so already, 3 refused', told)
        again = self.hub.cli('rules', 'import', bad, '--partial', '--json', check=False)
        self.assertEqual((again.returncode, json.loads(again.stdout)['unchanged']), (1, 11_997))
        exported = self.hub.cli('rules', 'export').stdout
        self.assertEqual(len(exported.splitlines()), 11_998)
        self.assertIn('border1,inet_access,10.0.39.16,open', exported)
        self.assertIn('0 changed, 11997 were so already', self.hub.cli('rules', 'import', self.file(exported)).stdout)
        self.assertEqual(len(self.hub.cli('rules', 'export', '--json').stdout.splitlines()), 11_997)
        gone = 'rule,params,value\ninet_access,10.0.0.1,\ninet_access,10.0.0.2,\r\n'
        self.assertIn('2 changed, 2 were so already', self.hub.cli('rules', 'import', self.file(gone)).stdout)
        self.assertIn('the first line names the columns', self.refused('import', self.file('a,b\n1,2\n')))
        self.assertIn('cannot be read', self.refused('import', self.folder / 'nothing.csv'))
        self.assertIn('night run', self.hub.cli('rules', 'history', '--json').stdout)


class WithHub(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.server = self.world.host('server')
        self.hub = Hub(self.server, ['web1'], 'people:\n  ana: {role: viewer, system_user: nobody}\n')

    def test_everything_speaks_json(self):
        case = self.hub.alert('192.0.2.1')
        for words in (['status'], ['cases'], ['cases', '--all'], ['case', case['id']], ['rules', 'list'], ['audit'],
                      ['rules', 'set', '192.0.2.8'], ['rules', 'unset', '192.0.2.8'], ['decide', case['id'], 'nothing']):
            with self.subTest(str(words)):
                done = self.hub.cli(*words, '--json')
                self.assertIsInstance(json.loads(done.stdout), dict)
                self.assertEqual(done.stderr, '')
        for words in (['status'], ['cases', '--all'], ['case', case['id']], ['rules', 'list'], ['audit']):
            self.assertRegex(self.hub.cli(*words).stdout, r'\w')

    def test_what_cannot_be_done_is_1_and_says_why(self):
        case = self.hub.alert('192.0.2.1')
        number = case['id']

        def refused(*words):
            done = self.hub.cli(*words, check=False)
            self.assertEqual(done.returncode, 1, done)
            return done.stderr + done.stdout
        self.assertIn('no case 4711', refused('case', 4711))
        self.assertIn('no case 4711', refused('decide', 4711, 'block'))
        wrong = refused('decide', number, 'reboot')
        self.assertIn('reboot', wrong)
        self.assertIn('block', wrong)  # what is offered
        self.assertIn('x.y', refused('rules', 'set', 'x.y'))
        self.assertIn('nowhere', refused('rules', 'set', '192.0.2.9', '--device', 'nowhere'))
        self.assertIn('192.0.2.9', refused('rules', 'set', '192.0.2.9/24') + '192.0.2.9')
        self.hub.cli('decide', number, 'nothing', '--comment', 'a friend')
        again = refused('decide', number, 'block')
        self.assertIn('already', again)
        self.assertIn('root', again)  # who was faster
        self.assertIn('a friend', self.hub.cli('audit').stdout + self.hub.cli('case', number).stdout)

    def test_rules_say_how_far_they_are(self):
        """web1 has never come."""
        self.hub.cli('rules', 'set', '192.0.2.1')
        self.assertRegex(self.hub.cli('rules', 'list').stdout, r'192\.0\.2\.1 .*in 2[34] h.*on its way')
        self.hub.cli('rules', 'set', '192.0.2.2', '--for', '1s')
        until(lambda: not re.search(r'192\.0\.2\.2 .*on its way', self.hub.cli('rules', 'list').stdout), 'the short one ends')
        self.assertNotIn('in force', self.hub.cli('rules', 'list').stdout)

    def test_the_system_user_decides_what_one_may(self):
        number = self.hub.alert('192.0.2.1')['id']
        for part in (self.world.directory, self.hub.directory):
            part.chmod(0o755)

        def as_user(user, *words):
            return self.server.run('setpriv', '--reuid', user, '--clear-groups', BIN / 'garita', *words, check=False,
                                   env={**os.environ, 'GARITA_SOCKET': str(self.hub.socket)})
        self.assertEqual(as_user('nobody', 'cases').returncode, 0)
        viewer = as_user('nobody', 'decide', number, 'block')
        self.assertEqual(viewer.returncode, 1, viewer)
        self.assertIn('decisions:write', viewer.stderr)
        stranger = as_user('games', 'cases')
        self.assertEqual(stranger.returncode, 1)
        self.assertIn('system_user: games', stranger.stderr)
        self.assertEqual(self.hub.cases('open')[0]['id'], number)


class Dangerous(unittest.TestCase):
    """What takes a code, a second person, a confirmation: as it is typed."""
    SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

    def setUp(self):
        self.world = World.of(self)
        self.server = self.world.host('server')
        self.hub = Hub(self.server, ['web1'], f"""people:
  ana: {{role: administrator, system_user: root, totp: {self.SECRET}}}
policies:
  - {{kind: scan, approvals: 2}}
""")

    def refused(self, *words):
        done = self.hub.cli(*words, check=False)
        self.assertEqual(done.returncode, 1, done)
        return done.stderr + done.stdout

    def test_a_wide_block_takes_a_code_and_a_confirmation(self):
        wide = ['rules', 'set', '198.18.0.0/16']
        self.assertIn('--totp', self.refused(*wide))
        self.assertIn('the code is wrong', self.refused(*wide, '--totp', '000000' if one_time_code(self.SECRET) != '000000' else '000001'))
        code = one_time_code(self.SECRET)
        done = self.hub.cli(*wide, '--totp', code)
        number = re.search(r'garita confirm (\d+)', done.stdout)[1]
        self.assertIn('used before', self.refused('rules', 'set', '198.20.0.0/16', '--totp', code))
        self.assertIn('Provisional', self.hub.cli('case', number).stdout)
        self.assertIn('not', self.refused('confirm', number))  # web1 has never come: nothing is in force
        self.hub.cli('rules', 'set', '192.0.2.8')  # ordinary ones take none

    def test_one_person_only_proposes(self):
        number = self.hub.alert('192.0.2.1', kind='scan')['id']
        for _ in range(2):
            done = self.hub.cli('decide', number, 'block', check=False)
            self.assertEqual(done.returncode, 3, done)
            self.assertIn('ana (cli) proposes: Block address. More persons must agree: 1', done.stdout)
        self.assertEqual(self.hub.api('/rules')['rules'], [])

    def test_policies_are_listed_and_undone(self):
        self.assertRegex(self.hub.cli('policies').stdout, r'1 +scan ask')
        self.assertIn('is not suspended', self.refused('policies', 'resume', '1'))
        self.assertIn('0 rules would be taken back', self.hub.cli('undo', '--policy', 'scan ask', '--since', '2h', '--dry-run').stdout)
        self.assertIn('no policy', self.refused('undo', '--policy', 'nothing', '--since', '2h'))
        self.assertIn('still to come', self.refused('undo', '--policy', '1', '--since', '2099-01-01T00:00:00Z'))


if __name__ == '__main__':
    main()
