"""Keys of a person, and letters signed with them by the programs that people sign with: openssl and gpg."""
import subprocess

PART = 'Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n'


def head_of(letter):
    """What stands above a letter's text, without what says how that is made."""
    fields = letter.split(b'\r\n\r\n', 1)[0].split(b'\r\n')
    return b''.join(line + b'\r\n' for line in fields if not line.lower().startswith((b'content-', b'mime-version')))


def with_mail_line_ends(raw):
    return raw.replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')


def run(*arguments, **how):
    return subprocess.run(arguments, check=True, capture_output=True, **how).stdout


class Smime:
    def __init__(self, directory, address):
        self.certificate, self.key = directory / 'smime.pem', directory / 'smime.key'
        run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=person', '-addext',
            f'subjectAltName=email:{address}', '-addext', 'extendedKeyUsage=emailProtection', '-addext', 'keyUsage=digitalSignature', '-keyout', self.key,
            '-out', self.certificate)
        fingerprint = run('openssl', 'x509', '-in', self.certificate, '-noout', '-fingerprint', '-sha256', text=True)
        self.fingerprint = 'smime:' + fingerprint.split('=')[1].strip().replace(':', '').lower()

    def signed(self, letter, text):
        part = PART.format(text).encode()
        return head_of(letter) + with_mail_line_ends(
            run('openssl', 'cms', '-sign', '-binary', '-signer', self.certificate, '-inkey', self.key, input=part))


class OpenPgp:
    def __init__(self, directory, address):
        self.home, self.public, self.address = directory / 'gpg', directory / 'person.asc', address
        self.home.mkdir(mode=0o700)
        self.gpg('--quick-gen-key', address, 'ed25519', 'sign', '30d')
        self.public.write_bytes(self.gpg('--armor', '--export', address))
        rows = self.gpg('--list-keys', '--with-colons', address).decode().splitlines()
        self.fingerprint = 'openpgp:' + next(row for row in rows if row.startswith('fpr')).split(':')[9].lower()

    def gpg(self, *arguments, **how):
        return run('gpg', '--homedir', self.home, '--batch', '--yes', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', *arguments, **how)

    def end(self):
        run('gpgconf', '--homedir', self.home, '--kill', 'all')

    def signed(self, letter, text):
        part = PART.format(text).encode()
        signature = self.gpg('--local-user', self.address, '--armor', '--detach-sign', input=part)
        return head_of(letter) + (b'MIME-Version: 1.0\r\nContent-Type: multipart/signed; micalg=pgp-sha512; protocol="application/pgp-signature"; boundary=b'
                                  b'\r\n\r\n--b\r\n' + part + b'\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\n' +
                                  with_mail_line_ends(signature) + b'\r\n--b--\r\n')
