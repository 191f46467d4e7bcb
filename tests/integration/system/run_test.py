"""scripts/run.sh as a person uses it, on a host of its own: what it says, that starting again takes seconds, that stopping
leaves nothing in the firewall."""
import os
import shutil
import signal
import time
import unittest

from world import BIN, SOURCE, World, main, until


class Run(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.host = self.world.host('host')
        self.tree = self.world.directory / 'tree'
        (self.tree / 'build').mkdir(parents=True)
        (self.tree / 'scripts').mkdir()
        shutil.copy(SOURCE / 'scripts' / 'run.sh', self.tree / 'scripts')
        (self.tree / 'build' / 'bin').symlink_to(BIN)
        self.runs = 0

    def script(self):
        """Starts it in the foreground, as in a terminal; how long until it has said everything, and what it said."""
        self.runs += 1
        output = self.world.directory / f'output{self.runs}'
        begun = time.monotonic()
        with open(output, 'wb') as out:
            # from another folder: it finds its own
            process = self.host.start(self.tree / 'scripts' / 'run.sh', stdout=out, stderr=out, cwd='/')
        until(lambda: 'Ctrl-C' in output.read_text() or process.poll() is not None, 'the script says what it does', 60)
        self.assertIsNone(process.poll(), output.read_text())
        return process, time.monotonic() - begun, output

    def garita(self, *words):
        done = self.host.run('sh', '-c', 'cd "$1" && shift && exec build/bin/garita "$@"', 'sh', self.tree, *words)
        return done.stdout

    def pids(self):
        return [int((self.tree / 'var' / f'{name}.pid').read_text()) for name in ('hub', 'agent')]

    def firewall(self):
        return self.host.run('nft', 'list', 'ruleset').stdout

    def assert_gone(self, pids):
        for pid in pids:
            until(lambda: not os.path.exists(f'/proc/{pid}'), 'no program is left', 5)  # its parent may see it a moment later
        until(lambda: self.firewall() == '', 'nothing is left in the firewall', 5)

    def test_start_decide_stop_and_start_again(self):
        process, _, output = self.script()
        told = output.read_text()
        for word in ('watches', 'ssh', 'access.log', 'processor', 'garita cases', 'garita decide 1 block', 'rules list', 'docs/telegram.md', 'Ctrl-C'):
            self.assertIn(word.lower(), told.lower())
        until(lambda: 'drop' in self.firewall(), 'the table is there')
        for name in ('hub.yml', 'agent.yml', 'agent/identity.json', 'hub.sock'):
            self.assertTrue((self.tree / 'var' / name).exists(), name)
        self.assertEqual((self.tree / 'var').stat().st_mode & 0o077, 0, 'what it keeps is nobody else\'s')
        self.assertIn('No open cases', self.garita('cases'))
        self.garita('rules', 'set', '192.0.2.1')
        until(lambda: '192.0.2.1' in self.host.blocked(), 'a block is in force')

        pids = self.pids()
        process.send_signal(signal.SIGINT)
        process.wait(15)
        self.assert_gone(pids)

        process, seconds, output = self.script()
        print(f'started again in {seconds:.1f} s')
        self.assertLess(seconds, 10)
        until(lambda: '192.0.2.1' in self.host.blocked(), 'the block is back')
        pids = self.pids()
        stopped = self.host.run(self.tree / 'scripts' / 'run.sh', 'stop')
        self.assertIn('stopped', stopped.stdout)
        process.wait(15)
        self.assert_gone(pids)
        self.assertIn('nothing was running', self.host.run(self.tree / 'scripts' / 'run.sh', 'stop').stdout)

    def test_an_agent_that_dies_is_started_again(self):
        process, _, output = self.script()
        self.garita('rules', 'set', '192.0.2.1')
        until(lambda: '192.0.2.1' in self.host.blocked(), 'a block is in force')
        hub, agent = self.pids()
        os.kill(agent, signal.SIGKILL)
        until(lambda: not os.path.exists(f'/proc/{agent}'), 'the agent is gone')
        self.assertIn('192.0.2.1', self.host.blocked(), 'the block stays')
        until(lambda: self.pids()[1] != agent, 'another agent runs')
        self.assertEqual(self.pids()[0], hub)
        self.assertIsNone(process.poll())
        # a signal before the new program has begun would end it with nobody left to take the table away
        until(lambda: (self.tree / 'var' / 'agent.log').read_text().count('the agent is running') == 2, 'it has taken over')
        pids = self.pids()
        process.send_signal(signal.SIGINT)
        process.wait(15)
        self.assert_gone(pids)

    def test_either_may_begin_anew(self):
        for lost in (None, 'agent', 'hub'):
            with self.subTest(lost=lost):
                if lost:
                    shutil.rmtree(self.tree / 'var' / lost)
                process, _, output = self.script()
                self.assertIn('enrolled', self.garita('agents'))
                self.garita('rules', 'set', '192.0.2.1')
                until(lambda: '192.0.2.1' in self.host.blocked(), 'the agent does what the hub says')
                self.garita('rules', 'unset', '192.0.2.1')
                process.send_signal(signal.SIGTERM)
                process.wait(15)

    def test_a_second_start_takes_over(self):
        first, _, _ = self.script()
        before = self.pids()
        second, seconds, output = self.script()
        self.assertLess(seconds, 10)
        self.assertIn('stopped', output.read_text())
        first.wait(15)
        self.assertIsNone(second.poll(), output.read_text())
        after = self.pids()
        for pid in before:
            self.assertFalse(os.path.exists(f'/proc/{pid}'))
        for pid in after:
            self.assertTrue(os.path.exists(f'/proc/{pid}'), 'the first one, ending, has stopped what is not its own')
        until(lambda: 'drop' in self.firewall(), 'the table is there')
        second.send_signal(signal.SIGTERM)
        second.wait(15)
        self.assert_gone(after)

    def test_a_wrong_file_is_told_and_nothing_is_left(self):
        first, _, _ = self.script()
        first.send_signal(signal.SIGTERM)
        first.wait(15)
        with open(self.tree / 'var' / 'hub.yml', 'a') as file:
            file.write('polices: []\n')
        done = self.host.run(self.tree / 'scripts' / 'run.sh', check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn('policies', done.stdout + done.stderr)
        self.assertEqual(self.firewall(), '')


if __name__ == '__main__':
    main()
