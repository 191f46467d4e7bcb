"""Mail servers for tests: a real Postfix with Dovecot's login, and one that does what no server should."""
import email
import email.policy
import socket
import ssl
import subprocess
import threading

from world import until

STARTTLS_LOGIN, IMPLICIT_TLS, RELAY = 587, 465, 25

MAIN = '''
compatibility_level = 3.6
queue_directory = {0}/queue
data_directory = {0}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = all
inet_protocols = ipv4
myhostname = mail.test
mydestination =
mynetworks = 10.88.0.0/24 127.0.0.0/8
virtual_mailbox_domains = mail.test
virtual_mailbox_maps = texthash:{0}/boxes
virtual_mailbox_base = {0}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
default_transport = error:no mail leaves a test
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access texthash:{0}/refused
smtpd_tls_cert_file = {0}/server.crt
smtpd_tls_key_file = {0}/server.key
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:10026
smtpd_error_sleep_time = 0
maillog_file = {0}/maillog
maillog_file_prefixes = {0}
alias_maps =
alias_database =
'''
MASTER = '''
25 inet n - n - - smtpd
587 inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject
465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
'''
DOVECOT = '''
base_dir = {0}/run
state_dir = {0}/state
log_path = {0}/log
protocols =
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {0}/users
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = 10026
  }}
}}
'''


def certificates(directory, address):
    """An authority (ca.crt) and a server's certificate by it, for that address."""
    directory.mkdir(exist_ok=True)

    def openssl(*words):
        subprocess.run(['openssl', *map(str, words)], check=True, capture_output=True, cwd=directory)
    for name in ('ca', 'server'):
        openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', f'{name}.key')
    openssl('req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=Test authority', '-days', '2', '-out', 'ca.crt')
    openssl('req', '-new', '-key', 'server.key', '-subj', '/CN=mail.test', '-out', 'server.csr')
    (directory / 'names').write_text(f'subjectAltName=IP:{address},DNS:mail.test\n')
    openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2',
            '-extfile', 'names', '-out', 'server.crt')


def parsed(raw):
    """By a strict reader: whatever is not as it should be is an error."""
    letter = email.message_from_bytes(raw, policy=email.policy.strict)
    for line in raw.split(b'\n'):
        assert len(line) <= 200 and all(c < 128 for c in line), line
    return letter


class Postfix:
    """A Postfix of the host's own, all ports, with mailboxes; login by Dovecot."""

    def __init__(self, host, boxes, users):
        self.host, self.directory = host, host.directory / 'postfix'
        certificates(self.directory, host.address)
        self.authority = self.directory / 'ca.crt'
        for name in ('queue', 'data', 'mail'):
            (self.directory / name).mkdir()
        (self.directory / 'mail').chmod(0o777)
        (self.directory / 'data').chmod(0o700)
        subprocess.run(['chown', 'postfix', self.directory / 'data'], check=True)
        (self.directory / 'main.cf').write_text(MAIN.format(self.directory))
        (self.directory / 'master.cf').write_text(MASTER)
        (self.directory / 'boxes').write_text(''.join(f'{box}@mail.test {box}/\n' for box in boxes))
        (self.directory / 'refused').write_text('')
        login = host.directory / 'dovecot'
        for name in ('run', 'state'):
            (login / name).mkdir(parents=True)
        (login / 'dovecot.conf').write_text(DOVECOT.format(login))
        (login / 'users').write_text(''.join(f'{name}:{{PLAIN}}{word}\n' for name, word in users.items()))
        self.dovecot = host.start('dovecot', '-F', '-c', login / 'dovecot.conf')
        self.process = None
        self.start()
        until(lambda: host.knock('127.0.0.1', 10026) == 'open', 'the login answers')

    def start(self):
        self.process = self.host.start('postfix', '-c', self.directory, 'start-fg')
        until(lambda: self.host.knock('127.0.0.1', RELAY) == 'open', 'Postfix answers')

    def stop(self):
        self.host.run('postfix', '-c', self.directory, 'stop')
        self.process.wait(20)

    def log(self):
        file = self.directory / 'maillog'
        return file.read_text() if file.exists() else ''

    def letters(self, box):
        """What was delivered, in the order of its dates."""
        files = sorted((self.directory / 'mail' / box / 'new').glob('*'), key=lambda file: file.stat().st_mtime_ns)
        return [parsed(file.read_bytes()) for file in files]


