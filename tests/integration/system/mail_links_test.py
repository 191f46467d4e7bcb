"""Answering by the link in a letter: from a real Postfix to the page, through TLS, by a browser's form; looking changes nothing."""
import http.client
import re
import signal
import ssl
import threading
import unittest
import urllib.parse

from mail_server import STARTTLS_LOGIN, Postfix
from world import BIN, SOURCE, Hub, World, main, one_time_code, until

PASSWORD = 'a-Pass/word+of=mail'
SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
PEOPLE = '''
people:
  ana: {role: operator, mail: [ana@mail.test]}
  eva: {role: viewer, mail: [eva@mail.test]}
  vera: {role: approver, mail: [vera@mail.test], totp: %s}
''' % SECRET


class Answer:
    def __init__(self, reply):
        self.status, self.headers, self.page = reply.status, reply.headers, reply.read().decode()
        self.buttons = re.findall(r'<button name="response" value="(\w+)">', self.page)


class MailLinks(unittest.TestCase):
    def setUp(self):
        self.world = World.of(self)
        self.center, self.post = self.world.host('center'), self.world.host('post')
        self.outside = self.world.host('outside')
        self.postfix = Postfix(self.post, ['ana', 'eva', 'vera', 'noc'], {'garita': PASSWORD})
        self.hub = Hub(self.center, [], self.settings(PEOPLE))

    def settings(self, people, links='links: {url: https://garita.example.org/}'):
        return f'''{people}
mail:
  server: {self.post.address}
  port: {STARTTLS_LOGIN}
  from: garita@mail.test
  ca: {self.postfix.authority}
  user: garita
  password: {PASSWORD}
  {links}
  to:
    - {{address: ana@mail.test, language: es, time_zone: Europe/Madrid}}
    - {{address: eva@mail.test}}
    - {{address: vera@mail.test, language: ru}}
    - {{address: noc@mail.test}}
'''

    def link(self, box, count=1):
        """The path of the one in the newest letter."""
        letter = until(lambda: len(found := self.postfix.letters(box)) >= count and found, f'letter {count} to {box}')[count - 1]
        found = re.findall(r'^https://garita\.example\.org(/decide/\S+)\r?$', letter.get_content(), re.M)
        self.assertEqual(len(found), 1, letter.get_content())
        return found[0]

    def ask(self, method, path, form=None, **headers):
        def talk():
            context = ssl.create_default_context(cafile=self.hub.certificate)
            context.check_hostname = False
            connection = http.client.HTTPSConnection(self.center.address, 8443, context=context, timeout=10)
            body = urllib.parse.urlencode(form) if isinstance(form, dict) else form
            if form is not None:
                headers.setdefault('Content-Type', 'application/x-www-form-urlencoded')
            connection.request(method, path, body, headers)
            return Answer(connection.getresponse())
        return self.outside.inside(talk)

    def test_looking_changes_nothing_pressing_decides_and_the_link_is_spent(self):
        case = self.hub.alert('203.0.113.7', kind='http_errors', device='scanner', facts={'count': '50', 'path': '/<script>alert(1)</script>'})
        link = self.link('ana')
        for _ in range(10):
            for method in ('GET', 'HEAD'):
                shown = self.ask(method, link)
                self.assertEqual(shown.status, 200)
        shown = self.ask('GET', link)
        self.assertEqual(self.hub.cases('open')[0]['version'], case['version'], 'looking changes nothing')
        self.assertIn('203.0.113.7', shown.page)
        self.assertIn('lang="es"', shown.page)
        self.assertNotIn('<script', shown.page)
        self.assertIn('block', shown.buttons)
        self.assertEqual(shown.headers['Referrer-Policy'], 'no-referrer')
        self.assertEqual(shown.headers['Cache-Control'], 'no-store')
        self.assertIn("default-src 'none'", shown.headers['Content-Security-Policy'])
        for method in ('PUT', 'DELETE', 'PATCH'):
            self.assertEqual(self.ask(method, link, {}).status, 405)

        done = self.ask('POST', link, {'response': 'nothing', 'comment': 'es <b>uno</b>'}, **{'Sec-Fetch-Site': 'same-origin', 'Origin': 'null'})
        self.assertEqual((done.status, done.buttons), (200, []), done.page)
        self.assertIn('&lt;b&gt;uno', done.page)
        decided = self.hub.cases('all', id=case['id'])[0]['decision']
        self.assertEqual((decided['response'], decided['by']['name'], decided['by']['channel']), ('nothing', 'ana', 'mail link'))
        again = self.ask('POST', link, {'response': 'allow'})
        self.assertEqual((again.status, again.buttons), (410, []))
        self.assertEqual(self.hub.cases('all', id=case['id'])[0]['decision']['response'], 'nothing')
        other = self.ask('GET', self.link('vera'))
        self.assertEqual((other.status, other.buttons), (200, []))
        self.assertIn('ana (mail link)', other.page)
        self.assertEqual([one['detail'] for one in self.hub.api('/audit?limit=1000')['entries'] if one['verb'] == 'link_used'],
                         ['nothing, by the link in the letter to ana@mail.test'])
        self.assertIn(('decide', 'ana', 'mail link'), [(one['verb'], one['actor']['name'], one['actor']['channel']) for one in self.hub.api('/audit?limit=1000')['entries']])

    def test_who_may_not_or_is_nobody_has_no_button(self):
        case = self.hub.alert('203.0.113.8')
        seen = self.ask('GET', self.link('eva'))
        self.assertEqual((seen.status, seen.buttons), (200, []), 'a viewer looks')
        pressed = self.ask('POST', self.link('eva'), {'response': 'block'})
        self.assertEqual(pressed.status, 403, pressed.page)
        letter = until(lambda: self.postfix.letters('noc'), 'a letter to nobody in particular')[0]
        self.assertNotIn('/decide/', letter.get_content())
        self.assertIn(f'garita decide {case["id"]}', letter.get_content())
        link = self.link('ana')
        for body, headers in (({'response': 'explode'}, {}), ({'response': 'block', 'case': '2'}, {}), ({}, {}),
                              ('{"response": "block"}', {'Content-Type': 'application/json'}),
                              ({'response': 'block'}, {'Sec-Fetch-Site': 'cross-site'}), ({'response': 'block'}, {'Origin': 'https://evil.example'})):
            self.assertEqual(self.ask('POST', link, body, **headers).status, 400, body)
        self.assertEqual(self.ask('POST', link, 'response=block&comment=' + 'x' * 10000).status, 413)
        self.assertEqual(self.hub.cases('open', id=case['id'])[0]['state'], 'open')

        # a link ends with its person's right to answer
        self.hub.config.write_text(self.hub.config.read_text().replace('ana: {role: operator', 'ana: {role: viewer'))
        self.hub.stop()
        self.hub.start()
        self.assertEqual(self.ask('POST', link, {'response': 'block'}).status, 403)
        self.hub.config.write_text(self.hub.config.read_text().replace('mail: [ana@mail.test]', 'mail: [other@mail.test]'))
        self.hub.stop()
        self.hub.start()
        self.assertEqual(self.ask('GET', link).status, 404)
        self.assertEqual(self.hub.cases('open', id=case['id'])[0]['state'], 'open')

    def test_two_presses_and_kills_are_one_decision(self):
        for number in range(1, 6):
            case = self.hub.alert(f'198.51.100.{number}')
            link, other = self.link('ana', 2 * number - 1), self.link('vera', 2 * number - 1)
            answers = []
            presses = [threading.Thread(target=lambda path=path, word=word: answers.append(self.quietly('POST', path, {'response': word})))
                       for path, word in ((link, 'nothing'), (other, 'allow'), (link, 'allow'))]
            for press in presses:
                press.start()
            if number in (2, 4):
                self.hub.stop(signal.SIGKILL)
                for press in presses:
                    press.join()
                self.hub.start()
                answers.append(self.ask('POST', link, {'response': 'nothing'}))
            for press in presses:
                press.join()
            self.assertLessEqual(len([one for one in answers if one and one.status == 200]), 1, [one and one.status for one in answers])
            decided = until(lambda: (found := self.hub.cases('all', id=case['id'])) and found[0].get('decision'), 'it is decided')
            rows = [one for one in self.hub.api('/audit?limit=1000')['entries'] if one.get('object') == f'case {case["id"]}' and 'mail link' in str(one)
                    and decided['response'] in str(one)]
            self.assertTrue(rows)
            for box in ('ana', 'vera'):
                until(lambda: len(self.postfix.letters(box)) >= 2 * number, 'the end is told')

    def quietly(self, *request):
        try:
            return self.ask(*request)
        except OSError:
            return None
        except http.client.HTTPException:
            return None

    def test_a_dangerous_answer_takes_a_code(self):
        case = self.hub.alert('203.0.113.9', kind='cpu_load', device='web1', subject='web1')
        link = self.link('vera')
        self.assertIn('reboot', self.ask('GET', link).buttons)
        self.assertNotIn('reboot', self.ask('GET', self.link('ana')).buttons, 'an operator may not')
        asked = self.ask('POST', link, {'response': 'reboot', 'comment': 'too hot'})
        self.assertEqual((asked.status, asked.buttons), (200, ['reboot']))
        self.assertIn('name="code"', asked.page)
        self.assertIn('value="too hot"', asked.page)
        wrong = self.ask('POST', link, {'response': 'reboot', 'comment': 'too hot', 'code': '000000'})
        self.assertEqual(wrong.status, 403)
        self.assertEqual(self.hub.cases('open', id=case['id'])[0]['state'], 'open')
        done = self.ask('POST', link, {'response': 'reboot', 'comment': 'too hot', 'code': one_time_code(SECRET)})
        self.assertEqual(done.status, 200, done.page)
        decided = self.hub.cases('all', id=case['id'])[0]['decision']
        self.assertEqual((decided['response'], decided['comment']), ('reboot', 'too hot'))

    def test_guessing_is_slow_and_links_stand_nowhere(self):
        self.hub.alert('203.0.113.10')
        link = self.link('ana')
        token = link.rsplit('/', 1)[1]
        guesses = [self.ask('GET', link[:-1] + ('A' if link[-1] != 'A' else 'B')).status for _ in range(60)]
        self.assertLessEqual(set(guesses), {404, 429})
        self.assertEqual(self.ask('GET', link).status, 200, 'who has the link is not held up')
        self.ask('POST', link, {'response': 'nothing'})
        self.hub.stop()
        mark = token.rsplit('-', 1)[1][-20:].encode()
        state = self.hub.directory / 'state'
        for file in [one for one in state.rglob('*') if one.is_file()]:
            self.assertNotIn(mark, file.read_bytes(), file)
        self.assertNotIn(mark.decode(), self.world.tail(10**7))
        self.assertEqual((state / 'links.key').stat().st_mode & 0o777, 0o600)
        (state / 'links.key').unlink()
        self.hub.start()
        self.assertEqual(self.ask('GET', link).status, 404, 'without the key all are none')

    def test_the_manuals_nginx_in_front(self):
        manual = (SOURCE / 'docs' / 'mail.md').read_text()
        section = re.search(r'```nginx\n(.*?)```', manual, re.S).group(1)
        folder = self.center.directory
        self.center.run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=garita.example.org',
                        '-addext', 'subjectAltName=DNS:garita.example.org', '-keyout', folder / 'web.key', '-out', folder / 'web.crt')
        for written, own in (('/etc/letsencrypt/live/garita.example.org/fullchain.pem', folder / 'web.crt'), ('/var/lib/garita/hub.crt', self.hub.certificate),
                             ('/etc/letsencrypt/live/garita.example.org/privkey.pem', folder / 'web.key')):
            self.assertIn(written, section)
            section = section.replace(written, str(own))
        paths = ''.join(f'{one}_temp_path {folder}/nginx-{one};' for one in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        config = folder / 'nginx.conf'
        config.write_text(f'daemon off; worker_processes 1; user root; pid {folder}/nginx.pid; error_log stderr;\n'
                          f'events {{}}\nhttp {{ access_log off; {paths}\n{section}}}\n')
        self.center.start('nginx', '-c', config)
        until(lambda: self.outside.knock(self.center.address, 443) == 'open', 'nginx listens')
        case = self.hub.alert('203.0.113.11')
        link = self.link('ana')

        def browse(*more):
            return self.outside.run('curl', '--silent', '--show-error', '--cacert', folder / 'web.crt', '--resolve', f'garita.example.org:443:{self.center.address}',
                                    '--write-out', '\n%{http_code}', *more).stdout.rsplit('\n', 1)
        page, status = browse('https://garita.example.org' + link)
        self.assertEqual(status, '200', page)
        self.assertIn('203.0.113.11', page)
        self.assertEqual(browse('https://garita.example.org/api/v1/status')[1], '404', 'nothing else is reached')
        page, status = browse('--data-urlencode', 'response=nothing', '--data-urlencode', 'comment=seen', 'https://garita.example.org' + link)
        self.assertEqual(status, '200', page)
        self.assertEqual(self.hub.cases('all', id=case['id'])[0]['decision']['comment'], 'seen')

    def test_check_says_what_is_wrong(self):
        file = self.center.directory / 'check.yml'

        def check(links, people=PEOPLE):
            file.write_text('hub: {state: /tmp/nowhere}\n' + self.settings(people, links))
            file.chmod(0o600)
            done = self.center.run(BIN / 'garita', 'check', file, check=False)
            return done.returncode, done.stdout + done.stderr
        self.assertEqual(check('links: {url: https://garita.example.org}')[0], 0)
        for url in ('http://garita.example.org', 'garita.example.org', 'https://', 'javascript:alert(1)', "'https://a b'", "'https://x/?y'"):
            code, said = check(f'links: {{url: {url}}}')
            self.assertEqual(code, 2, url)
            self.assertIn('mail.links.url', said)
        self.assertIn('nobody gets a link', check('links: {url: https://x.example}', 'people: {ana: {role: operator}}')[1])
        self.assertEqual(check('links: {url: https://x.example, valid: 30d}')[0], 2)


if __name__ == '__main__':
    main()
