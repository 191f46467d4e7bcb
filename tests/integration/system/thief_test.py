"""A thief: with what an agent holds (certificate, key, code), and then also with the hub's own TLS key in the hub's place.
Each refusal is shown, and that nothing has changed by what was tried."""
import base64
import http.client
import json
import os
import signal
import ssl
import subprocess
import threading
import time
import unittest

from world import BIN, QUIET, Agent, Hub, World, main, until

SYNC = {'host': {'version': '0', 'boot_id': 'b', 'protected': [], 'watches': [], 'troubles': []},
        'agent_time': '2026-01-01T00:00:00Z', 'held_seq': 0, 'in_force_seq': 0, 'failed': [], 'connections_cut': 0,
        'actions': [], 'known_actions': [], 'audit_heads': [], 'wait': 0}


def nonce():
    return base64.urlsafe_b64encode(os.urandom(24)).decode()


class Loot:
    """What lies in the folder of an agent, as a thief uses it."""

    def __init__(self, agent, world):
        self.identity = json.loads((agent.directory / 'state' / 'identity.json').read_text())['identity']
        self.files = world.directory / f'loot-{agent.host.name}-{time.monotonic_ns()}'
        self.files.write_text(self.identity['current']['certificate'] + self.identity['current']['key'])

    def tls(self, certificate=True):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if certificate:
            context.load_cert_chain(self.files)
        return context


class Line(http.client.HTTPSConnection):
    """A TLS connection out of a host's network."""

    def __init__(self, host, port_of, context, timeout=20):
        super().__init__(port_of[0], port_of[1], timeout=timeout)
        self.from_host, self.context_, self.session = host, context, None

    def connect(self):
        plain = self.from_host.connect(self.host, self.port, self.timeout)
        self.sock = self.context_.wrap_socket(plain, session=self.session)

    def ask(self, path, body=None, method=None, headers=None):
        text = None if body is None else json.dumps(body)
        self.request(method or ('GET' if body is None else 'POST'), path, text,
                     {'Content-Type': 'application/json', 'Garita-Nonce': nonce(), **(headers or {})})
        reply = self.getresponse()
        text = reply.read()
        try:
            return reply.status, json.loads(text or b'null')
        except ValueError:
            return reply.status, text.decode(errors='replace')


def new_key(folder):
    """(key file, certificate request) made by somebody else's tools."""
    key = folder / f'key-{time.monotonic_ns()}'
    subprocess.run(['openssl', 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key], check=True, capture_output=True)
    asked = subprocess.run(['openssl', 'req', '-new', '-key', key, '-subj', '/CN=web1'], check=True, capture_output=True, text=True)
    return key, asked.stdout


def secret_in(code):
    """What of a one-time code the hub is told: the part before the hub's fingerprint."""
    raw = base64.urlsafe_b64decode(code.removeprefix('ge1.') + '=' * (-len(code.removeprefix('ge1.')) % 4))
    return base64.urlsafe_b64encode(raw[:16]).decode().rstrip('=')


