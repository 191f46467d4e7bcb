"""Who holds what: the agent's two parts as the kernel sees them, each killed in turn, and a hub that asks for more than the
host allows."""
import os
import signal
import time
import unittest
from pathlib import Path

from world import Agent, Hub, World, main, until

ACCOUNT = 64302
NET_ADMIN_KILL_PTRACE = 1 << 12 | 1 << 5 | 1 << 19
DAC_READ_SEARCH = 1 << 2
CPU_OFF = 'detectors:\n  cpu_load: {enabled: no}\n'


# Sanitizers make system calls of their own: programs built with one have no filter (and say so).
SANITIZED = os.environ.get('GARITA_SANITIZE', 'none') != 'none'
FILTERED = '0' if SANITIZED else '2'


class Part:
    """A process as /proc/PID/status describes it."""

    def __init__(self, pid):
        self.pid = pid
        rows = Path(f'/proc/{pid}/status').read_text().splitlines()
        self.status = {k: v.strip() for k, _, v in (row.partition(':') for row in rows)}

    def capabilities(self, kind='Eff'):
        return int(self.status['Cap' + kind], 16)

    def user(self):
        return {int(u) for u in self.status['Uid'].split()}

    def threads(self):
        return [Part(int(t)) for t in os.listdir(f'/proc/{self.pid}/task')]

    def alive(self):
        try:
            return 'Z' not in Path(f'/proc/{self.pid}/stat').read_text().rpartition(')')[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False

    def proportional(self):
        rows = Path(f'/proc/{self.pid}/smaps_rollup').read_text().splitlines()
        return sum(int(r.split()[1]) for r in rows if r.startswith('Pss:')) / 1024


class Privilege(unittest.TestCase):
    def site(self, extra='', account=True):
        self.world = World.of(self)
        if account:
            self.world.prepare('server', {'passwd': Path('/etc/passwd').read_text()
                                          + f'garita-agent:x:{ACCOUNT}:{ACCOUNT}::/nonexistent:/usr/sbin/nologin\n'})
        self.server = self.world.host('server')
        self.hub = Hub(self.server, ['server'])
        self.agent = Agent(self.server, self.hub, CPU_OFF + extra)

    def parts(self):
        """(main, enforcer): the agent runs in its host's network namespace by nsenter, which became the agent itself."""
        mother = self.agent.process.pid
        children = until(lambda: Path(f'/proc/{mother}/task/{mother}/children').read_text().split(), 'there are two parts')
        self.assertEqual(len(children), 1, self.world.tail())
        return Part(mother), Part(int(children[0]))

    def block(self, address):
        self.hub.cli('rules', 'set', address)
        until(lambda: address in self.server.blocked(), f'{address} is blocked')

    def assert_enforcer(self, enforcer):
        for thread in enforcer.threads():
            for kind in ('Eff', 'Prm', 'Bnd'):
                self.assertEqual(thread.capabilities(kind), NET_ADMIN_KILL_PTRACE, kind)
            self.assertEqual((thread.capabilities('Inh'), thread.capabilities('Amb')), (0, 0))
            self.assertEqual(thread.status['NoNewPrivs'], '1')
            self.assertEqual(thread.status['Seccomp'], FILTERED)

    def test_with_an_account_only_the_enforcing_part_holds_anything(self):
        self.site()
        mother, enforcer = self.parts()
        self.assertGreater(len(mother.threads()), 3)
        for thread in mother.threads():
            self.assertEqual(thread.user(), {ACCOUNT})
            for kind in ('Eff', 'Prm', 'Bnd', 'Inh', 'Amb'):
                self.assertEqual(thread.capabilities(kind), 0, kind)
            self.assertEqual(thread.status['NoNewPrivs'], '1')
            self.assertEqual(thread.status['Seccomp'], FILTERED)
            self.assertIn('4', thread.status['Groups'].split(), 'adm, to read logs')
        self.assertEqual(enforcer.status['Name'], 'garita-enforcer')
        self.assert_enforcer(enforcer)
        for path in [self.agent.directory / 'state', *(self.agent.directory / 'state').iterdir()]:
            self.assertEqual(path.stat().st_uid, ACCOUNT, path)
        self.block('192.0.2.1')
        time.sleep(6)  # by then what only the start needed is given back
        used = [part.proportional() for part in self.parts()]
        print(f'proportional memory: {used[0]:.1f} MB + {used[1]:.1f} MB')
        if not SANITIZED:  # which takes a lot of its own
            self.assertLess(sum(used), 15)
        self.assertEqual(self.agent.stop(), 0)
        until(lambda: not enforcer.alive(), 'the enforcing part ends too')
        self.assertEqual(self.server.blocked(), {})

    def test_without_an_account_the_main_part_may_read_and_nothing_else(self):
        self.site(account=False)
        mother, enforcer = self.parts()
        for thread in mother.threads():
            self.assertEqual(thread.user(), {0})
            for kind in ('Eff', 'Prm', 'Bnd'):
                self.assertEqual(thread.capabilities(kind), DAC_READ_SEARCH, kind)
            self.assertEqual((thread.status['NoNewPrivs'], thread.status['Seccomp']), ('1', FILTERED))
        self.assert_enforcer(enforcer)

    def test_when_either_part_is_killed_the_other_ends_and_blocks_stay(self):
        self.site()
        self.block('192.0.2.1')
        mother, enforcer = self.parts()
        os.kill(enforcer.pid, signal.SIGKILL)
        self.assertEqual(self.agent.process.wait(10), 1, 'the main part ends, and says that it was not asked to')
        self.assertIn('192.0.2.1', self.server.blocked())
        self.assertIn('the enforcing part has ended', self.world.tail())

        self.agent.start()
        self.block('192.0.2.2')
        mother, enforcer = self.parts()
        os.kill(mother.pid, signal.SIGKILL)
        self.agent.process.wait(10)
        until(lambda: not enforcer.alive(), 'the enforcing part ends', 5)
        self.assertEqual(set(self.server.blocked()), {'192.0.2.1', '192.0.2.2'})

        self.agent.start()
        self.hub.cli('rules', 'unset', '192.0.2.1')
        until(lambda: set(self.server.blocked()) == {'192.0.2.2'}, 'a new agent goes on from there')

    def test_killed_again_and_again_under_load_nothing_is_lost(self):
        self.site()
        for round in range(6):
            wanted = [f'100.64.{round}.{n}' for n in range(200)]
            self.hub.api('/rules', {'networks': wanted, 'for': 3600})
            os.kill(self.parts()[round % 2].pid, signal.SIGKILL)
            self.agent.process.wait(10)
            self.agent.start()
        until(lambda: len(self.server.blocked()) == 1200, 'every block is in force', 30)

    def test_a_hub_that_asks_for_more_than_the_host_allows_is_refused_and_told(self):
        self.site('allow: {responses: [block], widest_ipv4: 24, blocks_in_force: 3}\n')
        self.hub.cli('rules', 'set', '10.0.0.0/16', check=False)
        self.hub.cli('rules', 'set', '10.1.1.0/24')
        failed = until(lambda: [r for r in self.hub.api('/rules')['rules'] if r.get('last_error')], 'the refusal arrives')
        self.assertEqual([r['params'] for r in failed], ['10.0.0.0/16'])
        self.assertIn("refused by this host's own ceiling: 10.0.0.0/16 is wider than /24", failed[0]['last_error'])
        self.assertEqual(set(self.server.blocked()), {'10.1.1.0'})  # in the set of /24
        self.block('192.0.2.1')
        self.block('192.0.2.2')
        case = self.hub.alert('192.0.2.3')
        told = self.hub.cli('decide', case['id'], 'block', check=False)
        self.assertIn("refused by this host's own ceiling", told.stdout + told.stderr)
        shown = self.hub.cli('case', case['id']).stdout
        self.assertIn("refused by this host's own ceiling", shown)
        self.assertNotIn('192.0.2.3', self.server.blocked())

    def test_a_host_that_only_watches_blocks_nothing(self):
        self.site('allow: {responses: []}\n')
        case = self.hub.alert('192.0.2.3')
        told = self.hub.cli('decide', case['id'], 'block', check=False)
        self.assertIn("refused by this host's own ceiling: block is not among", told.stdout + told.stderr)
        self.assertEqual(self.server.blocked(), {})

    def test_an_account_that_is_not_there_is_told(self):
        self.world = World.of(self)
        self.server = self.world.host('server')
        self.hub = Hub(self.server, ['server'])
        with self.assertRaises(AssertionError) as raised:
            Agent(self.server, self.hub, CPU_OFF, head='  user: nobody-of-this-name\n')
        self.assertIn('agent.user: there is no account nobody-of-this-name', str(raised.exception))


if __name__ == '__main__':
    main()
