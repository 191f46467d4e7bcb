"""Who may do what, alone and together: two persons, one-time codes, a policy that does too much, and wide blocks that end
unless somebody who still gets in confirms them. The real programs, packets and sshd."""
import contextlib
import http.client
import json
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import time
import unittest
from pathlib import Path

from world import BIN, QUIET, Agent, Hub, Logind, World, main, one_time_code, until

WIDE, INSIDE = '198.18.0.0/16', '198.18.5.1'
SECRETS = {'ana': 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'ben': 'MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK'}
SCOPES = '["alerts:write", "cases:read", "decisions:write", "rules:read", "rules:write", "status:read", "audit:read"]'


def secret_of(person):
    return f'token-of-{person}-0123456789'


class Town(unittest.TestCase):
    """A server with hub, agent and, where wanted, sshd; a client that has an address within the wide network too."""
    PEOPLE = {'ana': '{role: administrator, system_user: root}', 'ben': '{role: approver, system_user: benno}',
              'otto': '{role: operator}'}

    def begin(self, extra='', people=None, sshd=False):
        self.world = World.of(self)
        self.logind = Logind(self, self.world)
        people = {**self.PEOPLE, **(people or {})}
        self.prepare()
        self.client, self.server = self.world.host('client'), self.world.host('server')
        self.client.run('ip', 'addr', 'add', INSIDE + '/32', 'dev', 'eth0')
        self.client.run('ip', 'addr', 'add', '198.18.5.2/32', 'dev', 'eth0')
        self.server.run('ip', 'route', 'add', WIDE, 'dev', 'eth0')
        if sshd:
            self.start_sshd()
        self.hub = Hub(self.server, ['server'], 'people:\n' + ''.join(f'  {n}: {p}\n' for n, p in people.items())
                       + 'tokens:\n' + ''.join(f'  {n}-app: {{secret: {secret_of(n)}, scopes: {SCOPES}, person: {n}}}\n' for n in people)
                       + extra)
        self.agent = Agent(self.server, self.hub, QUIET, 'allow: {responses: [block, reboot, close_connection], widest_ipv4: 8}\n')

    def prepare(self):
        """The server's own user files and name server; there before the host is made."""
        users = [line for line in Path('/etc/passwd').read_text().splitlines() if not line.startswith('root:')]
        self.world.prepare('server', {
            'passwd': '\n'.join(['root:x:0:0:root:/:/bin/sh', 'benno:x:64303:64303::/:/bin/sh', 'ann:x:64301:64301::/:/bin/sh',
                                 'garita-agent:x:64302:64302::/nonexistent:/usr/sbin/nologin', *users]) + '\n',
            'shadow': ''.join(f'{user}:*:19000:0:99999:7:::\n' for user in ('root', 'benno', 'ann', 'sshd')),
            'resolv.conf': 'nameserver 172.31.0.53\n'})

    def start_sshd(self):
        keys = self.world.directory
        for key in ('host_key', 'id'):
            subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', keys / key], check=True)
        config = keys / 'sshd_config'
        config.write_text(f'Port 22\nHostKey {keys}/host_key\nAuthorizedKeysFile {keys}/id.pub\nStrictModes no\nUsePAM no\n'
                          'PermitRootLogin yes\nPasswordAuthentication no\nPidFile none\n')
        self.server.start('/usr/sbin/sshd', '-D', '-f', config)
        until(lambda: self.client.knock(self.server.address, 22) == 'open', 'sshd listens')

    def connection(self, source=None):
        """A connection to the hub's API from the client, which stays open from one request to the next."""
        context = ssl.create_default_context(cafile=self.hub.certificate)
        context.check_hostname = False
        open_one = http.client.HTTPSConnection(self.server.address, 8443, timeout=15, context=context)
        raw = self.client.inside(lambda: socket.create_connection((self.server.address, 8443), 10, (source, 0) if source else None))
        open_one.sock = context.wrap_socket(raw, server_hostname=self.server.address)
        self.addCleanup(open_one.close)
        return open_one

    def ask(self, person, path, body=None, over=None):
        """(status, document) of a request in the person's name; over a new connection where none is given."""
        open_one = over or self.connection()
        open_one.request('GET' if body is None else 'POST', '/api/v1' + path, None if body is None else json.dumps(body),
                         {'Authorization': 'Bearer ' + secret_of(person), 'Content-Type': 'application/json'})
        reply = open_one.getresponse()
        document = json.loads(reply.read() or b'null')
        if over is None:
            open_one.close()
        return reply.status, document

    def answer(self, person, case, response, **more):
        return self.ask(person, f'/cases/{case}/decision', {'response': response, **more})

    def refused(self, *words):
        done = self.hub.cli(*words, check=False)
        self.assertEqual(done.returncode, 1, done)
        return done.stderr + done.stdout

    def load_case(self):
        self.hub.api('/alerts', {'kind': 'cpu_load', 'device': 'server', 'subject': 'load'})
        return until(lambda: self.hub.cases('open', subject='load'), 'a case about load')[0]['id']

    def verbs(self, case):
        return [entry['verb'] for entry in self.hub.audit(object=f'case {case}')]

    def gets_through(self, source=INSIDE):
        """Whether packets of this address reach the server."""
        try:
            self.client.inside(lambda: socket.create_connection((self.server.address, 8443), 0.7, (source, 0))).close()
            return True
        except ConnectionRefusedError:
            return True  # by the server itself: nobody listens there at the moment
        except OSError:
            return False

    def in_force(self, case):
        return until(lambda: self.hub.api(f'/cases/{case}')['provisional'].get('in_force_since'), 'the block is in force')


