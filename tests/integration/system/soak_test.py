"""Thousands of decisions, each answered five times through three channels, while the programs are killed and the network
is cut: every decision has its effect, none has two. Small by default; `make soak` runs it long:
  GARITA_SOAK_DECISIONS, GARITA_SOAK_SECONDS (the least time it takes), GARITA_SOAK_KILLS (of each program)"""
import heapq
import http.client
import json
import os
import random
import shutil
import ssl
import threading
import time
import unittest
from collections import Counter

from world import QUIET, SOURCE, Agent, Hub, Logind, UnixConnection, World, main, parse_time, revive, until

DECISIONS = int(os.environ.get('GARITA_SOAK_DECISIONS', 200))
SECONDS = float(os.environ.get('GARITA_SOAK_SECONDS', 10))
KILLS = int(os.environ.get('GARITA_SOAK_KILLS', 4))
RESTARTS = max(4, DECISIONS // 200)
ANSWERS = 5
PEOPLE = 20
CHAT, FIRST_PERSON = -7001, 5000
SECRET = 'soak-token-0123456789-abcdef'


class Subject:
    """One thing to decide, and what became of its answers."""

    def __init__(self, number, restart):
        self.number, self.restart = number, restart
        self.address = f'198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}'
        self.device = 'web1' if restart else f's{number}'
        self.subject = f'load {number}' if restart else self.address
        self.lasts = {}       # answer → seconds: tells whose answer won
        self.case = None
        self.left = ANSWERS
        self.accepted = 0     # replies that said "yours is the decision"


class Postman:
    """Connections of one thread that are made anew after each death of the hub."""

    def __init__(self, soak):
        self.soak, self.open = soak, {}

    def ask(self, door, path, body=None):
        """As a program that insists: what has no answer is asked again."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                connection = self.open.get(door) or self.open.setdefault(door, self.connect(door))
                headers = {'Content-Type': 'application/json'}
                if door == 'rest':
                    headers['Authorization'] = f'Bearer {SECRET}'
                connection.request('GET' if body is None else 'POST', path, None if body is None else json.dumps(body), headers)
                reply = connection.getresponse()
                document = json.loads(reply.read() or b'null')
                if reply.status < 500 and reply.status != 429:
                    return reply.status, document
            except (OSError, http.client.HTTPException, ValueError):
                if door in self.open:
                    self.open.pop(door).close()
            time.sleep(0.02)
        raise AssertionError(f'no answer to {path} through {door}')

    def connect(self, door):
        if door == 'local':
            return UnixConnection(self.soak.hub.socket)
        if door == 'telegram':
            return http.client.HTTPConnection('127.0.0.1', self.soak.port, timeout=20)
        context = ssl.create_default_context(cafile=self.soak.hub.certificate)
        context.check_hostname = False  # the name is for the hub's own machine; here it has an address
        return http.client.HTTPSConnection('127.0.0.1', 8443, timeout=20, context=context)


class Soak(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get('GARITA_SOAK_SEED', random.randrange(10 ** 6)))
        self.dice = random.Random(self.seed)
        self.world = World.of(self)
        self.center, self.server = self.world.host('center'), self.world.host('web1')
        self.start_telegram()
        self.logind = Logind(self, self.world)
        people = ''.join(f'  p{n}: {{role: approver, telegram: {FIRST_PERSON + n}}}\n' for n in range(PEOPLE))
        self.hub = Hub(self.center, ['web1'], f'''
limits: {{open_cases: {DECISIONS + RESTARTS + 100}}}
people:
{people}tokens:
  app: {{secret: {SECRET}, scopes: ["cases:read", "decisions:write"], person: p1}}
telegram:
  token: 4242:not-a-real-token
  api_base: http://127.0.0.1:{self.port}
  chats: [{{id: {CHAT}}}]
''')
        self.agent = Agent(self.server, self.hub, QUIET)
        self.lock, self.due = threading.Condition(), []
        self.failure, self.over = None, False
        self.answered, self.replies = Counter(), Counter()
        self.decided = 0
        # alerts arrive evenly over the time, restarts among them
        total = DECISIONS + RESTARTS
        restarts = set(self.dice.sample(range(total), RESTARTS))
        self.subjects = [Subject(n, n in restarts) for n in range(total)]

    def start_telegram(self):
        port_file = self.world.directory / 'port'
        self.center.start(shutil.which('node') or 'node', SOURCE / 'tests/fakes/telegram/strict/server.js', port_file)
        self.port = int(until(lambda: port_file.exists() and port_file.read_text(), 'the server of Telegram listens'))
        clerk = Postman(self)
        self.center.inside(lambda: clerk.ask('telegram', '/_control/chat', {'id': CHAT}))
        for number in range(PEOPLE):
            self.center.inside(lambda: clerk.ask('telegram', '/_control/chat', {'id': FIRST_PERSON + number}))

    # --- what the crowd does ---

    def crowd(self):
        """One thread: takes what is due, alert or answer, and does it."""
        postman = Postman(self)
        while True:
            with self.lock:
                while not self.over and (not self.due or self.due[0][0] > time.monotonic()):
                    self.lock.wait(max(0.001, self.due[0][0] - time.monotonic()) if self.due else 0.05)
                if self.over:
                    return
                _, _, subject, answer = heapq.heappop(self.due)
            try:
                self.raise_alert(postman, subject) if answer is None else self.give_answer(postman, subject, *answer)
            except BaseException as error:  # a thread's failure is the test's
                self.failure = self.failure or error

    def put(self, when, subject, answer):
        with self.lock:
            heapq.heappush(self.due, (when, self.dice.random(), subject, answer))
            self.lock.notify()

    def raise_alert(self, postman, subject):
        body = {'uid': f'soak-{subject.number}', 'device': subject.device, 'subject': subject.subject,
                'kind': 'cpu_load' if subject.restart else 'test_scan'}
        if not subject.restart:
            body['address'] = subject.address
        status, reply = postman.ask('local', '/api/v1/alerts', body)
        assert status == 202, reply
        end = time.monotonic() + 60
        while subject.case is None:
            assert time.monotonic() < end, f'no case about {subject.subject}'
            _, found = postman.ask('local', f'/api/v1/cases?state=all&device={subject.device}&limit=1000')
            subject.case = next((c['id'] for c in found['cases'] if c['subject'] == subject.subject), None)
        doors = ['telegram', 'local', 'rest', *self.dice.choices(['telegram', 'local', 'rest'], k=ANSWERS - 3)]
        self.dice.shuffle(doors)
        for number, door in enumerate(doors):
            lasts = 40000 + 1000 * number + self.dice.randrange(500)
            self.put(time.monotonic() + self.dice.choice([0, 0, self.dice.uniform(0, 0.4)]), subject, (number, door, lasts))

    def give_answer(self, postman, subject, number, door, lasts):
        word = 'reboot' if subject.restart else 'block'
        subject.lasts[number] = lasts
        if door == 'telegram':
            person = FIRST_PERSON + self.dice.randrange(PEOPLE)
            text = f'/{word} {subject.case}' + ('' if subject.restart else f' {lasts}s')
            postman.ask('telegram', '/_control/message', {'chat': person, 'from': {'id': person}, 'text': text})
        else:
            body = {'response': word} if subject.restart else {'response': word, 'for': lasts}
            status, reply = postman.ask(door, f'/api/v1/cases/{subject.case}/decision', body)
            assert status in (200, 409), (status, reply)
            self.replies[reply['outcome']] += 1
            subject.accepted += status == 200
        with self.lock:
            self.answered[door] += 1
            subject.left -= 1
            self.decided += subject.left == 0

    # --- what befalls the programs ---

    def cut(self, seconds):
        """The agent's cable is out for a while."""
        self.server.run('ip', 'link', 'set', 'eth0', 'down')
        time.sleep(seconds)
        self.server.run('ip', 'link', 'set', 'eth0', 'up')
        self.server.run('ip', 'route', 'replace', 'default', 'via', self.world.gateway)

    def faults(self):
        """(after how many decisions, what), in order."""
        total = len(self.subjects)
        planned = [(self.dice.uniform(0.02, 0.98) * total, fault) for fault in ['hub'] * KILLS + ['agent'] * KILLS
                   + ['cable'] * max(1, KILLS // 10)]
        return sorted(planned)

    def live_through(self):
        planned, told = self.faults(), time.monotonic()
        done = Counter()
        while planned or self.decided < len(self.subjects):
            if self.failure:
                raise self.failure
            revive(self.hub, [self.agent])
            while planned and planned[0][0] <= self.decided:
                fault = planned.pop(0)[1]
                done[fault] += 1
                if fault == 'cable':
                    self.cut(self.dice.uniform(0.2, 1.5))
                else:
                    time.sleep(self.dice.uniform(0, 0.05))
                    (self.hub if fault == 'hub' else self.agent).process.kill()
                    (self.hub if fault == 'hub' else self.agent).process.wait()
                    break
            if time.monotonic() - told > 10:
                told = time.monotonic()
                print(f'{self.decided} of {len(self.subjects)} decided, {dict(done)}', flush=True)
            time.sleep(0.02)
        return done

    # --- the test ---

    def test_each_decision_has_one_effect(self):
        begun = time.monotonic()
        print(f'seed {self.seed}: {DECISIONS} blocks and {RESTARTS} restarts, {ANSWERS} answers each')
        for subject in self.subjects:
            self.put(begun + SECONDS * subject.number / len(self.subjects), subject, None)
        threads = [threading.Thread(target=self.center.inside, args=(self.crowd,), daemon=True) for _ in range(6)]
        for thread in threads:
            thread.start()
        try:
            done = self.live_through()
        finally:
            with self.lock:
                self.over = True
                self.lock.notify_all()
        for thread in threads:
            thread.join()
        self.assertIsNone(self.failure)
        self.assertEqual((done['hub'], done['agent']), (KILLS, KILLS))
        self.settle()
        print(f'{sum(self.answered.values())} answers: {dict(self.answered)}; replies: {dict(self.replies)}')
        print(f'killed: {done["hub"]} times the hub, {done["agent"]} times the agent; cable out {done["cable"]} times; '
              f'{time.monotonic() - begun:.0f} s')
        blocks = self.compare_blocks()
        self.compare_restarts()
        self.compare_audit()
        print(f'{blocks} decisions to block, {blocks} effects in the kernel: none twice, none lost')

    def settle(self):
        def quiet():
            revive(self.hub, [self.agent])
            try:
                counts = self.hub.api('/status')['counts']
                return counts['unsettled_rules'] == 0 and not self.hub.api('/cases?state=open&limit=1')['cases'] \
                    and not self.hub.api('/cases?state=decided&limit=1')['cases']
            except (OSError, http.client.HTTPException):
                return False
        until(quiet, 'everything is settled', 120, 0.2)

    def pages(self, path, member, cursor, next_of):
        last = ''
        while True:
            page = self.hub.api(f'{path}{last}')[member]
            yield from page
            if not page:
                return
            last = f'&{cursor}={next_of(page)}'

    def compare_blocks(self):
        cases = {c['id']: c for c in self.pages('/cases?state=all&limit=1000', 'cases', 'before', lambda p: p[-1]['id'])}
        self.assertEqual(len(cases), len(self.subjects), 'a case for each alert, though it may have been sent again')
        rules = {}
        for rule in self.pages('/rules?limit=1000', 'rules', 'after', lambda p: p[-1]['id']):
            self.assertNotIn(rule['params'], rules)
            rules[rule['params']] = rule
        kernel = self.server.blocked()
        now, wanted = time.time(), [s for s in self.subjects if not s.restart]
        self.assertEqual(set(kernel), {s.address for s in wanted})
        self.assertEqual(set(rules), set(kernel))
        for subject in wanted:
            decision, rule = cases[subject.case]['decision'], rules[subject.address]
            self.assertEqual((decision['response'], rule['desired'], rule['current']), ('block', 'drop', 'drop'))
            self.assertLessEqual(subject.accepted, 1)
            self.assertIn(decision['lasts_seconds'], subject.lasts.values())
            end = parse_time(rule['expires_at'])
            self.assertAlmostEqual(end, parse_time(decision['at']) + decision['lasts_seconds'], delta=1)
            self.assertAlmostEqual(kernel[subject.address], end - now, delta=5)
        return len(wanted)

    def compare_restarts(self):
        """A restart is begun at most once; one that was begun when the agent died is told as failed, never tried again."""
        done = failed = 0
        for subject in (s for s in self.subjects if s.restart):
            actions = self.hub.api(f'/cases/{subject.case}')['actions']
            self.assertEqual(len(actions), 1)
            self.assertIn(actions[0]['state'], ('done', 'failed'), actions)
            done += actions[0]['state'] == 'done'
            failed += actions[0]['state'] == 'failed'
        calls = self.logind.restarts()
        print(f'{done} restarts done, {failed} unknown because the agent died in them; logind was asked {calls} times')
        self.assertEqual(done + failed, RESTARTS)
        self.assertLessEqual(done, calls)
        self.assertLessEqual(calls, done + failed)
        self.assertLessEqual(failed, KILLS)

    def compare_audit(self):
        decided = Counter(e['object'] for e in self.pages('/audit?limit=1000', 'entries', 'before', lambda p: p[-1]['id'])
                          if e['verb'] == 'decide')
        self.assertEqual(set(decided), {f'case {s.case}' for s in self.subjects})
        self.assertEqual(set(decided.values()), {1})
        proof = json.loads(self.hub.cli('audit', 'verify', '--json').stdout)
        self.assertTrue(proof['proven'], proof)
        print(f'audit trail: {proof["rows"]} rows, proven')


if __name__ == '__main__':
    main()
