"""`garita scan` as people and scripts meet it: against real nginx, sshd and dnsmasq, with nmap as a second opinion."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import time
import unittest

from world import BIN, World, main, until

NOBODY = ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs')
GARITA = BIN / 'garita'


class WithoutNetwork(unittest.TestCase):
    def scan(self, *words, **options):
        return subprocess.run([GARITA, 'scan', *map(str, words)], capture_output=True, text=True, timeout=40, **options)

    def test_wrong_use_is_2_and_names_the_cure(self):
        folder = World.folder(self)
        (folder / 'hosts').write_text('127.0.0.1\n\n10.0.0.300 # typing\n')
        for words, told in ((['10.0.0.300'], '192.0.2.7'), (['10.0.0.0/15'], '--yes-large'), (['2001:db8::/64'], '/112'),
                            ([], 'target'), (['-p', '65536', '127.0.0.1'], '80-90'), (['-p', '90-80', '127.0.0.1'], '80-90'),
                            (['-p', '', '127.0.0.1'], 'port'), (['--engine', 'magic', '127.0.0.1'], 'connect'), (['--max-rate', '0', '127.0.0.1'], '1'),
                            (['--timeout', 'soon', '127.0.0.1'], '300ms'), (['--tries', '16', '127.0.0.1'], '15'),
                            (['--json', '--grepable', '127.0.0.1'], 'grepable'), (['--udp', '--tls', '127.0.0.1'], 'TCP'),
                            (['-iL', folder / 'missing'], 'missing'), (['-iL', folder / 'hosts'], 'hosts:3'),
                            (['127.0.0.1', '--exclude', '127.0.0.0/8'], 'excluded')):
            with self.subTest(words):
                done = self.scan(*words)
                self.assertEqual((done.returncode, done.stdout), (2, ''), done)
                self.assertIn(told, done.stderr)

    def test_a_name_that_nobody_knows_is_1(self):
        done = self.scan('no-such-host.invalid', '127.0.0.1', '-p', '1', '--json')
        self.assertEqual(done.returncode, 1, done)
        told = json.loads(done.stdout)
        self.assertEqual([one['name'] for one in told['unresolved']], ['no-such-host.invalid'])
        self.assertEqual([host['address'] for host in told['hosts']], ['127.0.0.1'])
        excluded = self.scan('127.0.0.1', '-p', '1', '--exclude', 'no-such-host.invalid')
        self.assertEqual((excluded.returncode, excluded.stdout), (1, ''), excluded)
        self.assertIn('excluded', excluded.stderr)

    def test_targets_may_come_from_standard_input(self):
        done = self.scan('-iL', '-', '-p', '1', '--json', input='# this host\n127.0.0.1 127.0.0.5-6\n')
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual([host['address'] for host in json.loads(done.stdout)['hosts']], ['127.0.0.1', '127.0.0.5', '127.0.0.6'])


class Scanning(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)
        cls.scanner, cls.server = cls.world.host('scanner'), cls.world.host('server')
        directory = cls.server.directory
        cls.server.run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30', '-utf8',
                       '-keyout', directory / 'key', '-out', directory / 'crt', '-subj', '/CN=web.example.org/O=Ñandú',
                       '-addext', f'subjectAltName=DNS:web.example.org,IP:{cls.server.address}')
        cls.sha256 = cls.server.run('openssl', 'x509', '-in', directory / 'crt', '-noout', '-fingerprint', '-sha256').stdout.strip().split('=')[1]
        (directory / 'nginx.conf').write_text(f'''daemon off; pid {directory}/nginx.pid; error_log {directory}/nginx.log;
events {{}} http {{ access_log off; server {{ listen 80; listen [::]:80; }}
server {{ listen 443 ssl; ssl_certificate {directory}/crt; ssl_certificate_key {directory}/key; }} }}''')
        cls.server.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', directory / 'hostkey')
        os.makedirs('/run/sshd', exist_ok=True)
        cls.server.start('nginx', '-c', directory / 'nginx.conf')
        cls.server.start('/usr/sbin/sshd', '-D', '-h', directory / 'hostkey', '-o', 'PidFile=none')
        cls.server.start('dnsmasq', '--keep-in-foreground', '--no-hosts', '--no-resolv', '--conf-file=/dev/null', '--pid-file=',
                         '--port=53', '--user=root')
        for port in (22, 80, 443, 53):
            until(lambda: cls.scanner.knock(cls.server.address, port) == 'open', f'something on port {port}')
        cls.server.run('nft', f'add table inet t; add chain inet t i {{ type filter hook input priority 0; }}; '
                              f'add rule inet t i ip daddr {cls.server.address} tcp dport 8000-8009 drop; '
                              f'add rule inet t i ip daddr {cls.server.address} tcp dport 9000-9009 reject')

    def scan(self, *words, prefix=(), timeout=60):
        return self.scanner.run(*prefix, GARITA, 'scan', *words, check=False, timeout=timeout)

    def found(self, *words, prefix=()):
        done = self.scan('--json', *words, prefix=prefix)
        self.assertEqual(done.returncode, 0, done)
        told = json.loads(done.stdout)
        self.assertTrue(told['complete'])
        return {host['address']: host for host in told['hosts']}

    @staticmethod
    def open_ports(host):
        return [one['port'] for one in host['open']]

    def test_both_engines_find_what_nmap_finds(self):
        nmap = self.scanner.run('nmap', '-n', '-Pn', '-sT', '-T4', '-p-', '-oG', '-', self.server.address, timeout=120).stdout
        expected = [int(port) for port in re.findall(r'(\d+)/open/', nmap)]
        self.assertEqual(expected, [22, 53, 80, 443])
        for engine in ('connect', 'syn'):
            with self.subTest(engine):
                host = self.found('--engine', engine, '-p', 'all', self.server.address)[self.server.address]
                self.assertEqual(self.open_ports(host), expected)
                self.assertEqual(host['filtered'], '8000-8009,9000-9009')
                self.assertEqual(host['unknown'], [])

    def test_it_needs_no_privileges(self):
        for extra, prefix in (([], NOBODY), ([], (*NOBODY, 'prlimit', '--nofile=24:24'))):
            host = self.found('-p', '1-500,8000-8009', *extra, self.server.address, prefix=prefix)[self.server.address]
            self.assertEqual(self.open_ports(host), [22, 53, 80, 443])
            self.assertEqual(host['filtered'], '8000-8009')
        refused = self.scan('--engine', 'syn', self.server.address, prefix=NOBODY)
        self.assertEqual((refused.returncode, refused.stdout), (1, ''), refused)
        self.assertIn('CAP_NET_RAW', refused.stderr)
        lacking = self.scan('-p', '22', self.server.address, prefix=NOBODY)
        self.assertEqual(len(lacking.stderr.splitlines()), 1, lacking)

    def test_ipv6_and_the_host_itself(self):
        hosts = self.found('-p', '22,80,81', self.server.address6, '127.0.0.1', '::1', self.scanner.address)
        self.assertEqual(self.open_ports(hosts[self.server.address6]), [22, 80])
        for own in ('127.0.0.1', '::1', self.scanner.address):
            self.assertEqual((self.open_ports(hosts[own]), hosts[own]['closed']), ([], '22,80-81'))

    def test_a_network_with_hosts_that_are_not_there_is_no_failure(self):
        done = self.scan('-p', '22,80', '10.88.0.0/29', '--grepable')
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(f'Host: {self.server.address} ()\tPorts: 22/open/tcp//ssh///, 80/open/tcp//http///', done.stdout)
        self.assertTrue(done.stdout.splitlines()[-1].startswith('# complete: 8 addresses'), done.stdout)
        alone = self.scan('-p', '22', '10.88.0.77', '--engine', 'connect', '--json')
        self.assertEqual(alone.returncode, 1, alone)
        self.assertIn('no host answers', json.loads(alone.stdout)['hosts'][0]['unknown'][0]['why'])

    def test_udp(self):
        host = self.found('--udp', '-p', '53,54,55', self.server.address)[self.server.address]
        self.assertEqual((self.open_ports(host), host['closed'], host['filtered']), ([53], '54-55', ''))
        many = self.scan('--udp', '-p', '50-70', self.server.address, '--json')
        told = json.loads(many.stdout)
        self.assertEqual(self.open_ports(told['hosts'][0]), [53])
        self.assertEqual(told['hosts'][0]['closed'], '50-52,54-70')  # Linux tells of one a second
        self.assertIn('so often', many.stderr)

    def test_banners_and_certificates(self):
        host = self.found('--banner', '--tls', '-p', '22,80,443', self.server.address)[self.server.address]
        by_port = {one['port']: one for one in host['open']}
        self.assertRegex(by_port[22]['banner'], r'^SSH-2\.0-OpenSSH')
        self.assertRegex(by_port[80]['banner'], r'^HTTP/1\.1 \d+ ')
        self.assertNotIn('certificate', by_port[80])
        certificate = by_port[443]['certificate']
        self.assertEqual(certificate['subject'], 'O=Ñandú,CN=web.example.org')
        self.assertEqual(certificate['names'], ['web.example.org', self.server.address])
        self.assertEqual(certificate['sha256'], self.sha256.replace(':', '').lower())
        table = self.scan('--tls', '-p', '443', self.server.address).stdout
        self.assertIn('for web.example.org', table)

    def test_ctrl_c_leaves_whole_output_that_says_it_is_partial(self):
        for form, engine in (('--json', 'connect'), ('--json', 'syn'), ('--grepable', 'connect'), (None, 'connect')):
            with self.subTest(form=form, engine=engine):
                words = [GARITA, 'scan', '-p', 'all', '--max-rate', '300', '--engine', engine, *([form] if form else []), self.server.address, '10.88.0.200']
                running = self.scanner.start(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                time.sleep(1.5)
                pressed = time.monotonic()
                # nsenter replaces itself by the program
                os.kill(running.pid, signal.SIGINT)
                out, err = running.communicate(timeout=20)
                self.assertLess(time.monotonic() - pressed, 3)
                self.assertEqual(running.returncode, 1, err)
                if form == '--json':
                    told = json.loads(out)
                    self.assertFalse(told['complete'])
                    self.assertEqual(len(told['hosts']), 2)
                else:
                    self.assertIn(b'PARTIAL', out)

    def test_progress_is_for_terminals(self):
        quiet = self.scan('-p', '1-600', '--max-rate', '400', self.server.address)
        self.assertEqual(quiet.stderr, '')
        ours, theirs = pty.openpty()
        running = self.scanner.start(GARITA, 'scan', '-p', '1-600', '--max-rate', '400', self.server.address, stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        shown = b''
        while running.poll() is None or select.select([ours], [], [], 0)[0]:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    shown += os.read(ours, 4096)
                except OSError:
                    break
        os.close(ours)
        self.assertRegex(shown, rb'\r\x1b\[K\d+ %, \d+/s')
        self.assertIn(b'left', shown)
        self.assertNotIn(b'\n', shown)
        self.assertNotIn(b'\x1b', running.stdout.read())

    def test_output_of_many_hosts_is_one_document(self):
        hosts = self.found('-p', '22', '127.0.0.0/17', '--yes-large', '--engine', 'connect')
        self.assertEqual(len(hosts), 32768)


if __name__ == '__main__':
    main()