class TwoPersons(Town):
    def test_one_person_twice_is_not_two(self):
        self.begin('policies:\n  - {kind: cpu_load, two_persons: [reboot]}\n')
        case = self.load_case()
        typed = self.hub.cli('decide', case, 'reboot', check=False)
        self.assertEqual(typed.returncode, 3, typed)
        self.assertIn('ana (cli) proposes', typed.stdout)
        self.assertEqual(self.answer('ana', case, 'reboot')[0], 202)  # the same person by another channel
        self.assertEqual(self.answer('otto', case, 'reboot')[0], 403)  # an operator is no approver
        self.assertEqual(self.answer('otto', case, 'nothing')[0], 403)  # nor ends what an approver has proposed
        self.hub.stop(signal.SIGKILL)
        self.hub.start()
        self.assertEqual(self.answer('ana', case, 'reboot')[0], 202)
        self.assertEqual([a['by']['name'] for a in self.hub.api(f'/cases/{case}')['proposal']['by']], ['ana'])
        self.assertEqual(self.hub.api(f'/cases/{case}')['actions'], [])
        self.assertEqual(self.logind.restarts(), 0)
        status, done = self.answer('ben', case, 'reboot')
        self.assertEqual((status, done['case']['decision']['by']['name']), (200, 'ben'))
        until(lambda: self.logind.restarts(), 'logind is asked')
        self.assertEqual(self.answer('ben', case, 'reboot')[0], 409)
        self.assertEqual((self.verbs(case).count('propose'), self.verbs(case).count('decide')), (1, 1))
        time.sleep(0.5)
        self.assertEqual(self.logind.restarts(), 1)
        told = self.hub.audit(object=f'case {case}', verb='decide')[0]
        self.assertIn('as ana (cli) proposed', told['detail'])


class Codes(Town):
    def setUp(self):
        self.begin(people={name: f'{{role: approver, totp: {SECRETS[name]}}}' for name in SECRETS})

    def block(self, network, code, person='ana'):
        status, reply = self.ask(person, '/rules', {'networks': [network], **({'totp': code} if code else {})})
        return status, json.dumps(reply)

    def test_a_code_works_once_for_one_person_and_over_restarts(self):
        self.assertEqual(self.block('198.20.0.0/16', None)[0], 409)  # one is wanted
        self.assertIn('the code is wrong', self.block('198.20.0.0/16', one_time_code(SECRETS['ben']))[1])
        code = one_time_code(SECRETS['ana'])
        self.assertEqual(self.block('198.20.0.0/16', code)[0], 200)
        self.assertIn('used before', self.block('198.21.0.0/16', code)[1])
        self.hub.stop(signal.SIGKILL)
        self.hub.start()
        self.assertIn('used before', self.block('198.21.0.0/16', code)[1])
        self.assertIn('used before', self.block('198.21.0.0/16', one_time_code(SECRETS['ana'], -1))[1])  # older than the last one used
        self.assertEqual([r['params'] for r in self.hub.api('/rules')['rules']], ['198.20.0.0/16'])
        self.assertEqual(self.block('198.21.0.0/16', one_time_code(SECRETS['ana'], 1))[0], 200)
        self.assertEqual(self.block('198.22.0.0/16', one_time_code(SECRETS['ben']), 'ben')[0], 200)
        self.assertEqual(self.block('192.0.2.1', None)[0], 200)  # an ordinary block takes none
        said = self.world.tail(10**7)
        for secret in (*SECRETS.values(), code):
            self.assertNotIn(secret, said)

    def test_guessing_locks(self):
        right = one_time_code(SECRETS['ana'])
        for n in range(5):
            wrong = f'{(int(right) + 7 * n + 1) % 1000000:06}'
            self.assertEqual(self.block('198.20.0.0/16', wrong)[0], 403)
        status, why = self.block('198.20.0.0/16', one_time_code(SECRETS['ana']))
        self.assertEqual(status, 403)
        self.assertIn('too many wrong codes', why)
        self.assertEqual(len(self.hub.audit(verb='codes_locked')), 1)
        self.assertEqual(self.block('198.20.0.0/16', one_time_code(SECRETS['ben']), 'ben')[0], 200)  # nobody else is locked


