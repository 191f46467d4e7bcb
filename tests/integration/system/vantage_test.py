"""Agents as places to look from: a network that only the agent's host reaches is scanned through the hub, within what the agent's own
file allows; who is away, has no right or is lost in the middle says so; nothing runs that nobody waits for."""
import json
import os
import signal
import subprocess
import time
import unittest

from hosts import Host
from world import BIN, QUIET, Agent, Hub, World, main, until

GARITA = BIN / 'garita'
ALLOW = '''allow:
  scan: {targets: [10.99.0.0/24, "fd99::/64"], ports: "1-10000", max_rate: 200000}
'''


def cellar_of(world, inner):
    """A host that only `inner` reaches: 10.99.0.2 and fd99::2, behind 10.99.0.1 and fd99::1."""
    cellar = Host(world, 'cellar', 200)
    inner.run('ip', 'link', 'add', 'down0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', str(cellar.holder.pid))
    inner.run('ip', 'addr', 'add', '10.99.0.1/24', 'dev', 'down0')
    inner.run('ip', 'link', 'set', 'down0', 'up')
    cellar.run('ip', 'addr', 'add', '10.99.0.2/24', 'dev', 'eth0')
    cellar.run('ip', 'link', 'set', 'eth0', 'up')
    inner.run('ip', 'addr', 'add', 'fd99::1/64', 'dev', 'down0', 'nodad')
    cellar.run('ip', 'addr', 'add', 'fd99::2/64', 'dev', 'eth0', 'nodad')
    return cellar


def listen(host, *ports, greeting='220 hello'):
    """Somebody greets at these ports, in both families."""
    script = ('import socket,sys,threading\n'
              'def serve(p):\n'
              '  s=socket.create_server(("::",p),family=socket.AF_INET6,dualstack_ipv6=True)\n'
              '  while True:\n'
              '    c,_=s.accept()\n'
              '    try: c.sendall(sys.argv[1].encode()+b"\\r\\n"); c.close()\n'
              '    except OSError: pass\n'
              'for p in map(int,sys.argv[2:]): threading.Thread(target=serve,args=(p,)).start()\n')
    process = host.start('/usr/bin/python3', '-c', script, greeting, *ports)
    for port in ports:
        until(lambda: host.knock('127.0.0.1', port) == 'open', f'a listener at {port}')
    return process


