#!/usr/bin/python3
"""senders_test.py RECEIVER: what real senders make of a switch's line arrives, by each transport and framing, with every header there is."""
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

RECEIVER = sys.argv.pop(1) if len(sys.argv) > 1 and os.access(sys.argv[1], os.X_OK) else None
# syslog-ng-core and rsyslog exclude each other: scripts/install-deps.sh unpacks it aside
LOGGEN = "/usr/local/lib/garita-tests/syslog-ng"
PATIENCE = 60.0
MAC, OTHER = "0013.1a41.544e", "0013.1a41.5400"
TEXT = "%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address {} on port {}."
# switches.md, header variants on the wire: what stands before Cisco's message, and the names that are in it
HEADERS = [
    ("<189>2360957: Jan  6 2022 20:52:12.861: ", "-", "-"),
    ("<189>: Jan  6 2022 20:52:12.861: ", "-", "-"),
    ("<189>: sw01: Jan  6 2022 20:52:12.861: ", "-", "sw01"),
    ("<189>387448: host-01: May 6 16:13:09.123 UTC+07:30: ", "-", "host-01"),
    ("<190>3132517: 3132513: Jul 14 2023 08:23:43.398 UTC: ", "-", "-"),
    ("<190>3132811: sw01: 3132807: Jul 14 2023 08:23:43.398 UTC: ", "-", "sw01"),
    ("<190>3132517: sw01: 3132513: 2y10w: ", "-", "sw01"),
    ("<190>*Jul 14 2023 08:23:43.398: ", "-", "-"),
    ("<190>.Jan 14 08:23:43.398: ", "-", "-"),
    ("<190>3132517: 192.168.100.2 3132513: ", "-", "192.168.100.2"),
    ("<190>3132783: 2a02:cf40::: 3132779: ", "-", "2a02:cf40::"),
    ("<189>Jun 12 18:10:50 10.53.35.85 ", "10.53.35.85", "-"),
    ("<189>2024-10-11T10:15:31.208321-05:00 TestDevice ", "TestDevice", "-"),
    ("<186>", "-", "-"),
    ("00:54:45: ", "-", "-"),
    ("<186>1 2026-11-23T06:00:00.5Z sw01 - - - - ", "sw01", "-"),
]


