#!/usr/bin/python3
"""rsyslog's database as it is in the field: Debian's rsyslogd writes `SystemEvents` to a MariaDB or a PostgreSQL of its own.

    with SystemEvents("mariadb") as events:
        events.send(b"<186>41: *Mar  1 00:12:45.123: %PORT_SECURITY-2-...")
        events.until(1)

As a program, `system_events.py mariadb|postgresql` prints one line of JSON (where the database and the syslog ports are), and goes on until its
standard input ends or SIGTERM comes. All is in a private directory and on 127.0.0.1; nothing needs root.
"""
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PATIENCE = 90.0
USER, PASSWORD, DATABASE = "rsyslog", "secret-of-rsyslog", "Syslog"
SCHEMA = "/usr/share/dbconfig-common/data/rsyslog-{}"  # Debian's own, from rsyslog-mysql and rsyslog-pgsql


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise TimeoutError(f"{what} did not come")


class Server:
    """A program that runs in a directory; as `account`, if we are root."""

    def __init__(self, folder, account=None):
        self.folder, self.account, self.process = folder, account if os.getuid() == 0 else None, None
        self.log = os.path.join(folder, "log")

    def run(self, *arguments, text=None):
        done = subprocess.run(arguments, input=text, capture_output=True, text=True, cwd=self.folder, user=self.account, group=self.account)
        if done.returncode:
            raise RuntimeError(f"{arguments[0]} has ended with {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def start(self, *arguments, **how):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, **how)

    def alive(self):
        if self.process.poll() is not None:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"the server has ended: {log.read()[-2000:]}")

    def stop(self, ending=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(ending)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class MariaDb(Server):
    action = 'action(type="ommysql" server="127.0.0.1" serverport="{port}" db="{database}" uid="{user}" pwd="{password}")'
    module, schema = "ommysql", SCHEMA.format("mysql/install/mysql")

    def open(self):
        data, user = os.path.join(self.folder, "data"), pwd.getpwuid(os.getuid()).pw_name
        self.run("mariadb-install-db", "--no-defaults", f"--datadir={data}", f"--user={user}", "--auth-root-authentication-method=normal",
                 "--skip-test-db", "--skip-name-resolve")
        self.port, self.socket = free_port(), os.path.join(self.folder, "socket")
        self.start("/usr/sbin/mariadbd", "--no-defaults", f"--user={user}", f"--datadir={data}", f"--port={self.port}", f"--socket={self.socket}",
                   "--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", "--skip-name-resolve",
                   "--innodb-buffer-pool-size=128M", f"--pid-file={self.folder}/pid")
        wait_for(self.answers, "MariaDB")
        with open(self.schema, encoding="utf-8") as file:
            self.query(f"CREATE DATABASE {DATABASE}; CREATE USER '{USER}'@'%' IDENTIFIED BY '{PASSWORD}'; "
                       f"GRANT ALL ON {DATABASE}.* TO '{USER}'@'%'; USE {DATABASE}; " + file.read(), database="")

    def answers(self):
        self.alive()
        probe = subprocess.run(["mariadb", "--no-defaults", f"--socket={self.socket}", "-uroot", "-e", "SELECT 1"], capture_output=True)
        return probe.returncode == 0

    def query(self, sql, database=DATABASE):
        """Rows as lists of text; run as the superuser."""
        said = self.run("mariadb", "--no-defaults", f"--socket={self.socket}", "-uroot", "--batch", "--raw", "--skip-column-names", database, text=sql)
        return [line.split("\t") for line in said.splitlines()]

    def where(self):
        return {"socket": self.socket, "port": self.port, "database": DATABASE}


class PostgreSql(Server):
    action = 'action(type="ompgsql" server="127.0.0.1" port="{port}" db="{database}" user="{user}" pass="{password}")'
    module, schema = "ompgsql", SCHEMA.format("pgsql/install/pgsql")

    def __init__(self, folder):
        super().__init__(folder, account="postgres")
        if self.account:
            shutil.chown(folder, self.account, self.account)
        programs = "/usr/lib/postgresql"
        self.programs = os.path.join(programs, max(os.listdir(programs), key=int), "bin")

    def program(self, name):
        return os.path.join(self.programs, name)

    def open(self):
        data = os.path.join(self.folder, "data")
        self.run(self.program("initdb"), "-D", data, "-U", "root", "--auth-local=trust", "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8",
                 "--no-sync")
        self.port = free_port()
        self.start(self.program("postgres"), "-D", data, "-p", str(self.port), "-k", self.folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
                   user=self.account, group=self.account)
        wait_for(self.answers, "PostgreSQL")
        self.query(f"CREATE USER {USER} PASSWORD '{PASSWORD}'", database="postgres")
        self.query(f"CREATE DATABASE \"{DATABASE}\" OWNER {USER}", database="postgres")
        with open(self.schema, encoding="utf-8") as file:
            self.query(f"SET ROLE {USER}; " + file.read())

    def answers(self):
        self.alive()
        probe = subprocess.run([self.program("pg_isready"), "-h", self.folder, "-p", str(self.port)], capture_output=True)
        return probe.returncode == 0

    def query(self, sql, database=DATABASE):
        said = self.run(self.program("psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port),
                        "-U", "root", database, text=sql)
        return [line.split("\t") for line in said.splitlines()]

    def stop(self, ending=signal.SIGINT):  # the fast shutdown
        super().stop(ending)

    def where(self):
        return {"socket": self.folder, "port": self.port, "database": DATABASE}


class Rsyslog(Server):
    """parser: "" for rsyslog's own, or "rsyslog.ciscoios" """

    def open(self, database, parser=""):
        self.udp, self.tcp = free_port(socket.SOCK_DGRAM), free_port()
        chosen = f'parser="{parser}"' if parser else ""
        lines = [f'global(workDirectory="{self.folder}" net.enableDNS="off")', 'module(load="imudp")', 'module(load="imtcp")',
                 f'module(load="{database.module}")', 'module(load="pmciscoios")' if parser else "",
                 f'ruleset(name="store" {chosen}) {{ '
                 + database.action.format(port=database.port, database=DATABASE, user=USER, password=PASSWORD) + " }",
                 f'input(type="imudp" address="127.0.0.1" port="{self.udp}" ruleset="store")',
                 f'input(type="imtcp" address="127.0.0.1" port="{self.tcp}" ruleset="store")']
        path = os.path.join(self.folder, "rsyslog.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        self.start("/usr/sbin/rsyslogd", "-n", "-f", path, "-i", os.path.join(self.folder, "pid"))
        wait_for(self.listens, "rsyslogd")

    def listens(self):
        self.alive()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.tcp)) == 0


class SystemEvents:
    def __init__(self, kind, parser=""):
        self.kind, self.parser = kind, parser

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="system-events-")
        os.chmod(self.folder, 0o755)
        folders = [os.path.join(self.folder, name) for name in ("database", "rsyslog")]
        for folder in folders:
            os.mkdir(folder)
        self.database = {"mariadb": MariaDb, "postgresql": PostgreSql}[self.kind](folders[0])
        self.rsyslog = Rsyslog(folders[1])
        self.sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.database.open()
            self.rsyslog.open(self.database, self.parser)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.sender.close()
        self.rsyslog.stop()
        self.database.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, datagram):
        self.sender.sendto(datagram, ("127.0.0.1", self.rsyslog.udp))

    def rows(self, columns="ID, FromHost, SysLogTag, Message", condition="true"):
        return self.database.query(f"SELECT {columns} FROM SystemEvents WHERE {condition} ORDER BY ID;")

    def until(self, count, condition="true"):
        """Waits for so many rows, and returns them."""
        def enough():
            rows = self.rows(condition=condition)
            return rows if len(rows) >= count else None
        return wait_for(enough, f"{count} rows of rsyslog")

    def where(self):
        return {"kind": self.kind, "host": "127.0.0.1", "user": USER, "password": PASSWORD, "udp": self.rsyslog.udp, "tcp": self.rsyslog.tcp,
                **self.database.where()}


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in ("mariadb", "postgresql"):
        sys.exit("usage: system_events.py mariadb|postgresql [rsyslog.ciscoios]")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with SystemEvents(*sys.argv[1:]) as events:
        print(json.dumps(events.where()), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