class FromAnAgent(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.inner, self.other = (self.world.host(name) for name in ('center', 'inner', 'other'))
        self.cellar = cellar_of(self.world, self.inner)
        listen(self.cellar, 22, 8080)
        self.hub = Hub(self.center, ['inner', 'other', 'nobody'])
        self.agent = Agent(self.inner, self.hub, QUIET + ALLOW)

    def scan(self, *words, check=None, agent='inner'):
        done = self.hub.cli('scan', '--from', agent, *words, check=False, timeout=90)
        if check is not None:
            self.assertEqual(done.returncode, check, done)
        return done

    def begin(self, *words):
        """A scan that is under way, with its output kept."""
        return self.center.start(GARITA, 'scan', '--from', 'inner', '--json', *words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env={**os.environ, 'GARITA_SOCKET': str(self.hub.socket), 'LC_ALL': 'C.UTF-8'})

    def under_way(self):
        """Connections that the agent has begun and nobody has answered."""
        return self.inner.run('ss', '-Htn', 'state', 'syn-sent', 'dst', '10.99.0.0/24').stdout.count('\n')

    def test_a_network_that_only_the_agent_reaches(self):
        told = json.loads(self.scan('--json', '-p', '1-10000', '10.99.0.1-2', check=0).stdout)
        self.assertEqual((told['complete'], told['from'], told['engine']), (True, 'inner', 'connect'))
        hosts = {host['address']: host for host in told['hosts']}
        self.assertEqual([one['port'] for one in hosts['10.99.0.2']['open']], [22, 8080])
        self.assertEqual(hosts['10.99.0.2']['closed'], '1-21,23-8079,8081-10000')
        # the same by name, with what answers there, as the table
        shown = self.scan('-p', '22', '--banner', '10.99.0.2', check=0).stdout
        self.assertIn('22/tcp    open', shown)
        self.assertIn('220 hello', shown)
        # from the hub's own host nothing is there
        here = json.loads(self.hub.cli('scan', '--json', '-p', '22', '10.99.0.2', check=False).stdout)
        self.assertEqual(here['hosts'][0]['open'], [])
        rows = self.hub.audit(verb='scan')
        self.assertEqual({row['object'] for row in rows}, {'agent inner'})
        self.assertTrue(any('scan of 2 addresses (10.99.0.1 to 10.99.0.2), TCP ports 1-10000' in row['detail'] for row in rows), rows)

    def test_the_agent_s_own_file_bounds_it(self):
        for words, told in ((('-p', '22', '10.88.0.1'), '10.88.0.1 is not within allow.scan.targets'),
                            (('-p', '22,10001', '10.99.0.2'), 'ports 10001 are not within allow.scan.ports')):
            done = self.scan(*words, check=1)
            self.assertIn(told, done.stderr)
        self.assertEqual(self.scan('--engine', 'syn', '10.99.0.2').returncode, 2)
        self.assertEqual(self.scan('--wait', '1s', '10.99.0.2', agent='nowhere').returncode, 1)
        Agent(self.other, self.hub, QUIET)
        begun = time.monotonic()
        self.assertIn('allow.scan', self.scan('-p', '22', '10.99.0.2', agent='other', check=1).stderr)
        self.assertIn('is away', self.scan('-p', '22', '10.99.0.2', agent='nobody', check=1).stderr)
        self.assertLess(time.monotonic() - begun, 10)

    def drop_all(self):
        """Whoever asks the cellar waits: scans take long."""
        self.cellar.run('nft', 'add table inet t; add chain inet t i { type filter hook input priority 0; }; '
                               'add rule inet t i tcp dport != { 22, 8080 } drop')

    def slow_scan(self):
        """A scan of minutes, once it is under way and has found what is open."""
        self.drop_all()
        scan = self.begin('-p', '1-10000', '--tries', '15', '--max-rate', '300', '10.99.0.2')
        until(lambda: scan.poll() is not None or self.under_way() > 10, 'the scan is under way', 30)
        self.assertIsNone(scan.poll())
        return scan

    def partial(self, scan, seconds=60):
        """What it printed: whole, and it says that it is partial."""
        out, err = scan.communicate(timeout=seconds)
        told = json.loads(out)
        self.assertEqual((scan.returncode, told['complete']), (1, False), err)
        return told, err.decode()

    def nothing_runs(self):
        until(lambda: self.under_way() == 0, 'the agent has ended the scan', 60)

    def test_ctrl_c_ends_it_at_the_agent_too(self):
        scan = self.slow_scan()
        scan.send_signal(signal.SIGINT)
        told, _ = self.partial(scan)
        self.assertEqual([host['address'] for host in told['hosts']], ['10.99.0.2'])
        self.nothing_runs()
        self.scan('-p', '22', '10.99.0.2', check=0)

    def test_nobody_is_left_waiting_when_the_command_dies(self):
        scan = self.slow_scan()
        scan.kill()
        scan.communicate()
        self.nothing_runs()
        self.scan('-p', '22', '10.99.0.2', check=0)

    def test_an_agent_that_is_killed_in_the_middle(self):
        scan = self.slow_scan()
        self.agent.stop(signal.SIGKILL)
        told, err = self.partial(scan)
        self.assertIn('agent inner is away', err)
        self.assertIn('is away', self.scan('-p', '22', '10.99.0.2', check=1).stderr)
        waiting = self.begin('--wait', '60s', '-p', '22', '10.99.0.2')
        self.agent.start()
        out, _ = waiting.communicate(timeout=90)
        self.assertEqual((waiting.returncode, json.loads(out)['complete']), (0, True))

    def test_a_hub_that_is_killed_in_the_middle(self):
        scan = self.slow_scan()
        self.hub.stop(signal.SIGKILL)
        _, err = self.partial(scan)
        self.assertIn('hub at', err)
        self.nothing_runs()  # whether or not a hub comes back
        self.hub.start()
        until(lambda: self.scan('-p', '22', '10.99.0.2').returncode == 0, 'it scans again', 60, 0.5)

    def test_a_link_that_is_lost_in_the_middle(self):
        scan = self.slow_scan()
        self.inner.run('ip', 'link', 'set', 'eth0', 'down')
        _, err = self.partial(scan)
        self.assertIn('agent inner is away', err)


if __name__ == '__main__':
    main()
