"""What answers at the open ports: a real nginx whose certificate is changed, and a listener that says it is another sshd. One
case, which ends by itself; accepting pins what was found. And the watch by packets of its own."""
import hashlib
import json
import signal
import ssl
import subprocess
import unittest

from world import BIN, Hub, World, main, until

GREETING = '''import socket, sys
listener = socket.create_server(('', 22))
while True:
    peer, unused = listener.accept()
    try:
        peer.sendall(sys.argv[1].encode() + b'\\r\\n')
        peer.recv(1)
    except OSError:  # who scans resets
        pass
    peer.close()
'''
PORTS = '''ports:
  specification: {specification}
  interval: 10s
  confirm_after: 1s
  scanports: 1-100
{more}'''
SPECIFICATION = '''hosts:
  {address}:        # the shop
    must: "22,443"
    services:
      22: {{banner: "SSH-2.0-OpenSSH*"}}   # Debian's
      443:
        certificate:
          names: [web.example.org]
'''


class Services(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.watcher, self.target = self.world.host('watcher'), self.world.host('target')
        self.file = self.watcher.directory / 'ports.yml'
        self.file.write_text(SPECIFICATION.format(address=self.target.address))
        directory = self.target.directory
        self.certificate('web.example.org')
        (directory / 'nginx.conf').write_text(f'''daemon off; pid {directory}/nginx.pid; error_log {directory}/nginx.log;
events {{}} http {{ access_log off; server {{ listen 443 ssl; ssl_certificate {directory}/crt; ssl_certificate_key {directory}/key; }} }}''')
        self.nginx = self.target.start('nginx', '-c', directory / 'nginx.conf')
        self.greeter = None
        self.greet('SSH-2.0-OpenSSH_9.2p1 Debian-2')
        until(lambda: self.watcher.knock(self.target.address, 443) == 'open', 'nginx')
        self.hub = Hub(self.watcher, [], PORTS.format(specification=self.file, more=''))

    def certificate(self, name, days=60):
        directory = self.target.directory
        self.target.run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', str(days),
                        '-keyout', directory / 'key', '-out', directory / 'crt', '-subj', f'/CN={name}', '-addext', f'subjectAltName=DNS:{name}')
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert((directory / 'crt').read_text())).hexdigest()

    def change_certificate(self, name, days=60):
        """nginx shows it from then on."""
        digest = self.certificate(name, days)
        self.nginx.send_signal(signal.SIGHUP)

        def shown():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            try:
                with context.wrap_socket(self.watcher.connect(self.target.address, 443)) as peer:
                    return hashlib.sha256(peer.getpeercert(True)).hexdigest() == digest
            except OSError:
                return False
        until(shown, 'the new certificate')
        return digest

    def greet(self, text):
        if self.greeter:
            self.greeter.kill()
            self.greeter.wait()
        self.greeter = self.target.start('/usr/bin/python3', '-c', GREETING, text)
        until(lambda: self.watcher.knock(self.target.address, 22) == 'open', 'the greeter')

    def host(self):
        return json.loads(self.hub.cli('ports', 'status', '--json', check=False).stdout)['hosts'][0]

    def drifts(self, state='all'):
        return [case for case in self.hub.cases(state) if case['kind'] == 'ports_drift']

    def drift(self):
        self.hub.cli('ports', 'scan')
        return until(lambda: self.drifts('open') and self.drifts('open')[0], 'a case', seconds=40)

    def fine(self):
        return until(lambda: self.host()['state'] == 'fine' and self.host(), 'the host as specified', seconds=40)

    def test_a_certificate_and_a_banner_that_change_are_one_case_each_and_are_accepted_into_the_file(self):
        services = {one['port']: one for one in self.fine()['services']}
        self.assertEqual([one['state'] for one in services.values()], ['fine', 'fine'])
        self.assertEqual(services[22]['found'], 'banner SSH-2.0-OpenSSH_9.2p1 Debian-2')
        self.assertIn('for web.example.org', services[443]['found'])
        self.assertEqual(self.drifts(), [])

        digest = self.change_certificate('evil.example.net')
        case = self.drift()
        self.assertEqual(case['facts']['change'], '~443')
        self.assertIn(f'sha256 {digest}', case['facts']['found'])
        self.assertIn('443: certificate for web.example.org', case['facts']['expected'])
        shown = self.hub.cli('ports', 'status', check=False)
        self.assertEqual(shown.returncode, 1)
        self.assertIn('443 drift: certificate CN=evil.example.net', shown.stdout)
        self.change_certificate('web.example.org')
        self.hub.cli('ports', 'scan')
        until(lambda: self.drifts()[0]['state'] == 'closed', 'the end', seconds=40)
        self.assertIn('over', self.drifts()[0]['facts'])

        digest = self.change_certificate('shop.example.org')
        self.greet('SSH-2.0-dropbear_2020.81')
        case = self.drift()
        until(lambda: self.drifts('open')[0]['facts']['change'] == '~22,443', 'both', seconds=40)
        self.hub.cli('ports', 'accept', str(case['id']))
        until(lambda: digest in self.file.read_text(), 'the new lines')
        expected = SPECIFICATION.format(address=self.target.address).replace('SSH-2.0-OpenSSH*', 'SSH-2.0-dropbear_2020.81') \
            .replace('          names:', f'          sha256: "{digest}"\n          names:')
        self.assertEqual(self.file.read_text(), expected)
        self.fine()
        self.hub.stop()
        self.hub.start()
        self.hub.cli('ports', 'scan')
        self.fine()
        self.assertEqual(len(self.drifts()), 2)

    def test_who_says_nothing_is_unknown_and_no_drift(self):
        self.fine()
        self.nginx.terminate()
        self.nginx.wait()
        self.target.start('/usr/bin/python3', '-c', 'import socket, time; held = socket.create_server(("", 443)); time.sleep(1000)')
        until(lambda: self.watcher.knock(self.target.address, 443) == 'open', 'a listener without words')
        self.hub.cli('ports', 'scan')
        state = until(lambda: self.host()['state'] == 'unknown' and self.host(), 'an unknown service', seconds=40)
        self.assertIn('port 443 did not tell what it is', state['why'])
        self.assertEqual(self.drifts(), [])