class Thief(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.thief = self.world.host('center'), self.world.host('thief')
        self.servers = [self.world.host(name) for name in ('web1', 'web2')]

    def begin(self, extra='', hub=Hub):
        self.hub = hub(self.center, ['web1', 'web2'], extra)
        self.agents = [Agent(server, self.hub, QUIET) for server in self.servers]
        self.loot = Loot(self.agents[0], self.world)
        self.port = (self.center.address, 8443)

    def line(self, certificate=True, timeout=20):
        connection = Line(self.thief, self.port, self.loot.tls(certificate), timeout)
        self.addCleanup(connection.close)
        return connection

    def everything(self):
        """What must not change by a thief's doing."""
        return [self.hub.api('/rules?limit=1000'), [c for c in self.hub.cases('all') if c['device'] != 'web1'],
                [e for e in self.hub.audit() if e['verb'] not in ('agent_refused', 'denied')]]

    def enrol(self, code, kind='one_time', name='', request=None):
        body = {'kind': kind, 'code': secret_in(code) if kind == 'one_time' else code, 'request': request or new_key(self.world.directory)[1]}
        return self.line(False).ask('/agent/v1/enrol', {**body, **({'name': name} if name else {})})

    def test_a_stolen_certificate_opens_its_own_data_only(self):
        self.begin()
        self.hub.cli('rules', 'set', '192.0.2.1')
        self.hub.cli('rules', 'set', '192.0.2.2', '--device', 'web2', '--comment', 'none of its business')
        case = self.hub.alert('192.0.2.77')
        until(lambda: '192.0.2.2' in self.servers[1].blocked(), 'all is in force')
        until(lambda: self.hub.api('/status')['counts']['unsettled_rules'] == 0, 'and the hub knows')
        self.agents[0].stop()
        self.agents[1].stop(signal.SIGKILL)
        self.hub.cli('rules', 'set', '192.0.2.3', '--device', 'web2')
        before = self.everything()
        thief = self.line()
        with self.subTest('the API is for people and tokens'):
            for method, path, body in (('GET', '/cases', None), ('GET', '/rules', None), ('GET', '/audit', None), ('GET', '/status', None),
                                       ('GET', '/agents', None), ('GET', '/audit/rows', None), ('GET', f'/cases/{case["id"]}', None),
                                       ('POST', '/rules', {'networks': ['192.0.2.66']}), ('POST', '/rules/unset', {'networks': ['192.0.2.1']}),
                                       ('POST', f'/cases/{case["id"]}/decision', {'response': 'block'}), ('POST', '/alerts', {'kind': 'x', 'subject': 'y'}),
                                       ('POST', '/agents/codes', {'name': 'web9'}), ('POST', '/agents/web2/revoke', {})):
                self.assertIn(thief.ask('/api/v1' + path, body, method)[0], (401, 403), path)
        with self.subTest('no other path of an agent'):
            for path in ('orders', 'cases', 'agents', 'decision', 'rules/inet_access'):  # its own rules of devices: agent_rules_test.py
                self.assertEqual(thief.ask('/agent/v1/' + path, {})[0], 404)
        with self.subTest('it reads its own rules only, whatever name it gives'):
            for headers in ({}, {'Garita-Agent': 'web2'}, {'Authorization': 'Bearer code-of-web2'}):
                status, answer = thief.ask('/agent/v1/sync', {**SYNC, 'device': 'web2', 'agent': 'web2', 'name': 'web2'}, headers=headers)
                self.assertEqual((status, [r['params'] for r in answer['rules']]), (200, ['192.0.2.1']))
                self.assertEqual(answer['actions'], [])
        with self.subTest('it confirms nothing for others'):
            last = max(r['seq'] for r in self.hub.api('/rules?limit=100')['rules'])
            own = {**SYNC, 'store': answer['store'], 'held_seq': last, 'in_force_seq': last + 100, 'failed': [{'seq': last, 'error': 'no'}],
                   'actions': [{'id': n, 'state': 'done', 'result': 'forged'} for n in range(1, 20)]}
            thief.ask('/agent/v1/sync', own)
            waiting = [r for r in self.hub.api('/rules?limit=100')['rules'] if r['params'] == '192.0.2.3']
            self.assertEqual(len(waiting), 1)
            self.assertEqual(self.hub.api('/status')['counts']['unsettled_rules'], 1, 'what web2 has not confirmed is not confirmed')
        with self.subTest('what it tells is told of its own host'):
            told = {'uid': 'stolen-1', 'device': 'web2', 'kind': 'http_errors', 'subject': '192.0.2.88', 'severity': 'warning',
                    'at': '2026-01-01T00:00:00Z', 'facts': {}}
            self.assertEqual(thief.ask('/agent/v1/alerts', {'alerts': [told]})[0], 200)
            mine = until(lambda: self.hub.cases('all', subject='192.0.2.88'), 'its alert')
            self.assertEqual([c['device'] for c in mine], ['web1'])
        self.assertEqual(self.everything(), before, 'nothing of others has changed')
        with self.subTest('without the certificate there is nothing at all'):
            for path in ('sync', 'alerts', 'certificate'):
                self.assertEqual(self.line(False).ask('/agent/v1/' + path, SYNC)[0], 401)
            own_key, _ = new_key(self.world.directory)
            made = self.world.directory / 'self-made'
            subprocess.run(['openssl', 'req', '-x509', '-new', '-key', own_key, '-subj', '/CN=web1', '-days', '9', '-out', made],
                           check=True, capture_output=True)
            made.write_text(made.read_text() + own_key.read_text())
            context = self.loot.tls(False)
            context.load_cert_chain(made)
            with self.assertRaises((ssl.SSLError, OSError, http.client.HTTPException)):
                Line(self.thief, self.port, context).ask('/agent/v1/sync', SYNC)

    def test_codes(self):
        self.begin()
        code = json.loads(self.hub.cli('enroll', 'web3', '--json').stdout)['code']
        with self.subTest('a wrong name'):
            status, problem = self.enrol(code, name='web2')
            self.assertEqual((status, 'is for web3, not for web2' in problem['detail']), (401, True), problem)
        with self.subTest('once, and the same key again after a lost answer'):
            _, request = new_key(self.world.directory)
            first, again = (self.enrol(code, request=request) for _ in range(2))
            self.assertEqual((first[0], first[1]['name']), (200, 'web3'))
            self.assertEqual(again[1]['certificate'], first[1]['certificate'])
        with self.subTest('used'):
            status, problem = self.enrol(code)
            self.assertEqual(status, 401)
            self.assertIn('used already, by another key', problem['detail'])
        with self.subTest('a later one ends it'):
            older = json.loads(self.hub.cli('enroll', 'web4', '--json').stdout)['code']
            newer = json.loads(self.hub.cli('enroll', 'web4', '--json').stdout)['code']
            self.assertEqual(self.enrol(older)[0], 401)
            self.assertEqual(self.enrol(newer)[0], 200)
        with self.subTest('too late'):
            late = json.loads(self.hub.cli('enroll', 'web5', '--valid', '1s', '--json').stdout)['code']
            time.sleep(1.1)
            status, problem = self.enrol(late)
            self.assertEqual((status, 'the code ended at' in problem['detail']), (401, True), problem)
        with self.subTest('the code of the configuration is for the first time only'):
            status, problem = self.enrol('code-of-web2', 'pre_shared', 'web2')
            self.assertEqual((status, 'enrolled before' in problem['detail']), (401, True), problem)
        with self.subTest('the thief was faster: the owner is told'):
            stolen = json.loads(self.hub.cli('enroll', 'web6', '--json').stdout)['code']
            self.assertEqual(self.enrol(stolen)[0], 200)
            owner = self.servers[0].run(BIN / 'garita-agent', 'enroll', '--hub', self.hub.url, '--code', stolen,
                                        '--config', '/nowhere', '--state', self.world.directory / 'owner', check=False)
            self.assertEqual(owner.returncode, 3, owner.stderr)
            self.assertIn('if that was not you, revoke web6', owner.stderr)
        with self.subTest('guessing'):
            answers = [self.enrol('code-of-web1x', 'pre_shared', 'web1')[0] for _ in range(30)]
            self.assertEqual(answers[-1], 429)
        self.assertGreaterEqual(len(self.hub.audit(verb='agent_refused')), 5, 'the hub has kept who tried what')
        self.assertEqual({e['actor']['name'] for e in self.hub.audit(verb='agent_refused')}, {self.thief.address, self.servers[0].address})

    def test_revoked(self):
        self.begin()
        waiting = self.line(timeout=40)
        _, answer = waiting.ask('/agent/v1/sync', SYNC)
        settled = {**SYNC, 'store': answer['store'], 'held_seq': 0, 'wait': 40}
        self.agents[0].stop(signal.SIGKILL)
        waiting.ask('/agent/v1/sync', {**settled, 'wait': 0})
        waiting.request('POST', '/agent/v1/sync', json.dumps(settled), {'Garita-Nonce': nonce()})
        idle = self.line()
        idle.connect()
        self.agents[0].start(wait=False)
        until(lambda: self.hub.api('/status')['hub']['waiting_agents'] >= 3, 'all wait', 30)
        waiting.sock.settimeout(20)
        ended = []

        def wait_for_the_end():
            try:
                ended.append(waiting.getresponse().status)
            except (OSError, http.client.HTTPException) as error:
                ended.append(error)
            ended.append(time.monotonic())
        watcher = threading.Thread(target=wait_for_the_end)
        watcher.start()
        begun = time.monotonic()
        self.hub.cli('agents', 'revoke', 'web1')
        watcher.join(20)
        took = ended[-1] - begun
        print(f'a revoked agent was cut off after {took * 1000:.0f} ms (the command itself included)')
        self.assertLess(took, 1.0)
        self.assertNotEqual(ended[0], 200)
        with self.subTest('a connection that was quiet is cut too'):
            idle.sock.settimeout(5)
            self.assertEqual(idle.sock.recv(1), b'')
        self.hub.cli('rules', 'set', '192.0.2.9')
        with self.subTest('nothing new reaches it, by old connections or new'):
            status, problem = self.line().ask('/agent/v1/sync', SYNC)
            self.assertEqual(status, 401)
            self.assertIn('revoked', problem['detail'])
            again = self.line()
            again.session = waiting.sock.session if waiting.sock else None
            self.assertEqual(again.ask('/agent/v1/sync', SYNC)[0], 401)
            self.assertEqual(self.line().ask('/agent/v1/certificate', {'request': new_key(self.world.directory)[1]})[0], 401)
            self.assertEqual(self.enrol('code-of-web1', 'pre_shared', 'web1')[0], 401)
        until(lambda: '192.0.2.9' in self.servers[1].blocked(), 'the other one goes on')
        time.sleep(1)
        self.assertNotIn('192.0.2.9', self.servers[0].blocked())
        self.assertIn('revoked', self.hub.cli('agents').stdout)
        with self.subTest('let in again'):
            code = json.loads(self.hub.cli('enroll', 'web1', '--json').stdout)['code']
            self.servers[0].run(BIN / 'garita-agent', 'enroll', '-c', self.agents[0].config, '--code', code)
            until(lambda: '192.0.2.9' in self.servers[0].blocked(), 'the agent takes up what it finds, and is back', 60)
            self.assertEqual(self.line().ask('/agent/v1/sync', SYNC)[0], 401, 'the thief is not')

    def test_when_it_cannot_be_known_who_is_revoked(self):
        self.begin()
        self.hub.cli('rules', 'set', '192.0.2.1')
        until(lambda: '192.0.2.1' in self.servers[0].blocked(), 'in force')
        thief = self.line()
        self.assertEqual(thief.ask('/agent/v1/sync', SYNC)[0], 200)
        store = self.hub.directory / 'state' / 'garita.db'
        for name in ('', '-wal', '-shm'):  # the disk dies under the running hub
            file = store.parent / (store.name + name)
            with open(file, 'r+b') as damaged:
                damaged.write(os.urandom(file.stat().st_size))
        status, problem = thief.ask('/agent/v1/sync', SYNC)
        self.assertEqual(status, 503, problem)
        self.assertIn('cannot look up which certificates are revoked', problem['detail'])
        self.assertIn('192.0.2.1', self.servers[0].blocked(), 'what is in force stays')
        self.assertEqual(self.agents[0].process.poll(), None)

    def test_a_clone_is_noticed(self):
        self.begin('', with_certificates('30s'))
        _, request = new_key(self.world.directory)
        self.agents[0].stop(signal.SIGKILL)
        time.sleep(2)
        status, answer = self.line().ask('/agent/v1/certificate', {'request': request})
        self.assertEqual(status, 200, answer)
        key = sorted(self.world.directory.glob('key-*'))[-1]
        self.loot.files.write_text(answer['certificate'] + key.read_text())
        self.assertEqual(self.line().ask('/agent/v1/sync', SYNC)[0], 200, 'the thief is the agent now')
        self.agents[0].start(wait=False)
        until(lambda: 'has taken its place' in self.world.tail(20000), 'the agent says that it is one too many')
        self.hub.cli('agents', 'revoke', 'web1')
        self.assertEqual(self.line().ask('/agent/v1/sync', SYNC)[0], 401)


def with_certificates(lifetime):
    class Configured(Hub):
        def configure(self, extra):
            super().configure(extra)
            self.config.write_text(self.config.read_text().replace('hub:\n', f'hub:\n  agent_certificates: {lifetime}\n', 1))
    return Configured


if __name__ == '__main__':
    main()
