"""What switches log, on its way into a database."""
import json
import subprocess

from world import SOURCE


def database(host, kind):
    """Where Debian's rsyslogd with a database of this kind listens, and the hub's settings to read it."""
    program = host.start('/usr/bin/python3', SOURCE / 'tests' / 'support' / 'system_events.py', kind, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    where = json.loads(program.stdout.readline())
    return where, f"""  databases:
    log1: {{kind: {kind}, host: 127.0.0.1, port: {where['port']}, user: rsyslog, password: secret-of-rsyslog, tls: off, every: 1s}}
"""