class Engine(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.watcher, self.target = self.world.host('watcher'), self.world.host('target')
        self.file = self.watcher.directory / 'ports.yml'
        self.file.write_text(f'hosts:\n  {self.target.address}: {{must: 22}}\n  {self.watcher.address}: {{must: [], may: "8443"}}\n')
        self.target.start('/usr/bin/python3', '-c', 'import socket, time; held = socket.create_server(("", 22)); time.sleep(1000)')
        until(lambda: self.watcher.knock(self.target.address, 22) == 'open', 'a listener')

    def test_syn_looks_at_others_and_connect_at_this_host(self):
        self.watcher.run('nft', 'add table inet t; add chain inet t o { type filter hook output priority 0; }; '
                                f'add rule inet t o ip daddr {self.target.address} tcp flags & (syn|ack) == syn counter drop')
        hub = Hub(self.watcher, [], PORTS.format(specification=self.file, more='  engine: syn\n'))
        hosts = lambda: json.loads(hub.cli('ports', 'status', '--json', check=False).stdout)['hosts']
        # packets of its own pass by the rule that stops the system's connections
        until(lambda: [host['state'] for host in hosts()] == ['fine', 'fine'], 'both as specified', seconds=40)
        hub.cli('ports', 'scan')  # the first look may have come before the hub listened
        until(lambda: [host['open'] for host in hosts()] == ['22', '8443'], 'its own port', seconds=40)

    def test_without_the_capability_syn_is_refused_with_the_cure_and_auto_goes_on(self):
        for engine, works in (('syn', False), ('auto', True)):
            with self.subTest(engine):
                folder = self.watcher.directory / engine
                folder.mkdir(mode=0o700)
                file = folder / 'hub.yml'
                file.write_text(f'hub:\n  listen: 127.0.0.1:8444\n  socket: {folder}/hub.sock\n  state: {folder}/state\n'
                                + PORTS.format(specification=self.file, more=f'  engine: {engine}\n'))
                file.chmod(0o600)
                command = ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw', BIN / 'garita', 'hub', '--config', file]
                if works:
                    self.watcher.start(*command)
                    until(lambda: (folder / 'hub.sock').exists(), 'the hub listens')
                    continue
                done = self.watcher.run(*command, check=False)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn('CAP_NET_RAW', done.stderr + done.stdout)
                self.assertIn('garita-hub-scan.conf', done.stderr + done.stdout)


if __name__ == '__main__':
    main()
