"""Cases by mail through a real Postfix: two people, two languages, one thread each; logins, TLS, refusals and outages."""
import base64
import contextlib
import email.utils
import sqlite3
import time
import unittest

from mail_server import IMPLICIT_TLS, RELAY, STARTTLS_LOGIN, Postfix, certificates
from world import BIN, Hub, World, main, until

PASSWORD = 'a-Pass/word+of=mail'


def text_of(letter):
    return letter.get_content()


class Mail(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.post = self.world.host('center'), self.world.host('post')
        self.postfix = Postfix(self.post, ['ana', 'eva', 'vera'], {'garita': PASSWORD})
        self.password = self.center.directory / 'mail.password'
        self.password.write_text(PASSWORD + '\n')
        self.password.chmod(0o600)

    def settings(self, *to, port=STARTTLS_LOGIN, security='starttls', login=True, extra=''):
        recipients = ''.join(f'    - {{{one}}}\n' for one in to or ['address: ana@mail.test, language: es, time_zone: Europe/Madrid',
                                                                     'address: vera@mail.test, language: ru'])
        return (f'mail:\n  server: {self.post.address}\n  port: {port}\n  security: {security}\n  from: garita@mail.test\n'
                f'  timeout: 10s\n  ca: {self.postfix.authority}\n{extra}'
                + (f'  user: garita\n  password: {{file: {self.password}}}\n' if login else '') + f'  to:\n{recipients}')

    def hub_with(self, settings):
        return Hub(self.center, [], 'people:\n  ana: {role: operator}\n' + settings)

    def letters(self, box, count, what, seconds=20):
        return until(lambda: len(found := self.postfix.letters(box)) >= count and found, what, seconds)

    def troubles(self, hub):
        return hub.api('/status')['hub']['troubles']

    def check_headers(self, letter, to):
        self.assertEqual(letter['From'].addresses[0].addr_spec, 'garita@mail.test')
        self.assertEqual([one.addr_spec for one in letter['To'].addresses], [to])
        self.assertEqual(letter['Auto-Submitted'], 'auto-generated')
        self.assertEqual(letter.get_content_type(), 'text/plain')
        self.assertEqual(letter.get_content_charset(), 'utf-8')
        self.assertAlmostEqual(email.utils.parsedate_to_datetime(letter['Date']).timestamp(), time.time(), delta=120)
        self.assertRegex(letter['Message-ID'], r'^<case-\d+[-.a-z0-9]+@mail\.test>$')
        self.assertEqual(letter.defects, [])

    def test_a_case_reaches_two_people_and_its_end_follows_in_the_thread(self):
        hub = self.hub_with(self.settings())
        case = hub.alert('192.0.2.66', kind='http_errors', device='scanner', facts={'count': '50'})
        spanish = self.letters('ana', 1, 'a letter in Spanish')[0]
        russian = self.letters('vera', 1, 'a letter in Russian')[0]
        self.check_headers(spanish, 'ana@mail.test')
        self.check_headers(russian, 'vera@mail.test')
        self.assertIn(f'#{case["id"]}', spanish['Subject'])
        self.assertIn('Errores HTTP', spanish['Subject'])
        self.assertIn('Ошибки HTTP', russian['Subject'])
        self.assertIn('192.0.2.66', text_of(spanish))
        self.assertIn(f'garita decide {case["id"]} block', text_of(spanish))
        self.assertIn('Случай ждёт ответа', text_of(russian))
        self.assertRegex(text_of(spanish), r'CES?T')
        self.assertNotEqual(spanish['Message-ID'], russian['Message-ID'])

        hub.cli('decide', case['id'], 'allow')
        for box, first, word in (('ana', spanish, 'terminado'), ('vera', russian, 'завершён')):
            last = self.letters(box, 2, f'{box} is told when it is over')[1]
            self.check_headers(last, f'{box}@mail.test')
            self.assertEqual(last['In-Reply-To'], first['Message-ID'])
            self.assertEqual(last['References'], first['Message-ID'])
            self.assertEqual(last['Subject'], 'Re: ' + first['Subject'])
            self.assertIn(word, text_of(last))
            self.assertNotIn('garita decide', text_of(last))
        self.assertEqual(self.troubles(hub), [])
        self.assertIn('sasl_username=garita', self.postfix.log())
        self.assertIn('last_sent', hub.api('/status')['hub']['mail'])

    def test_the_test_letter_says_what_the_server_says(self):
        def try_it(settings, *address):
            file = self.center.directory / 'try.yml'
            file.write_text(f'hub: {{state: {self.center.directory}}}\n' + settings)
            file.chmod(0o600)
            done = self.center.run(BIN / 'garita', 'mail', 'test', '-c', file, *address, check=False)
            said = done.stdout + done.stderr
            for form in (PASSWORD, base64.b64encode(f'\0garita\0{PASSWORD}'.encode()).decode()):
                self.assertNotIn(form, said)
            return done.returncode, said
        code, said = try_it(self.settings())
        self.assertEqual((code, said.count('TAKEN'), said.count('250 2.0.0 Ok: queued')), (0, 2, 2), said)
        self.assertEqual(self.letters('ana', 1, 'the test letter')[0]['Subject'], '[Garita] Prueba')
        code, said = try_it(self.settings(port=IMPLICIT_TLS, security='tls'), 'eva@mail.test')
        self.assertEqual(code, 0, said)
        self.letters('eva', 1, 'a letter by implicit TLS')
        code, said = try_it(self.settings(port=RELAY, login=False), 'eva@mail.test')
        self.assertEqual(code, 0, said)
        code, said = try_it(self.settings(), 'nobody@mail.test')
        self.assertEqual(code, 1)
        self.assertIn('REFUSED', said)
        self.assertIn('550 5.1.1', said)
        self.password.write_text('wrong-password\n')
        code, said = try_it(self.settings())
        self.assertEqual(code, 1)
        self.assertIn('LOGIN REFUSED', said)
        self.assertIn('535', said)
        self.password.write_text(PASSWORD + '\n')
        certificates(self.center.directory / 'other', self.post.address)
        code, said = try_it(self.settings().replace(str(self.postfix.authority), str(self.center.directory / 'other/ca.crt')))
        self.assertEqual(code, 1)
        self.assertIn('NOT SENT', said)
        self.assertIn('certificate', said)
        self.check_pin(try_it)

    def check_pin(self, try_it):
        pin = self.center.run('sh', '-c', f'openssl x509 -in {self.postfix.directory}/server.crt -noout -pubkey | '
                              'openssl pkey -pubin -outform DER | sha256sum').stdout.split()[0]
        without_authority = self.settings().replace(f'  ca: {self.postfix.authority}\n', '')
        code, said = try_it(without_authority)
        self.assertEqual(code, 1, said)
        code, said = try_it(without_authority.replace('  to:\n', f'  pin: sha256:{pin}\n  to:\n'))
        self.assertEqual(code, 0, said)
        wrong = pin[:-1] + ('0' if pin[-1] != '0' else '1')
        code, said = try_it(without_authority.replace('  to:\n', f'  pin: sha256:{wrong}\n  to:\n'))
        self.assertEqual(code, 1, said)
        self.assertIn('NOT SENT', said)

    def test_a_refused_recipient_is_given_up_and_the_others_get_theirs(self):
        hub = self.hub_with(self.settings('address: nobody@mail.test', 'address: ana@mail.test',
                                          'address: vera@mail.test, severity: critical', 'address: eva@mail.test, kinds: [cpu_load]',
                                          port=IMPLICIT_TLS, security='tls'))
        case = hub.alert('192.0.2.67', device='scanner')
        self.letters('ana', 1, 'the good address gets it')
        trouble = until(lambda: self.troubles(hub), 'the status tells')
        self.assertIn('nobody@mail.test', trouble[0])
        self.assertIn('550 5.1.1', trouble[0])
        self.assertIn('TROUBLE Mail: nobody@mail.test', hub.cli('status').stdout)
        given_up = hub.audit(verb='message_given_up')
        self.assertEqual([e['object'] for e in given_up], [f'case {case["id"]}'])
        time.sleep(2)
        self.assertEqual(self.postfix.log().count('nobody@mail.test>: Recipient address rejected'), 1)
        self.assertEqual((self.postfix.letters('vera'), self.postfix.letters('eva')), ([], []), 'not for them')

    def test_a_server_that_was_away_gets_everything_once(self):
        hub = self.hub_with(self.settings())
        self.postfix.stop()
        cases = [hub.alert(f'192.0.2.{n}', device='scanner')['id'] for n in range(1, 4)]
        trouble = until(lambda: self.troubles(hub), 'the status tells')
        self.assertIn('Mail: server', trouble[0])
        hub.cli('decide', cases[0], 'allow')
        time.sleep(8)
        self.postfix.start()
        for box in ('ana', 'vera'):
            self.letters(box, 3, f'all of them reach {box}', 60)
        until(lambda: not self.troubles(hub), 'it is well again')
        time.sleep(3)
        for box in ('ana', 'vera'):
            letters = self.postfix.letters(box)
            self.assertEqual(len({letter['Message-ID'] for letter in letters}), 3)
            self.assertEqual(len(letters), 3)
        self.assertIn('terminado', ' '.join(text_of(letter) for letter in self.postfix.letters('ana')))

    def queue(self, hub, to, words, **others):
        """A letter about no case, as whatever has something to tell writes it; while the hub does not run."""
        row = {'to_address': to, 'language': 'es', 'words': words, 'facts': '{"id": "A17", "mac": "00:11:22:33:44:55"}', 'appended': '',
               'about': 'access A17', 'answers': '', 'message_id': f'{to[:3]}0123456789abcdef', 'created_at': int(time.time() * 1e6),
               'state': 'waiting', 'tries': 0, 'last_error': ''} | others
        with contextlib.closing(sqlite3.connect(hub.directory / 'state' / 'garita.db')) as database, database:
            database.execute(f'INSERT INTO queued_letters ({", ".join(row)}) VALUES ({", ".join("?" * len(row))})', list(row.values()))

    def states(self, hub):
        with contextlib.closing(sqlite3.connect(f'file:{hub.directory}/state/garita.db?mode=ro', uri=True)) as database:
            return dict(database.execute('SELECT to_address, state FROM queued_letters'))

    def test_letters_about_no_case_wait_for_the_server_and_come_once(self):
        settings = self.settings().partition('  to:')[0]  # nobody is told of cases
        hub = self.hub_with(settings)
        hub.stop()
        (self.postfix.directory / 'refused').write_text('nobody@mail.test 550 5.1.1 no such box\n')
        log = ''.join(f'12:00:{n % 60:02} sw1 > línea {n}\n' for n in range(1000))
        self.queue(hub, 'ana@mail.test', 'access.done access.warn.randomised', answers='first.1@mail.test', appended='12:00 sw1 > ñandú\n')
        self.queue(hub, 'eva@mail.test', 'access.done', appended=log)
        # a crash came between: nobody knows whether it went
        self.queue(hub, 'vera@mail.test', 'access.done', language='ru', state='sending')
        self.queue(hub, 'nobody@mail.test', 'access.done')
        self.postfix.stop()
        hub.start()
        until(lambda: any('Mail: server:' in one for one in self.troubles(hub)), 'the status tells of the server')
        self.assertEqual(hub.api('/status')['hub']['mail']['waiting'], 4)
        self.postfix.start()
        ended = {'ana@mail.test': 'sent', 'eva@mail.test': 'sent', 'vera@mail.test': 'sent', 'nobody@mail.test': 'given_up'}
        until(lambda: self.states(hub) == ended, 'all have come to an end', 60)
        spanish, = self.letters('ana', 1, 'the answer')
        self.assertEqual(spanish['Message-ID'], '<ana0123456789abcdef@mail.test>')
        self.assertEqual(spanish['In-Reply-To'], '<first.1@mail.test>')
        self.assertEqual(spanish['Auto-Submitted'], 'auto-replied')
        self.assertIn('A17', spanish['Subject'])
        self.assertRegex(text_of(spanish), r'(?s)00:11:22:33:44:55.*\n\n.*\n\n12:00 sw1 > ñandú\n')
        long, = self.letters('eva', 1, 'the one with the long log')
        self.assertEqual(long.get_content_type(), 'multipart/mixed')
        attached, = long.iter_attachments()
        self.assertEqual((attached.get_filename(), attached.get_content().replace('\r\n', '\n')), ('access-A17.txt', log))
        russian, = self.letters('vera', 1, 'the one after the crash')
        self.assertEqual((russian['Message-ID'], russian['Auto-Submitted']), ('<ver0123456789abcdef@mail.test>', 'auto-generated'))
        self.assertEqual([one.defects for one in (spanish, long, russian)], [[], [], []])
        trouble, = self.troubles(hub)
        self.assertRegex(trouble, r'nobody@mail.test: gets no letters: .*550 5.1.1 .*no such box')
        self.assertIn('letter_given_up', hub.cli('audit').stdout)
        hub.stop()

    def test_a_wrong_password_is_told_and_nowhere_written(self):
        self.password.write_text('wrong-' + PASSWORD)
        hub = self.hub_with('log: {level: debug}\n' + self.settings())
        hub.alert('192.0.2.68', device='scanner')
        trouble = until(lambda: self.troubles(hub), 'the status tells')
        self.assertIn('535', trouble[0])
        time.sleep(2)
        self.assertEqual(self.postfix.log().count('authentication failed'), 1, 'an account is not to be locked')
        self.password.write_text(PASSWORD)
        hub.process.send_signal(1)  # a reload
        self.letters('ana', 1, 'the letter, once the password is right')
        hub.stop()
        files = [self.world.directory / 'log', *(f for f in (hub.directory / 'state').rglob('*') if f.is_file())]
        self.assertGreater(len(files), 2)
        for file in files:
            content = file.read_bytes()
            for word in (PASSWORD, 'wrong-' + PASSWORD):
                for form in (word.encode(), base64.b64encode(word.encode()), base64.b64encode(f'\0garita\0{word}'.encode())):
                    self.assertNotIn(form, content, file)


if __name__ == '__main__':
    main()