class Receiver:
    """The program, with what it has said."""

    def __init__(self, test, *macs):
        self.folder = tempfile.mkdtemp(prefix="garita-senders-")
        test.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.certificate, key = (os.path.join(self.folder, name) for name in ("tls.crt", "tls.key"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate], check=True, capture_output=True)
        os.chmod(key, 0o600)
        self.process = subprocess.Popen([RECEIVER, self.certificate, key, *(macs or [MAC])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        test.addCleanup(self.stop)
        self.udp, self.tcp, self.tls = (int(port) for port in self.process.stdout.readline().split())
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.split())

    def next(self):
        return self.lines.get(timeout=PATIENCE)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


def until(condition, what):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    raise TimeoutError(what)


class Senders(unittest.TestCase):
    def setUp(self):
        self.receiver = Receiver(self)

    def heard(self, port, relayed=None, count=1):
        for _ in range(count):
            line = self.receiver.next()
            self.assertEqual(line[:3], ["00:13:1a:41:54:4e", port, "127.0.0.1"])
            if relayed:
                self.assertEqual(line[3].lower(), relayed.lower())

    def test_every_header_by_datagram(self):
        import socket
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(sender.close)
        for number, (header, relayed, origin) in enumerate(HEADERS, 1):
            for mac in (OTHER, MAC):
                sender.sendto((header + TEXT.format(mac, f"Gi1/0/{number}")).encode(), ("127.0.0.1", self.receiver.udp))
            self.assertEqual(self.receiver.next(), ["00:13:1a:41:54:4e", f"Gi1/0/{number}", "127.0.0.1", relayed, origin], header)

    def test_logger(self):
        host = os.uname().nodename
        port = 0
        for form in ("--rfc3164", "--rfc5424", "--rfc5424=notime", "--rfc5424=nohost"):
            for transport in (["--udp"], ["--tcp"], ["--tcp", "--octet-count"]):
                port += 1
                number = str(self.receiver.udp if transport == ["--udp"] else self.receiver.tcp)
                subprocess.run(["logger", "--server", "127.0.0.1", "--port", number, *transport, form, "-p", "local7.crit", "-t", "sw1",
                                TEXT.format(MAC, f"GigabitEthernet1/0/{port}")], check=True)
                self.heard(f"Gi1/0/{port}", None if "nohost" in form else host if "5424" in form else host.split(".")[0])

    def test_logger_sends_a_whole_file_over_one_connection(self):
        file = os.path.join(self.receiver.folder, "lines")
        with open(file, "w", encoding="utf-8") as lines:
            for number in range(1, 101):
                lines.write("%SYS-5-CONFIG_I: Configured from console by admin on vty0\n" * 9 + TEXT.format(MAC, f"Fa0/{number}") + "\n")
        for transport in ([], ["--octet-count"]):
            subprocess.run(["logger", "--server", "127.0.0.1", "--port", str(self.receiver.tcp), "--tcp", *transport, "-f", file], check=True)
            for number in range(1, 101):
                self.heard(f"Fa0/{number}")

    def rsyslogd(self, action):
        """A relay: takes datagrams, and sends them on as the action says. Returns where it listens."""
        import socket
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        config = os.path.join(self.receiver.folder, "rsyslog.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f'global(workDirectory="{self.receiver.folder}" defaultNetstreamDriverCAFile="{self.receiver.certificate}")\n'
                       f'module(load="imudp")\ninput(type="imudp" address="127.0.0.1" port="{port}")\n{action}\n')
        with open(os.path.join(self.receiver.folder, "rsyslog.log"), "wb") as log:
            daemon = subprocess.Popen(["/usr/sbin/rsyslogd", "-n", "-iNONE", "-f", config], stdout=log, stderr=log)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)
        hexadecimal = f"0100007F:{port:04X}"

        def listens():
            with open("/proc/net/udp", encoding="ascii") as sockets:
                return hexadecimal in sockets.read() or daemon.poll() is not None
        until(listens, "rsyslogd listens")
        self.assertIsNone(daemon.poll(), "rsyslogd runs")
        return port

    def relayed_by_rsyslogd(self, action, port="Gi1/0/7", count=20):
        import socket
        where = self.rsyslogd(action)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for number in range(count):
                sender.sendto((f"<186>{number}: *Mar  1 00:12:45.123: " + TEXT.format(MAC, port)).encode(), ("127.0.0.1", where))
        self.heard(port, count=count)

    def test_rsyslogd_by_udp(self):
        self.relayed_by_rsyslogd(f'action(type="omfwd" target="127.0.0.1" port="{self.receiver.udp}" protocol="udp")')

    def test_rsyslogd_by_tcp_with_lines(self):
        self.relayed_by_rsyslogd(f'action(type="omfwd" target="127.0.0.1" port="{self.receiver.tcp}" protocol="tcp" tcp_framing="traditional")')

    def test_rsyslogd_by_tcp_with_counts_and_the_new_header(self):
        self.relayed_by_rsyslogd(f'action(type="omfwd" target="127.0.0.1" port="{self.receiver.tcp}" protocol="tcp" tcp_framing="octet-counted" '
                                 'template="RSYSLOG_SyslogProtocol23Format")')

    def test_rsyslogd_by_tls(self):
        self.assertTrue(any(name.startswith("lmnsd_gtls") for name in os.listdir("/usr/lib/x86_64-linux-gnu/rsyslog")
                            if os.path.isdir("/usr/lib/x86_64-linux-gnu/rsyslog")), "rsyslog-gnutls is installed")
        self.relayed_by_rsyslogd(f'action(type="omfwd" target="127.0.0.1" port="{self.receiver.tls}" protocol="tcp" tcp_framing="octet-counted" '
                                 'StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="127.0.0.1")')

    def test_loggen(self):
        program = os.path.join(LOGGEN, "usr", "bin", "loggen")
        if not os.path.exists(program):
            self.skipTest(f"{program} is not there: scripts/install-deps.sh test")
        environment = {**os.environ, "SYSLOGNG_PREFIX": os.path.join(LOGGEN, "usr"), "LD_LIBRARY_PATH": os.path.join(LOGGEN, "usr", "lib", "syslog-ng")}
        lines = os.path.join(self.receiver.folder, "loggen.txt")
        count = 2000
        with open(lines, "w", encoding="utf-8") as file:
            for number in range(count):
                file.write(f"<186>{number}: *Mar  1 00:12:45.123: " + TEXT.format(MAC if number % 100 == 7 else OTHER, "Gi1/0/9") + "\n")
        for words in (["--inet", "--stream", str(self.receiver.tcp)], ["--inet", "--dgram", str(self.receiver.udp)]):
            subprocess.run([program, *words[:2], "--read-file", lines, "--dont-parse", "--number", str(count), "--rate", "20000", "--interval", "30", "127.0.0.1", words[2]],
                           check=True, capture_output=True, env=environment, timeout=PATIENCE)
            self.heard("Gi1/0/9", count=count // 100)


if __name__ == "__main__":
    if not RECEIVER:
        sys.exit("usage: senders_test.py RECEIVER")
    unittest.main()