class Runaway(Town):
    def test_a_policy_that_does_too_much_observes_until_people_say_otherwise(self):
        self.begin('policies:\n  - {kind: deluge, mode: auto, response: block, for: 1h, at_most: 5, per: 10m}\n')
        def flood(first, count):
            for n in range(first, first + count):
                self.hub.api('/alerts', {'kind': 'deluge', 'address': f'192.0.2.{n}', 'subject': f'192.0.2.{n}'})
            until(lambda: len(self.hub.cases('all', kind='deluge')) >= first + count - 1, 'all are filed')
        # a person wants one of them, and one that no policy ever asked for
        self.hub.cli('rules', 'set', '192.0.2.200')
        flood(1, 12)
        by_policy = {f'192.0.2.{n}' for n in range(1, 6)}
        until(lambda: set(self.server.blocked()) == by_policy | {'192.0.2.200'}, 'five, and the one by hand')
        questions = self.hub.cases('all', kind='runaway_policy')
        self.assertEqual([c['state'] for c in questions], ['open'])
        self.assertIn('SUSPENDED', self.hub.cli('policies').stdout)
        self.hub.stop(signal.SIGKILL)
        self.hub.start()
        flood(13, 6)
        self.assertEqual({c['state'] for c in self.hub.cases('all', kind='deluge') if int(c['address'][8:]) > 12}, {'observed'})
        self.assertEqual(len(self.hub.cases('all', kind='runaway_policy')), 1, 'one question')
        self.assertEqual(set(self.server.blocked()), by_policy | {'192.0.2.200'})

        self.hub.cli('rules', 'set', '192.0.2.3')  # now people want it too
        counted = self.hub.cli('undo', '--policy', 'deluge auto', '--since', '1h', '--dry-run').stdout
        self.assertIn('4 rules would be taken back', counted)
        self.assertEqual(len(self.server.blocked()), 6, 'counting does nothing')
        self.assertEqual(self.ask('otto', '/undo', {'policy': 'deluge auto', 'last': 3600})[0], 403)
        done = self.hub.cli('undo', '--policy', 'deluge auto', '--since', '1h').stdout
        self.assertIn('4 rules taken back', done)
        self.assertIn('1 rules stay', done)
        until(lambda: set(self.server.blocked()) == {'192.0.2.200', '192.0.2.3'}, 'only what people wanted stays')
        self.assertIn('acts again', self.hub.cli('policies', 'resume', '1').stdout)
        self.assertEqual(self.hub.cases('all', kind='runaway_policy')[0]['decision']['response'], 'resume')
        flood(19, 1)
        until(lambda: '192.0.2.19' in self.server.blocked(), 'it acts again')


