"""Mail servers that hang, lie, take TLS away, forget, refuse for a while; and the hub that dies while it sends."""
import signal
import time
import unittest

from mail_server import StrangeServer, certificates
from world import Hub, World, main, until

PASSWORD = 'a-password-of-mail'
PEOPLE = ('ana@mail.test', 'eva@mail.test')


class StrangeServers(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.post = self.world.host('center'), self.world.host('post')
        self.keys = self.world.directory / 'keys'
        certificates(self.keys, self.post.address)

    def server(self, **options):
        server = StrangeServer(self.post, **options)
        self.addCleanup(server.close)
        return server

    def hub(self, security='none', insecure=True, extra='', people=PEOPLE, timeout='5s'):
        to = ''.join(f'    - address: {address}\n' for address in people)
        return Hub(self.center, [], f'''people:
  ana: {{role: operator}}
mail:
  server: {self.post.address}
  port: 2525
  security: {security}
  insecure: {'yes' if insecure else 'no'}
  from: garita@mail.test
  timeout: {timeout}
{extra}  to:
{to}''')

    def hub_with_tls(self, **options):
        return self.hub('starttls', False, f'  ca: {self.keys}/ca.crt\n  user: garita\n  password: {PASSWORD}\n', **options)

    def trouble(self, hub, word):
        return until(lambda: [t for t in hub.api('/status')['hub']['troubles'] if word in t], f'the status tells of {word}')[0]

    def assert_nothing_was_said(self, server):
        """Neither letter nor login went in the clear."""
        self.assertEqual(server.letters, [])
        for line, under_tls in server.heard:
            if not under_tls:
                self.assertIn(line.split(' ')[0], ('EHLO', 'HELO', 'STARTTLS', 'QUIT'), line)

    def test_no_letter_goes_where_starttls_was_taken_away(self):
        server = self.server(tls=self.keys)
        server.extensions = ['AUTH PLAIN LOGIN']
        hub = self.hub_with_tls()
        hub.alert('192.0.2.1', device='scanner')
        self.assertIn('STARTTLS', self.trouble(hub, 'Mail: server'))
        self.assert_nothing_was_said(server)
        server.extensions = ['STARTTLS']
        server.answers['STARTTLS'] = '454 not today'
        before = len(server.heard)
        until(lambda: len(server.heard) > before + 1, 'it is tried again', 40)
        self.trouble(hub, '454')
        self.assert_nothing_was_said(server)

    def test_answers_slipped_in_before_tls_are_not_believed(self):
        server = self.server(tls=self.keys)
        # what an attacker on the way adds in the clear would be taken for the server's words under TLS
        server.answers['STARTTLS'] = '220 go on\r\n250-strange.test\r\n250 AUTH PLAIN'
        hub = self.hub_with_tls()
        hub.alert('192.0.2.1', device='scanner')
        self.trouble(hub, 'Mail: server')
        self.assert_nothing_was_said(server)

    def test_tls_that_ends_early_is_a_failure_that_is_tried_again(self):
        server = self.server(tls=self.keys)
        server.answers['EHLO_TLS'] = None
        hub = self.hub('starttls', False, f'  ca: {self.keys}/ca.crt\n')
        hub.alert('192.0.2.1', device='scanner')
        self.trouble(hub, 'Mail: server')
        self.assertEqual(server.letters, [])
        server.answers.clear()
        for address in PEOPLE:
            until(lambda: server.to(address), f'{address} gets it', 40)
        self.assertTrue(all(tls for line, tls in server.heard if line.startswith(('MAIL', 'RCPT'))))

    def test_a_certificate_of_nobody_we_trust(self):
        server = self.server(tls=self.keys, implicit=True)
        hub = self.hub('tls', False)
        hub.alert('192.0.2.1', device='scanner')
        self.assertIn('certificate', self.trouble(hub, 'Mail: server'))
        self.assertEqual((server.letters, server.heard), ([], []))

    def test_who_hangs_delays_nobody(self):
        server = self.server()
        server.answers['RCPT'] = lambda line, _: time.sleep(60) or '250 ok' if 'ana@' in line else '250 ok'
        hub = self.hub()
        for n in range(1, 4):
            begun = time.monotonic()
            hub.alert(f'192.0.2.{n}', device='scanner')
            until(lambda: len(server.to(PEOPLE[1])) == n, 'the other gets it')
            self.assertLess(time.monotonic() - begun, 4)
        self.assertEqual(server.to(PEOPLE[0]), [])
        begun = time.monotonic()
        hub.api('/status')
        self.assertLess(time.monotonic() - begun, 1)
        begun = time.monotonic()
        hub.stop()
        self.assertLess(time.monotonic() - begun, 5, 'a call that hangs does not hold the end up')

    def test_a_death_between_sending_and_writing_down_doubles_under_the_same_name(self):
        server = self.server()
        hub = self.hub(people=PEOPLE[:1])

        def die(_line, _connection):
            hub.process.send_signal(signal.SIGKILL)
            hub.process.wait(20)
            server.answers.clear()
            return '250 queued'
        server.answers['TEXT'] = die
        hub.api('/alerts', {'kind': 'test_scan', 'device': 'scanner', 'address': '192.0.2.1', 'subject': '192.0.2.1'})
        until(hub.ended, 'the hub died')
        self.assertEqual(len(server.to(PEOPLE[0])), 1)
        hub.start()
        letters = until(lambda: len(found := server.to(PEOPLE[0])) > 1 and found, 'it is sent again')
        time.sleep(3)
        self.assertEqual(len(server.letters), 2)
        self.assertEqual(letters[0]['Message-ID'], letters[1]['Message-ID'])
        self.assertEqual(letters[0].get_content(), letters[1].get_content())

    def test_what_was_not_taken_comes_again_after_a_minute(self):
        """To ana a greylist says 450; of eva's letter nobody says that it was taken."""
        server = self.server()
        refused = []

        def grey(line, _connection):
            if 'ana@' in line and not refused:
                refused.append(time.monotonic())
                return '450 4.2.0 greylisted, come back in a minute'
            return '250 ok'
        server.answers['RCPT'] = grey
        server.answers['TEXT'] = lambda to, _: None if len(server.to(PEOPLE[1])) == 1 and 'eva@' in to else '250 queued'
        hub = self.hub(people=(*PEOPLE, 'vera@mail.test'))
        hub.alert('192.0.2.1', device='scanner')
        until(lambda: server.to('vera@mail.test'), 'others get it at once', 5)
        until(lambda: server.to(PEOPLE[0]), 'it comes later', 80)
        self.assertGreater(time.monotonic() - refused[0], 40)
        twice = until(lambda: len(found := server.to(PEOPLE[1])) > 1 and found, 'it comes again', 40)
        self.assertEqual(len({letter['Message-ID'] for letter in twice}), 1)
        time.sleep(3)
        self.assertEqual(len(server.letters), 4)

    def test_a_flood_is_a_few_letters_and_one_for_all_others(self):
        server = self.server()
        hub = self.hub(people=PEOPLE[:1], extra='  limit: 3\n  per: 1h\n')
        alerts = [{'kind': 'test_scan', 'device': 'scanner', 'address': f'10.1.{n // 200}.{n % 200 + 1}', 'subject': f'flood {n}',
                   'severity': 'critical' if n == 333 else 'warning'} for n in range(400)]
        hub.api('/alerts', {'alerts': alerts})
        digest = until(lambda: [m for m in server.letters if 'Many cases' in m[1]['Subject']], 'the digest', 60)[0][1]
        self.assertEqual(len(server.letters), 4)
        self.assertIn('flood 333', server.letters[0][1].get_content() + server.letters[0][1]['Subject'])
        self.assertIn('Waiting for an answer: 397', digest.get_content())
        time.sleep(3)
        self.assertEqual(len(server.letters), 4)


if __name__ == '__main__':
    main()