class StrangeServer:
    """An SMTP server whose every answer a test may choose. What it heard is kept: commands as they came, with whether they
    were under TLS, and letters."""

    def __init__(self, host, tls=None, implicit=False, port=2525):
        self.host, self.port = host, port
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(tls / 'server.crt', tls / 'server.key')
        self.implicit = implicit
        self.heard, self.letters, self.open = [], [], True
        self.extensions = ['STARTTLS'] if tls and not implicit else []
        self.answers = {}  # by command: text, or a function of (line, connection); None ends the connection
        self.listener = host.inside(self.listen)
        threading.Thread(target=self.accept, daemon=True).start()

    def listen(self):
        listener = socket.create_server((self.host.address, self.port))
        return listener

    def close(self):
        self.open = False
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        while self.open:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.implicit:
                connection = self.context.wrap_socket(connection, server_side=True)
            self.talk(connection)
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def answer(self, command, line, connection, usual):
        choice = self.answers.get(command, usual)
        text = choice(line, connection) if callable(choice) else choice
        if text is None:
            raise OSError('the connection ends here')
        connection.sendall(text.encode() + b'\r\n')
        return text

    def talk(self, connection):
        recipient, under_tls = '', self.implicit
        lines = connection.makefile('rb')
        self.answer('CONNECT', '', connection, '220 strange.test')
        for raw in lines:
            line = raw.decode(errors='replace').rstrip('\r\n')
            self.heard.append((line, under_tls))
            command = line.split(' ')[0].upper()
            if command == 'EHLO':
                offered = [e for e in self.extensions if not (under_tls and e == 'STARTTLS')] + ['8BITMIME']
                usual = '\r\n'.join(['250-strange.test'] + [f'250-{e}' for e in offered[:-1]] + [f'250 {offered[-1]}'])
                self.answer('EHLO', line, connection, usual)
            elif command == 'STARTTLS':
                if self.answer('STARTTLS', line, connection, '220 go on').startswith('220'):
                    connection, under_tls = self.context.wrap_socket(connection, server_side=True), True
                    lines = connection.makefile('rb')
                    return self.after_tls(connection, lines)
            else:
                recipient = self.rest(command, line, connection, lines, recipient)

    def after_tls(self, connection, lines):
        recipient = ''
        for raw in lines:
            line = raw.decode(errors='replace').rstrip('\r\n')
            self.heard.append((line, True))
            command = line.split(' ')[0].upper()
            if command == 'EHLO':
                self.answer('EHLO_TLS', line, connection, '250-strange.test\r\n250 8BITMIME')
            else:
                recipient = self.rest(command, line, connection, lines, recipient)

    def rest(self, command, line, connection, lines, recipient):
        if command == 'RCPT':
            recipient = line.split('<')[1].split('>')[0]
            self.answer('RCPT', line, connection, '250 ok')
        elif command == 'DATA':
            if self.answer('DATA', line, connection, '354 go on').startswith('354'):
                text = b''
                for raw in lines:
                    if raw == b'.\r\n':
                        break
                    text += raw[1:] if raw.startswith(b'..') else raw
                self.letters.append((recipient, parsed(text)))
                self.answer('TEXT', recipient, connection, '250 queued')
        elif command == 'QUIT':
            self.answer('QUIT', line, connection, '221 bye')
            raise OSError('goodbye')
        else:
            self.answer(command, line, connection, '250 ok')
        return recipient

    def to(self, address):
        return [letter for recipient, letter in self.letters if recipient == address]
