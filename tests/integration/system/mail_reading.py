"""A mailbox by IMAP over what Postfix delivers, and letters that are signed as a domain's server does."""
import email.message
import email.utils
import subprocess

from mail_server import RELAY
from world import until

IMAPS = 993
DOVECOT = '''
base_dir = {0}/run
state_dir = {0}/state
log_path = {0}/log
protocols = imap
listen = *
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
ssl = required
ssl_cert = <{1}/server.crt
ssl_key = <{1}/server.key
auth_mechanisms = plain login
mailbox_idle_check_interval = 1 secs
auth_failure_delay = 0
mail_location = maildir:{1}/mail/%u
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {0}/users
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={1}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
}}
service stats {{
  chroot =
}}
'''


class Imap:
    """Dovecot, on the mailboxes of this Postfix."""

    def __init__(self, postfix, users):
        host, self.directory = postfix.host, postfix.host.directory / 'imap'
        for name in ('run', 'state'):
            (self.directory / name).mkdir(parents=True)
        (self.directory / 'dovecot.conf').write_text(DOVECOT.format(self.directory, postfix.directory))
        (self.directory / 'users').write_text(''.join(f'{name}:{{PLAIN}}{word}\n' for name, word in users.items()))
        host.start('dovecot', '-F', '-c', self.directory / 'dovecot.conf')
        until(lambda: host.knock('127.0.0.1', IMAPS) == 'open', 'the mailbox answers')


class Domain:
    """mail.test, with its key of DKIM: `keys` is the file that stands for DNS."""

    def __init__(self, directory):
        self.key, self.keys = directory / 'dkim.key', directory / 'dkim.keys'
        subprocess.run(['openssl', 'genrsa', '-traditional', '-out', self.key, '2048'], check=True, capture_output=True)
        public = subprocess.run(['openssl', 'rsa', '-in', self.key, '-pubout'], check=True, capture_output=True, text=True).stdout
        self.keys.write_text('sel._domainkey.mail.test v=DKIM1; k=rsa; p=' + ''.join(public.splitlines()[1:-1]) + '\n')

    def signed(self, raw):
        import dkim
        return dkim.sign(raw, b'sel', b'mail.test', self.key.read_bytes(), canonicalize=(b'relaxed', b'relaxed'),
                         include_headers=[b'from', b'to', b'subject', b'date', b'message-id']) + raw


def letter(sender, text, subject='access', answers=None):
    one = email.message.EmailMessage()
    one['From'], one['To'], one['Subject'] = sender, 'gate@mail.test', subject
    one['Date'], one['Message-ID'] = email.utils.localtime(), email.utils.make_msgid(domain='mail.test')
    if answers:
        one['In-Reply-To'] = one['References'] = answers
    one.set_content(text)
    return one.as_bytes(policy=one.policy.clone(linesep='\r\n'))


def post(host, raw, sender='ana@mail.test', to='gate@mail.test'):
    """Handed to Postfix, as another server of the network does."""
    import smtplib

    def send():
        with smtplib.SMTP('127.0.0.1', RELAY, timeout=20) as server:
            server.sendmail(sender, [to], raw)
    host.inside(send)