class WideBlocks(Town):
    BRIEF = 'block: {confirm_within: 10s}\n'

    def set_wide(self, person='ben', over=None):
        status, reply = self.ask(person, '/rules', {'networks': [WIDE]}, over)
        self.assertEqual(status, 200, reply)
        self.in_force(reply['confirm_case'])
        return reply['confirm_case']

    def test_unconfirmed_it_is_rolled_back(self):
        self.begin(self.BRIEF)
        self.assertTrue(self.gets_through())
        case = self.set_wide()
        self.assertFalse(self.gets_through())
        self.assertEqual(self.ask('otto', f'/cases/{case}/confirm', {})[0], 403)  # an operator may not
        until(self.gets_through, 'rolled back', 15, 0.2)
        until(lambda: self.hub.api(f'/cases/{case}')['provisional']['state'] == 'rolled_back', 'the case says so')
        self.assertEqual(self.ask('ben', f'/cases/{case}/confirm', {})[0], 409)
        self.assertEqual(self.verbs(case).count('rolled_back'), 1)
        self.assertEqual(self.server.blocked(), {})

    def test_confirmed_over_a_new_connection_only(self):
        self.begin()
        before = self.connection()
        self.assertEqual(self.ask('ben', '/status', over=before)[0], 200)
        case = self.set_wide(over=before)
        status, why = self.ask('ben', f'/cases/{case}/confirm', {}, before)
        self.assertEqual(status, 403, why)
        self.assertIn('log in anew', json.dumps(why))
        self.assertEqual(self.hub.api(f'/cases/{case}')['provisional']['state'], 'waiting')
        status, done = self.ask('ben', f'/cases/{case}/confirm', {})
        self.assertEqual((status, done['case']['provisional']['state']), (200, 'confirmed'), done)
        until(lambda: max(self.server.blocked().values(), default=0) > 80000, 'the kernel keeps it for a day')
        self.assertFalse(self.gets_through())

    def test_it_ends_though_the_hub_was_killed(self):
        self.begin(self.BRIEF)
        case = self.set_wide()
        self.hub.stop(signal.SIGKILL)
        self.assertFalse(self.gets_through())
        until(self.gets_through, 'the host itself has ended it', 15, 0.2)
        self.assertTrue(self.hub.ended())
        self.hub.start()
        until(lambda: self.hub.api(f'/cases/{case}')['provisional']['state'] == 'rolled_back', 'the case says so')
        time.sleep(1)
        self.assertEqual((self.server.blocked(), self.gets_through()), ({}, True))

    def test_the_hub_is_killed_and_back_within_the_minute(self):
        self.begin(self.BRIEF)
        case = self.set_wide()
        self.hub.stop(signal.SIGKILL)
        self.hub.start()
        self.assertFalse(self.gets_through())
        until(self.gets_through, 'rolled back', 15, 0.2)
        until(lambda: self.hub.api(f'/cases/{case}')['provisional']['state'] == 'rolled_back', 'the case says so')

    def test_what_would_cut_hub_gateway_or_resolver_is_refused(self):
        self.begin()
        self.server.run('ip', 'addr', 'add', '172.29.0.1/32', 'dev', 'eth0')
        self.server.run('ip', 'route', 'add', 'default', 'via', '172.30.0.1', 'dev', 'eth0', 'onlink', 'metric', '900')
        self.agent.stop()
        self.agent.start()  # it tells what it finds; the hub looks itself
        for network in ('172.29.0.0/16', '172.30.0.0/16', '172.31.0.0/16', '10.88.0.0/16'):
            with self.subTest(network):
                status, why = self.ask('ben', '/rules', {'networks': [network]})
                self.assertIn('protected', json.dumps(why), status)
                self.assertNotIn('confirm_case', why)
        self.assertEqual((self.server.blocked(), self.hub.api('/rules')['rules']), ({}, []))
        self.assertEqual(self.ask('ben', '/rules', {'networks': ['172.28.0.0/16']})[0], 200)  # others are not

    def test_a_block_that_no_host_carries_out_is_not_to_be_confirmed(self):
        self.begin('block: {widest_ipv4: 4}\n')
        told = self.refused('rules', 'set', '96.0.0.0/6')  # the host's own ceiling is /8
        self.assertNotIn('garita confirm', told)
        self.assertIn('ceiling', told)


