"""Datagrams of log messages, Telnet's commands within what is typed, and the line editor."""
import random
import re
import socket
import unittest

from bench_switch import PC, SECURE, STRANGER, Typist
from ios_switch import loading
from ios_switch.editor import Typing
from ios_switch.log import HEADERS
from ios_switch.running_config import running_config
from ios_switch.session import Session
from ios_switch.telnet import Wire

MONTH = r"[A-Z][a-z]{2}"
TIME = r"\d\d:\d\d:\d\d"
EXPECTED = {
    "plain": rf"\d+: \*{MONTH} [ \d]\d {TIME}\.\d{{3}}: ", "uptime": rf"\d+: {TIME}: ", "year": rf"\d+: {MONTH} [ \d]\d \d{{4}} {TIME}\.\d{{3}}: ",
    "no_number": rf": {MONTH} [ \d]\d \d{{4}} {TIME}\.\d{{3}}: ", "origin": rf": sw1: {MONTH} .*: ", "zone": r"\d+: sw1: .* UTC\+07:30: ",
    "two_numbers": r"\d+: \d{6}: .* UTC: ", "two_numbers_origin": r"\d+: sw1: \d+: .* UTC: ", "weeks": r"\d+: sw1: \d+: 2y10w: ",
    "clock_not_set": rf"\*{MONTH} .*: ", "clock_lost": rf"\d+: \.{MONTH} [ \d]\d {TIME}: ", "address": r"\d+: 127\.0\.0\.1 \d+: .*: ",
    "address6": r"\d+: 2001:db8::: \d+: .*: ", "bare": "", "relayed": rf"{MONTH} [ \d]\d {TIME} 127\.0\.0\.1 ",
    "relayed_iso": rf"\d{{4}}-\d\d-\d\dT{TIME}\.\d+\+00:00 sw1 "}


class Datagrams(unittest.TestCase):
    def test_every_header(self):
        self.assertEqual(sorted(EXPECTED), sorted(HEADERS))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
            receiver.bind(("127.0.0.1", 0))
            receiver.settimeout(30)
            for header, pattern in EXPECTED.items():
                typist = Typist(SECURE.format(1) + " switchport port-security violation restrict\n")
                log = typist.switch.log
                log.target, log.header, log.port_names = receiver.getsockname(), header, "short"
                typist.frame(1, PC)
                typist.frame(1, STRANGER)
                body = f"%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address {STRANGER} on port Gi1/0/1."
                self.assertRegex(receiver.recv(2000).decode(), f"^<186>{pattern}{re.escape(body)}$", header)
                log.close()

    def test_tcp_and_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            log = Typist().switch.log
            log.target, log.transport = server.getsockname(), "tcp"
            for text in ("one", "two"):
                log.say(5, "SYS", "TEST", text)
            with server.accept()[0] as receiver, receiver.makefile("r") as lines:
                self.assertRegex(lines.readline() + lines.readline(), r"^<189>41: .*: %SYS-5-TEST: one\n<189>42: .*: %SYS-5-TEST: two\n$")
        log.close()
        log.say(5, "SYS", "TEST", "three")
        self.assertIsNone(log.socket)
        self.assertEqual(len(log.switch.logged), 3)


class Telnet(unittest.TestCase):
    def test_commands_are_taken_out_wherever_they_are_cut(self):
        sent = b"en\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0able\r\nx\r\x00\xff\xff\xff\xf1"
        for cut in range(len(sent)):
            wire = Wire()
            self.assertEqual(wire.text(sent[:cut]) + wire.text(sent[cut:]), b"enable\rx\r\xff")


class Editor(Typing):
    """What is entered, and what stands on the screen."""

    def __init__(self):
        super().__init__()
        self.shell = type("Shell", (), {"width": 40, "completions": lambda self, line: ["show", "shutdown"]})()
        self.out, self.lines = "", []
        self.begin_line("sw1#")

    def write(self, text):
        self.out += text

    def splice_echo(self):
        return ""

    def entered(self, line):
        self.lines.append(line)

    def interrupted(self, key):
        self.lines.append(None)

    def type(self, text, state="command"):
        self.input += text
        while self.input:
            self.type_on(state)
        return self


