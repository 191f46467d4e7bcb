"""system_events_test.py mariadb|postgresql: from a frame at an emulated switch to a row of rsyslog's database."""
import os
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TESTS, "support"), os.path.join(TESTS, "emulators", "ios")]
from emulated import Switches  # noqa: E402
from system_events import SystemEvents  # noqa: E402

KIND = sys.argv.pop(1)
PC, STRANGER = "0011.2233.4455", "00aa.bbcc.dd01"
RESTRICT = ("interface Gi1/0/1\n switchport mode access\n switchport port-security violation restrict\n"
            f" switchport port-security mac-address {PC}\n switchport port-security\n")
TEXT = f"Security violation occurred, caused by MAC address {STRANGER} on port GigabitEthernet1/0/1."


class Rows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.events = SystemEvents(KIND).__enter__()
        cls.addClassCleanup(cls.events.__exit__)
        switch = {"name": "sw1", "address": "127.0.0.77", "config": RESTRICT, "syslog": {"target": ["127.0.0.1", cls.events.rsyslog.udp]}}
        cls.fleet = Switches([switch]).__enter__()
        cls.addClassCleanup(cls.fleet.__exit__)

    def violate(self, header):
        """The row that one violation makes: [id, host, tag, message]"""
        before = len(self.events.rows())
        self.fleet.ask("sw1", "syslog", header=header)
        self.fleet.ask("sw1", "frame", port="Gi1/0/1", mac=STRANGER)
        return [row for row in self.events.until(before + 1)[before:] if STRANGER in row[3]][0]

    def test_the_number_of_the_message_becomes_the_tag(self):
        _, host, tag, message = self.violate("plain")
        self.assertEqual(host, "127.0.0.77")
        self.assertRegex(tag, r"^\d+:$")
        self.assertTrue(message.endswith("%PORT_SECURITY-2-PSECURE_VIOLATION: " + TEXT))

    def test_without_a_header_the_mnemonic_is_in_the_tag_only(self):
        _, _, tag, message = self.violate("bare")
        self.assertEqual(tag, "%PORT_SECURITY-2-PSECURE_VIOLATION:")
        self.assertEqual(message.strip(), TEXT)

    def test_a_relayed_message_names_another_host(self):
        self.assertEqual(self.violate("relayed_iso")[1], "sw1")

    def test_quotes_and_backslashes_arrive(self):
        before = len(self.events.rows())
        self.events.send(b"<189>7: it's a \\ \"quoted\" ; DROP TABLE SystemEvents; --")
        self.assertEqual(self.events.until(before + 1)[before][3], " it's a \\ \"quoted\" ; DROP TABLE SystemEvents; --")

    def test_every_header_makes_one_row_in_which_tag_and_message_together_tell_all(self):
        for header in ("uptime", "year", "no_number", "origin", "zone", "two_numbers", "weeks", "clock_not_set", "clock_lost", "address", "address6",
                       "relayed"):
            row = self.violate(header)
            together = row[2] + row[3]
            self.assertIn("PORT_SECURITY-2-PSECURE_VIOLATION:", together, header)
            self.assertIn(STRANGER, together, header)


class OfCisco(unittest.TestCase):
    def test_the_parser_for_cisco_moves_the_mnemonic_to_the_tag(self):
        with SystemEvents(KIND, "rsyslog.ciscoios") as events:
            events.send(b"<186>41: *Mar  1 00:12:45.123: %PORT_SECURITY-2-PSECURE_VIOLATION: " + TEXT.encode())
            row = events.until(1)[0]
        self.assertIn("%PORT_SECURITY-2-PSECURE_VIOLATION", row[2])
        self.assertNotIn("%PORT_SECURITY", row[3])
        self.assertIn(STRANGER, row[3])


if __name__ == "__main__":
    unittest.main()
