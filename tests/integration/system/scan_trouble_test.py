"""`garita scan` where things go wrong for a moment: listeners whose queue is full, an interface that goes down, a host that wakes late."""
import json
import subprocess
import unittest

from world import BIN, World, main, until

GARITA = BIN / 'garita'

# As small programs are: one connection after the other, and room for few that wait.
SLOW_SERVER = '''
import socket, sys, time
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("0.0.0.0", int(sys.argv[1])))
server.listen(int(sys.argv[2]))
print("ready", flush=True)
while True:
    try:
        server.accept()[0].close()
    except OSError:
        pass
    time.sleep(float(sys.argv[3]))
'''


def open_ports(host):
    return [one['port'] for one in host['open']]


class Trouble(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.scanner, self.server = self.world.host('scanner'), self.world.host('server')

    def serve(self, host, port, room, each):
        running = host.start('python3', '-c', SLOW_SERVER, port, room, each, stdout=subprocess.PIPE)
        self.assertEqual(running.stdout.readline(), b'ready\n')

    def found(self, *words):
        done = self.scanner.run(GARITA, 'scan', '--json', *words, check=False, timeout=90)
        self.assertEqual(done.returncode, 0, done)
        return json.loads(done.stdout)

    def test_no_address_of_a_busy_listener_is_missed(self):
        self.serve(self.scanner, 7000, 2, 0.002)
        told = self.found('--engine', 'connect', '-p', '7000', '127.0.0.0/24')
        missed = [host['address'] for host in told['hosts'] if open_ports(host) != [7000]]
        self.assertEqual((len(told['hosts']), missed), (256, []))

    def test_nor_over_the_network_by_either_engine(self):
        self.server.run('ip', 'route', 'add', 'local', '10.77.0.0/24', 'dev', 'lo')
        self.server.run('sysctl', '-qw', 'net.ipv4.tcp_syncookies=0')  # with them a kernel answers although its queue is full
        self.scanner.run('ip', 'route', 'add', '10.77.0.0/24', 'via', self.server.address)
        self.serve(self.server, 7000, 2, 0.002)
        for engine in ('connect', 'syn'):
            with self.subTest(engine):
                told = self.found('--engine', engine, '-p', '7000', '10.77.0.0/24')
                missed = [host['address'] for host in told['hosts'] if open_ports(host) != [7000]]
                self.assertEqual((len(told['hosts']), missed), (256, []))

    def test_an_interface_that_goes_down_leaves_what_is_known(self):
        for engine in ('syn', 'connect'):
            with self.subTest(engine):
                self.cut(engine, lambda state: self.scanner.run('ip', 'link', 'set', 'eth0', state), 'eth0 went down|no route')

    def test_a_cable_that_is_pulled_is_no_firewall(self):
        port = f'p{self.scanner.address.rsplit(".", 1)[1]}'
        self.cut('connect', lambda state: self.world.switch.run('ip', 'link', 'set', port, state), 'no host answers')

    def cut(self, engine, link, why):
        """A scan during which link('down') is called."""
        port = 7000 if engine == 'syn' else 7001
        self.serve(self.server, port, 100, 0)
        running = self.scanner.start(GARITA, 'scan', '--json', '--engine', engine, '--max-rate', '1000', '-p', '1-20000', self.server.address,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        before = self.received()
        until(lambda: self.received() > before + 1000, 'the scan is under way')
        link('down')
        out, err = running.communicate(timeout=90)
        link('up')
        until(lambda: self.scanner.knock(self.server.address, port) == 'open', 'the network is back')
        told = json.loads(out)
        self.assertEqual((running.returncode, told['complete']), (1, False), err)
        host = told['hosts'][0]
        self.assertTrue(host['closed'], told)
        self.assertEqual(host['filtered'], '')
        self.assertRegex(host['unknown'][0]['why'], why)
        self.assertRegex(' '.join(told['warnings']), 'cut short')

    def received(self):
        lines = self.server.run('cat', '/proc/net/dev').stdout.splitlines()
        return next(int(line.split()[2]) for line in lines if line.strip().startswith('eth0:'))

    def test_a_host_that_wakes_late_is_not_absent(self):
        other = self.world.host('other')
        for host in (self.server, other):
            self.serve(host, 7000, 100, 0)
        for engine in ('syn', 'connect'):
            with self.subTest(engine):
                self.scanner.run('ip', 'neigh', 'flush', 'dev', 'eth0')
                self.server.run('ip', 'link', 'set', 'eth0', 'arp', 'off')
                before = self.received()
                running = self.scanner.start(GARITA, 'scan', '--json', '--engine', engine, '-p', '7000', other.address, self.server.address,
                                             stdout=subprocess.PIPE)
                until(lambda: self.received() > before, 'somebody asks for its hardware address')
                self.server.run('ip', 'link', 'set', 'eth0', 'arp', 'on')
                told = json.loads(running.communicate(timeout=30)[0])
                self.assertEqual({host['address']: open_ports(host) for host in told['hosts']},
                                 {other.address: [7000], self.server.address: [7000]}, told)


if __name__ == '__main__':
    main()
