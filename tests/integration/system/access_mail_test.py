"""The whole way by mail: an approval, its proof (the domain's and a code, or the person's signature), the switch's word, the port, the record; and letters
that come to nothing."""
import re
import unittest

from logged import database
from mail_reading import Domain, Imap, letter, post
from mail_server import STARTTLS_LOGIN, Postfix
from mail_signing import OpenPgp, Smime
from switches import OLD, WATCHED, Switches, violation
from world import Hub, World, main, until

PASSWORD, MAILBOX = 'a-Pass/word+of=mail', 'the-word-of-the-gate'
MAC, LONG = '0013.1a41.544e', '00:13:1a:41:54:4e'


def text_of(one):
    return ''.join(part.get_content() for part in one.walk() if part.get_content_maintype() == 'text')


class MailWorld(unittest.TestCase):
    """Mail servers, switches, a hub that reads its mailbox."""
    keys = proof = more = ''
    switch = {}  # how the switches differ from usual ones

    def setUp(self):
        self.world = World.of(self)
        self.center, self.post = self.world.host('center'), self.world.host('post')
        self.postfix = Postfix(self.post, ['ana', 'noc', 'gate'], {'garita': PASSWORD})
        self.imap = Imap(self.postfix, {'gate': MAILBOX})
        self.domain = Domain(self.center.directory)
        self.prepare()
        self.switches = Switches(self.center, 2, **self.switch)
        self.hub = Hub(self.center, [], self.settings())

    def prepare(self):
        """What has to be there before the switches and the hub start."""

    def settings(self):
        for name, word in (('smtp', PASSWORD), ('imap', MAILBOX)):
            file = self.center.directory / name
            file.write_text(word)
            file.chmod(0o600)
        return f'''people:
  ana: {{role: approver, mail: [ana@mail.test]{self.keys}}}
  oleg: {{role: operator, mail: [oleg@mail.test]}}
mail:
  server: {self.post.address}
  port: {STARTTLS_LOGIN}
  security: starttls
  ca: {self.postfix.authority}
  from: gate@mail.test
  user: garita
  password: {{file: {self.center.directory}/smtp}}
  to: [{{address: noc@mail.test, kinds: [none_of_them]}}]
access:
  notify: [noc@mail.test]
  mailbox: {{server: {self.post.address}, user: gate, password: {{file: {self.center.directory}/imap}}, ca: {self.postfix.authority}, every: 5s}}
  proof: {{keys_file: {self.domain.keys}{self.proof}}}
  syslog: {{listen: ["udp 127.0.0.1:5514"]}}
{self.more}''' + self.switches.settings()

    def send(self, line):
        import socket

        def datagram():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.bind(('127.0.1.1', 0))
                sender.sendto(line, ('127.0.0.1', 5514))
        self.center.inside(datagram)

    def letters(self, box, word, seconds=30):
        """Those with this word in their subject or text."""
        return until(lambda: [one for one in self.postfix.letters(box) if word in one['Subject'] + text_of(one)],
                     f'a letter to {box} about {word}: {[one["Subject"] for one in self.postfix.letters(box)]}', seconds)

    def requests(self):
        return self.hub.api('/access/requests')['requests']

    def approve(self):
        """An approval whose code comes back."""
        post(self.post, self.domain.signed(letter('ana@mail.test', f'approved: {MAC}\r\n')))
        asked = self.letters('ana', 'confirm')[0]
        code = re.search(r'^\s*([0-9a-z]{5}(?:-[0-9a-z]{2,6})+)\s*$', text_of(asked), re.MULTILINE)
        self.assertTrue(code, text_of(asked))
        self.assertEqual(self.requests()[0]['state'], 'confirming')
        answer = letter('ana@mail.test', f'{code[1]}\r\n\r\n> Nothing happens before you confirm it.\r\n', 'Re: ' + asked['Subject'], asked['Message-ID'])
        post(self.post, self.domain.signed(answer))
        return until(lambda: (found := self.requests()[0])['state'] == 'waiting' and found, f'the code is taken: {self.requests()}', 30)

    def plugged_in_and_secured(self):
        """From a waiting request to its record."""
        self.switches.ask('sw1', 'plug', port='Gi1/0/7', macs=[LONG])
        if not self.switch:
            self.send(violation(MAC, 'Gi1/0/7'))
        done = until(lambda: (found := self.requests()[0])['state'] not in ('waiting', 'working') and found, 'the port is secured', 30)
        self.assertEqual((done['state'], done['switch'], done['port']), ('done', 'sw1', 'GigabitEthernet1/0/7'), done)
        for text in (self.switches.ask('sw1', 'running'), self.switches.ask('sw1', 'startup')):
            self.assertIn(MAC, text)
        for box in ('ana', 'noc'):
            record = text_of(self.letters(box, 'switchport port-security mac-address')[0])
            self.assertIn('PSECURE_VIOLATION', record)
            self.assertIn('[OK]', record)
            self.assertNotIn('secret', record)


