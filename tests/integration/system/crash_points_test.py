"""Power fails at each single moment: before and after every write to a file, every sync and every message that leaves the
program. Whatever the moment, one alert gives one case, one answer one decision, one effect, told once.
GARITA_CRASH_POINTS: how many of the moments are tried (`all` for each one); spread evenly, at random places."""
import contextlib
import http.client
import os
import random
import time
import unittest
from pathlib import Path

from world import BIN, Agent, AppLog, Hub, Logind, World, insist, main, revive, until

LIBRARY = Path(os.environ.get('GARITA_CRASH_POINT', BIN.parent / 'lib' / 'crash_point.so'))
WANTED = os.environ.get('GARITA_CRASH_POINTS', '16')


@contextlib.contextmanager
def dying_at(point, count):
    """Programs started in here die at this moment of theirs (0: only count)."""
    words = {'LD_PRELOAD': LIBRARY, 'CRASH_POINT': point, 'CRASH_POINT_COUNT': count, 'ASAN_OPTIONS': 'verify_asan_link_order=0'}
    before = {word: os.environ.get(word) for word in words}
    os.environ.update({word: str(value) for word, value in words.items()})
    try:
        yield
    finally:
        for word, value in before.items():
            os.environ.pop(word) if value is None else os.environ.update({word: value})


class CrashPoints(unittest.TestCase):
    def setUp(self):
        self.assertTrue(LIBRARY.exists(), f'{LIBRARY} is not built')
        self.world = World.of(self)
        self.logind = Logind(self, self.world)
        self.center, self.server = self.world.host('center'), self.world.host('web1')
        self.log = AppLog(self.world.directory / 'app.log')
        self.hub = Hub(self.center, ['web1'])
        self.agent = Agent(self.server, self.hub, self.log.detectors)
        self.number, self.blocked, self.restarts = 0, set(), 0

    def seen(self, path, condition, what):
        def look():
            _, document = insist(self.hub, [self.agent], path)
            return condition(document)
        return until(look, what, 30, 0.05)

    def story(self):
        """An attack in a log, its case, the answer, its effect; then an answer that happens once."""
        self.number += 1
        address = f'198.51.{100 + self.number // 250}.{self.number % 250 + 1}'
        self.log.failed_logins(address)
        case = self.seen('/cases?state=all&kind=log_patterns&limit=1000',
                         lambda d: [c for c in d['cases'] if address in c['subject']], f'a case about {address}')[0]
        status, reply = insist(self.hub, [self.agent], f'/cases/{case["id"]}/decision', {'response': 'block'})
        self.assertIn(status, (200, 409), reply)
        self.assertEqual(reply['case']['decision']['response'], 'block')
        self.blocked.add(address)
        load = f'load {self.number}'
        insist(self.hub, [self.agent], '/alerts', {'uid': load, 'kind': 'cpu_load', 'device': 'web1', 'subject': load})
        restart = self.seen('/cases?state=all&kind=cpu_load&limit=1000',
                            lambda d: [c for c in d['cases'] if c['subject'] == load], load)[0]
        status, reply = insist(self.hub, [self.agent], f'/cases/{restart["id"]}/decision', {'response': 'reboot'})
        self.assertIn(status, (200, 409), reply)
        for id in (case['id'], restart['id']):
            self.seen(f'/cases/{id}', lambda d: d['state'] == 'closed', f'case {id} is over')
        return case['id'], restart['id']

    def told(self, ask):
        """What the hub says, though the chosen moment may come only now."""
        for _ in range(5):
            revive(self.hub, [self.agent])
            try:
                return ask()
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)
        return ask()

    def check(self, block, restart):
        self.assertEqual(set(self.server.blocked()), self.blocked)
        detail = self.told(lambda: self.hub.api(f'/cases/{block}'))
        self.assertEqual(detail['alert_count'], 1, detail)
        self.assertEqual(len(detail['rules']), 1, detail)
        for id in (block, restart):
            verbs = [e['verb'] for e in self.told(lambda: self.hub.audit(object=f'case {id}'))]
            self.assertEqual(verbs.count('decide'), 1, verbs)
        actions = self.told(lambda: self.hub.api(f'/cases/{restart}'))['actions']
        self.assertEqual(len(actions), 1)
        asked = self.logind.restarts() - self.restarts
        self.restarts += asked
        self.assertLessEqual(asked, 1, 'a restart is begun at most once')
        if asked == 0:  # the agent died between writing "begun" and asking: that must be told
            self.assertEqual(actions[0]['state'], 'failed', actions)

    def moments(self, total):
        if WANTED == 'all':
            return range(1, total + 1)
        step = max(1.0, total / int(WANTED))
        places = {int(k * step + random.uniform(0, step)) + 1 for k in range(int(total / step))}
        return sorted(p for p in places if p <= total)

    def try_all(self, program, restart):
        count = self.world.directory / 'count'
        program.stop()
        with dying_at(0, count):
            restart()
        self.check(*self.story())
        program.stop()
        total = int(count.read_text())
        self.assertGreater(total, 30)
        died, tried = 0, self.moments(total)
        for point in tried:
            with self.subTest(point=point):
                if program.process.poll() is None:
                    program.stop()
                with dying_at(point, count):
                    begin = program.process = self.begin(program)
                self.check(*self.story())
                died += begin.poll() == -9
        print(f'{total} moments, {len(tried)} tried, in {died} the program died')
        self.assertGreaterEqual(died, len(tried) * 0.6)

    def begin(self, program):
        word = 'garita' if program is self.hub else 'garita-agent'
        return program.host.start(BIN / word, *(['hub'] if program is self.hub else []), '--config', program.config)

    def test_the_hub_dies_at_each_moment(self):
        self.try_all(self.hub, self.hub.start)

    def test_the_agent_dies_at_each_moment(self):
        self.try_all(self.agent, lambda: self.agent.start(wait=False))


if __name__ == '__main__':
    main()