class Sessions(Town):
    """People who come over SSH."""

    def login(self, user='root', source=None):
        session = self.client.start('ssh', '-F', 'none', '-q', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null',
                                    '-o', 'ConnectTimeout=5', *(['-b', source] if source else []), '-i', self.world.directory / 'id',
                                    f'{user}@{self.server.address}', 'echo in; exec sh 2>&1', stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.assertEqual(session.stdout.readline(), b'in\n', self.world.tail())
        return session

    def type(self, session, *words):
        """(exit code, what it says) of garita in that session."""
        session.stdin.write(f'GARITA_SOCKET={self.hub.socket} LC_ALL=C.UTF-8 {BIN}/garita {" ".join(map(str, words))}; echo "ended $?"\n'.encode())
        session.stdin.flush()
        said = ''
        while not (end := re.search(r'^ended (\d+)$', said, re.M)):
            line = session.stdout.readline()
            self.assertTrue(line, said + self.world.tail())
            said += line.decode()
        return int(end[1]), said

    def logins(self):
        """As the hub's store has them: to try a block out would cut the session off."""
        with contextlib.closing(sqlite3.connect(f'file:{self.hub.directory}/state/garita.db?mode=ro', uri=True)) as store:
            return store.execute('SELECT logins FROM devices').fetchone()[0]

    def test_a_session_older_than_the_block_confirms_nothing(self):
        self.begin(sshd=True)
        old = self.login()
        code, said = self.type(old, 'rules', 'set', WIDE)
        self.assertEqual(code, 0, said)
        case = re.search(r'garita confirm (\d+)', said)[1]
        self.in_force(case)
        code, said = self.type(old, 'confirm', case)
        self.assertEqual(code, 1, said)
        self.assertIn('log in anew', said)
        multiplexed = self.server.run('env', f'SSH_CONNECTION={self.client.address} 1234 {self.server.address} 22', f'GARITA_SOCKET={self.hub.socket}',
                                      BIN / 'garita', 'confirm', case, check=False)  # out of no session, as behind tmux
        self.assertIn('tmux', multiplexed.stderr)
        self.assertEqual(self.hub.api(f'/cases/{case}')['provisional']['state'], 'waiting')
        code, said = self.type(self.login(), 'confirm', case)
        self.assertEqual(code, 0, said)
        self.assertEqual(self.hub.api(f'/cases/{case}')['provisional']['state'], 'confirmed')

    def test_nobody_s_live_session_is_cut(self):
        self.begin(sshd=True)
        session = self.login(source=INSIDE)
        stranger = self.login('ann', source='198.18.5.2')
        begun = time.monotonic()
        until(lambda: INSIDE in self.logins() and '198.18.5.2' in self.logins(), 'the hub knows who is there', 5)
        print(f'from login to being protected: {(time.monotonic() - begun) * 1000:.0f} ms')
        for network in (WIDE, INSIDE, '198.18.5.0/24'):
            _, why = self.ask('ben', '/rules', {'networks': [network]})
            self.assertIn('ana is logged in to server from ' + INSIDE, json.dumps(why))
        case = self.hub.alert(WIDE, subject='a net')['id']
        self.assertIn('ana is logged in', json.dumps(self.answer('ben', case, 'block')))
        self.assertIn('1', self.type(session, 'status')[1])  # it lives
        own = self.type(session, 'rules', 'set', INSIDE)[1]
        self.assertIn('cannot be blocked', own)
        self.assertEqual(self.ask('ben', '/rules', {'networks': ['198.18.5.2']})[0], 200)  # a stranger's session protects nothing
        until(lambda: stranger.poll() is not None, 'the stranger is cut', 15)
        session.stdin.close()
        session.wait(10)
        until(lambda: self.ask('ben', '/rules', {'networks': [INSIDE], 'for': 60})[0] == 200, 'who has left protects nothing', 10)

    PRETENDER = '''import os, socket, sys
folder = sys.argv[1]
listening = socket.create_server(('', 2022))
print('listens', flush=True)
kept, _ = listening.accept()
kept.set_inheritable(True)
os.symlink('/usr/bin/sleep', folder + '/sshd')
os.execv(folder + '/sshd', ['sshd: root@pts/9', '3011'])'''

    def test_who_only_calls_himself_sshd_shields_no_address(self):
        self.begin(sshd=True)
        folder = World.folder(self)
        folder.chmod(0o777)
        pretender = self.server.start('setpriv', '--reuid=ann', '--regid=64301', '--clear-groups', '/usr/bin/python3', '-c', self.PRETENDER,
                                      folder, stdout=subprocess.PIPE)
        self.assertEqual(pretender.stdout.readline(), b'listens\n')
        kept = self.client.inside(lambda: socket.create_connection((self.server.address, 2022), 5, (INSIDE, 0)))
        self.addCleanup(kept.close)
        until(lambda: Path(f'/proc/{pretender.pid}/cmdline').read_bytes().startswith(b'sshd: root@pts/9'), 'it pretends')
        self.assertEqual(Path(f'/proc/{pretender.pid}/comm').read_text(), 'sshd\n')
        self.login('ann', source='198.18.5.2')
        until(lambda: '198.18.5.2' in self.logins(), 'the hub knows of the real one', 5)
        self.assertNotIn(INSIDE, self.logins())
        status, said = self.ask('ben', '/rules', {'networks': [INSIDE]})
        self.assertEqual(status, 200, said)
        until(lambda: INSIDE in self.server.blocked(), 'it is blocked')


if __name__ == '__main__':
    main()