class AccessByMail(MailWorld):
    def test_from_the_letter_to_the_record(self):
        self.approve()
        self.assertIn(MAC, text_of(self.letters('noc', 'A1')[0]).replace(LONG, MAC))
        self.plugged_in_and_secured()

    def test_forged_replayed_and_broken_letters_come_to_nothing_and_block_nobody(self):
        forged = letter('ana@mail.test', f'approved: {MAC}\r\n')
        post(self.post, forged)
        post(self.post, b'From: ana@mail.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\xff\xfe\x00 no letter at all')
        post(self.post, self.domain.signed(letter('ana@mail.test', f'approved: {MAC}\r\n')).replace(b'544e', b'5555'))
        self.letters('noc', 'ana@mail.test')
        self.assertEqual(self.requests(), [])
        genuine = self.domain.signed(letter('ana@mail.test', f'approved: {MAC}\r\n'))
        post(self.post, genuine)
        self.letters('ana', 'confirm')
        self.assertEqual([one['state'] for one in self.requests()], ['confirming'])
        post(self.post, genuine)
        post(self.post, self.domain.signed(letter('ana@mail.test', 'REPORT\r\n', 'report')))
        self.letters('ana', 'Open requests')
        self.assertEqual(len(self.requests()), 1, 'the same letter twice is one approval')
        post(self.post, self.domain.signed(letter('ana@mail.test', 'KILL A1\r\n', 'end it')))
        until(lambda: self.requests()[0]['state'] == 'killed', f'KILL by mail: {self.requests()}', 30)


class WholeStory(MailWorld):
    """Nothing is said in anybody's place: the switch itself tells rsyslog, which writes to MariaDB, and the hub's own receiver."""

    def prepare(self):
        where, self.more = database(self.center, 'mariadb')
        self.switch = {'config': 'interface GigabitEthernet1/0/7\n' + WATCHED,
                       'syslog': {'target': ['127.0.0.1', where['udp']], 'also': [['127.0.0.1', 5514]], 'header': 'plain'}}

    def test_from_the_letter_to_the_record_by_both_ways(self):
        self.approve()
        until(lambda: self.hub.api('/access/status')['databases'][0].get('last_look'), 'the database is read', 60)
        until(lambda: all(one.get('last_session') and one['state'] == 'fine' for one in self.hub.api('/access/status')['switches']),
              'all switches were asked whether the device is there', 60)
        before = self.switches.ask('sw1', 'counts')['logins']
        self.plugged_in_and_secured()
        self.assertIn(OLD, str(self.hub.api('/access/requests/1')), 'whose place it took is told')
        look = self.hub.api('/access/status')['databases'][0]['last_look']
        until(lambda: self.hub.api('/access/status')['databases'][0]['last_look'] > look, 'the database was read once more')
        self.assertEqual(self.switches.ask('sw1', 'counts')['logins'], before + 1, 'what both ways say is worked on once')
        events = [one for one in self.hub.api('/access/requests/1')['log'] if one['kind'] == 'event']
        self.assertEqual(len(events), 1, events)


class AccessBySignature(MailWorld):
    """A person's own signature is proof enough: no code is asked for, and the domain signs nothing."""

    def prepare(self):
        self.smime, self.openpgp = Smime(self.center.directory, 'ana@mail.test'), OpenPgp(self.center.directory, 'ana@mail.test')
        self.addCleanup(self.openpgp.end)
        self.keys = f', keys: ["{self.smime.fingerprint}", "{self.openpgp.fingerprint}"]'
        self.proof = f', openpgp_keys: [{self.openpgp.public}]'

    def approved_by(self, key, kind):
        genuine = key.signed(letter('ana@mail.test', ''), f'approved: {MAC}')
        post(self.post, genuine.replace(MAC.encode(), b'0013.1a41.5401'))
        self.letters('noc', 'ana@mail.test')
        self.assertEqual(self.requests(), [], 'a changed letter is told and comes to nothing')
        post(self.post, genuine)
        waiting = until(lambda: (all_of_them := self.requests()) and all_of_them[0], 'the letter is taken', 30)
        self.assertEqual((waiting['state'], waiting['mac'].replace(LONG, MAC)), ('waiting', MAC))
        self.assertIn(kind, str(self.hub.api('/access/requests/1')))
        self.plugged_in_and_secured()
        self.assertFalse([one for one in self.postfix.letters('ana') if 'confirm' in one['Subject'] + text_of(one)])

    def test_from_a_letter_signed_by_smime_to_the_record(self):
        self.approved_by(self.smime, 'smime')

    def test_from_a_letter_signed_by_openpgp_to_the_record(self):
        self.approved_by(self.openpgp, 'openpgp')


if __name__ == '__main__':
    main()