class Typed(unittest.TestCase):
    def test_corrections(self):
        self.assertEqual(Editor().type("shoq\x7fw\x7f\x7f\x7f\x7f\x7fexit\r").lines, ["exit"])
        self.assertEqual(Editor().type("bad line\x15show\r").lines, ["show"])
        self.assertEqual(Editor().type("show bad\x17clock\r").lines, ["show clock"])

    def test_secrets_are_not_echoed(self):
        editor = Editor().type("top\x7fsecret?\r", "secret")
        self.assertEqual((editor.lines, editor.out), (["tosecret?"], "\r\n"))

    def test_a_question_mark_asks_and_leaves_the_line(self):
        editor = Editor().type("sh?ow\r")
        self.assertEqual(editor.lines, ["show"])
        self.assertIn("sh?\r\nshow  shutdown\r\n\r\nsw1#show", editor.out)

    def test_a_long_line_never_goes_beyond_the_margin(self):
        editor = Editor().type("x" * 100)
        column = widest = len("sw1#")
        for character in editor.out:
            column += -1 if character == "\b" else 1
            widest = max(widest, column)
        self.assertLessEqual(widest, 40)
        self.assertEqual(editor.type("\r").lines, ["x" * 100])

    def test_there_is_an_end_to_every_line(self):
        self.assertEqual(len(Editor().type("x" * 1000 + "\r").lines[0]), 254)


class Loop:
    """Time stands still; what is to be done later is done at once."""

    def __init__(self):
        self.waiting = []

    def time(self):
        return 0.0

    def call_soon(self, call, *arguments):
        self.waiting.append((call, arguments))

    def call_later(self, seconds, call, *arguments):
        if seconds < 100:  # else it is the end of an idle session
            self.call_soon(call, *arguments)
        return type("Timer", (), {"cancel": lambda self: None})()

    def run(self):
        while self.waiting:
            call, arguments = self.waiting.pop(0)
            call(*arguments)


class Transport:
    def __init__(self):
        self.out, self.ended = b"", False

    def write(self, data):
        self.out += data

    def close(self):
        self.ended = True

    abort = close


LINES = ["configure terminal\r", "interface Gi1/0/1\r", "interface range gi1/0/1 - 3\r", "switchport port-security\r", "switchport mode access\r",
         f"switchport port-security mac-address {PC}\r", f"no switchport port-security mac-address sticky {PC}\r", "show run\r",
         "switchport port-security mac-address sticky\r", "switchport port-security maximum 3\r", "show mac address-table\r", "do sh port add\r", "end\r"]
WORDS = ["show", "sh", "running-config", "interface", "Gi1/0/1", "gi", "1/0/2", "conf", "t", "end", "exit", "enable", "secret", "do", "no", "|", "include", "(",
         "switchport", "port-security", "mac-address", "sticky", PC, STRANGER, "maximum", "1", "99999", "vlan", "voice", "shutdown", "write", "memory", "copy",
         "run", "start", "term", "len", "0", "clear", "range", "- 3", "description", "mode", "access", "trunk", "dynamic", "auto", "channel-group", "hostname",
         "\r", "\r", "\r", "\r", "?", "\t", "\x1a", "\x03", "\x7f", "\n", " ", "q", "é", "\udcff", "\x00", "x" * 300]


class Storm(unittest.TestCase):
    def test_nothing_that_is_typed_breaks_a_session(self):
        chosen = random.Random(7)
        for _ in range(60):
            typist, loop, transport = Typist(SECURE.format(1)), Loop(), Transport()
            typist.switch.modes.update(save_question=chosen.random() < 0.3, delay=chosen.choice([0, 0.01]), chunk=chosen.choice([0, 1]))
            session = Session(typist.switch, transport, typist.shell, loop)
            typist.shell.mode = chosen.choice(["user", "exec"])
            session.start()
            for _ in range(200):
                session.feed((chosen.choice(chosen.choice([WORDS, WORDS, LINES])) + chosen.choice([" ", "", "\r"])).encode("utf-8", "surrogateescape"))
                loop.run()
            self.assertTrue(transport.ended or session.state != "busy")
            self.assertEqual(transport.ended, session not in typist.switch.sessions)
            self.assertTrue(transport.ended or len(transport.out) > 100)
            loading.feed(Typist().switch, "\n".join(running_config(typist.switch, banner=False)))  # what it says it can read


if __name__ == "__main__":
    unittest.main()
