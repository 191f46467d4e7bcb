"""nginx and a client that asks for what is not there: one case, one answer that drops it, and an end to the second."""
import http.client
import re
import socket
import time
import unittest

from world import Agent, Hub, World, main, until

CONFIG = '''daemon off; worker_processes 1; pid /run/nginx.pid; error_log /dev/null;
events { worker_connections 256; }
http {
  access_log /var/log/nginx/access.log combined;
  client_body_temp_path /run/nginx-body; proxy_temp_path /run/nginx-proxy; fastcgi_temp_path /run/nginx-fastcgi;
  uwsgi_temp_path /run/nginx-uwsgi; scgi_temp_path /run/nginx-scgi;
  keepalive_requests 10000;
  server { listen 80; listen [::]:80; location = / { return 200 "welcome\n"; } location / { return 404; } }
}
'''


class Client:
    """A keep-alive connection from a host."""

    def __init__(self, host, address):
        self.http = http.client.HTTPConnection(address, 80, timeout=2)
        self.http.sock = host.connect(address, 80, 2)

    def get(self, path):
        self.http.request('GET', path)
        reply = self.http.getresponse()
        reply.read()
        return reply.status

    def is_dead(self):
        """No answer on the open connection: reset, or nothing until the time is over."""
        try:
            self.get('/')
            return False
        except (OSError, http.client.HTTPException):
            return True


class Http(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.attacker, self.visitor = self.world.host('attacker'), self.world.host('visitor')
        self.server = self.world.host('server')
        config = self.world.directory / 'nginx.conf'
        config.write_text(CONFIG)
        self.server.start('nginx', '-c', config)
        until(lambda: self.visitor.knock(self.server.address, 80) == 'open', 'nginx listens')
        self.hub = Hub(self.server, ['server'])
        self.agent = Agent(self.server, self.hub, 'detectors:\n  cpu_load: {enabled: no}\n  ssh_sessions: {enabled: no}\n')

    def test_fifty_missing_pages_and_the_answer(self):
        quiet = Client(self.visitor, self.server.address)
        loud = Client(self.attacker, self.server.address)
        for number in range(49):
            self.assertEqual(quiet.get(f'/not-here-{number}?404'), 404)
        for number in range(50):
            self.assertEqual(loud.get(f'/admin-{number}.php'), 404)
            self.assertEqual(quiet.get('/?code=404'), 200)  # says 404, is none
        case = until(lambda: self.hub.cases(kind='http_errors', address=self.attacker.address, severity='critical'),
                     'a critical case about the attacker')
        self.assertEqual(len(case), 1)
        case = case[0]
        self.assertEqual(int(case['facts']['count']), 50, case)
        warned = self.hub.cases(kind='http_errors', address=self.visitor.address)
        self.assertEqual([c['severity'] for c in warned], ['warning'], warned)
        self.assertEqual(len(self.hub.cases('all')), 2)

        told = self.hub.cli('decide', case['id'], 'block', '--for', '3s').stdout
        begun = time.monotonic()
        self.assertIn('Blocked on 1 of 1', told)
        self.assertIn('Connections cut: 1', told)
        self.assertIn(self.attacker.address, self.server.blocked())
        self.assertTrue(loud.is_dead(), 'the open connection')
        if time.monotonic() < begun + 1.5:
            self.assertEqual(self.attacker.knock(self.server.address, 80, 1), 'silent')
        self.assertEqual(quiet.get('/'), 200)
        # it ends to the second, in the kernel by itself
        until(lambda: self.attacker.knock(self.server.address, 80, 0.2) == 'open', 'the block ends', 15)
        lasted = time.monotonic() - begun
        print(f'blocked for 3 s: open again after {lasted:.1f} s')
        self.assertGreater(lasted, 1.5)
        self.assertEqual(Client(self.attacker, self.server.address).get('/'), 200)
        until(lambda: not self.hub.api('/rules')['rules'], 'the rule is gone everywhere')

    def test_ipv6_rotating_in_its_network_is_one_attacker(self):
        mine = self.attacker.address6
        for last in range(0x100, 0x105):
            self.attacker.run('ip', '-6', 'addr', 'add', f'fd88::{last:x}/64', 'dev', 'eth0', 'nodad')

        def ask():
            for number in range(50):
                sock = socket.socket(socket.AF_INET6)
                sock.settimeout(3)
                sock.bind((f'fd88::{0x100 + number % 5:x}', 0))
                sock.connect((self.server.address6, 80))
                sock.sendall(f'GET /x{number} HTTP/1.0\r\n\r\n'.encode())
                self.assertTrue(re.match(rb'HTTP/1.1 404', sock.recv(100)))
                sock.close()
        self.attacker.inside(ask)
        case = until(lambda: self.hub.cases(kind='http_errors', severity='critical'), 'a case about the network')
        self.assertEqual([c['address'] for c in case], ['fd88::/64'])
        # the server's own address is in this network: it must not be cut off
        refused = self.hub.cli('decide', case[0]['id'], 'block', check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn('protected', refused.stderr)
        self.assertNotIn('fd88::', ' '.join(self.server.blocked()))
        self.assertEqual(self.attacker.knock(self.server.address6, 80), 'open', mine)


if __name__ == '__main__':
    main()
