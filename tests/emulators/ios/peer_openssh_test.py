"""OpenSSH's client on the emulated switch, as a person would use it, and as Garita will meet it on bad days."""
import os
import re
import socket
import tempfile
import unittest

from emulated import Switches
from openssh import PATIENCE, OpenSsh

PC, STRANGER = "0011.2233.4455", "00aa.bbcc.dd01"
PORT = "vlan 10\n name OFFICE\ninterface Gi1/0/1\n switchport access vlan 10\n switchport mode access\n switchport port-security\n"
LEGACY = ("-oKexAlgorithms=+diffie-hellman-group1-sha1", "-oHostKeyAlgorithms=+ssh-rsa", "-oCiphers=+aes128-cbc", "-oMACs=+hmac-sha1")
ENDED = "(?i)closed|reset|broken"
ADMIN = {"admin": {"password": "admin", "privilege": 15}}


class OnOne(unittest.TestCase):
    """One process with one switch for each test."""
    settings = {}

    def setUp(self):
        self.syslog = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.syslog.bind(("127.0.0.1", 0))
        self.syslog.settimeout(PATIENCE)
        self.addCleanup(self.syslog.close)
        switch = {"name": "sw1", "config": PORT, "users": ADMIN, "syslog": {"target": self.syslog.getsockname()}, **self.settings}
        self.fleet = Switches([switch]).__enter__()
        self.addCleanup(self.fleet.__exit__)
        self.address = self.fleet.addresses["sw1"]

    def ask(self, do, **request):
        return self.fleet.ask("sw1", do, **request)

    def ssh(self, *options, **how):
        return OpenSsh(self.address["address"], self.address["ssh"], *options, **how)

    def frame(self, mac):
        return self.ask("frame", port="Gi1/0/1", mac=mac)


class Story(OnOne):
    def violate(self):
        self.frame(PC)
        self.ask("unplug", port="Gi1/0/1")
        self.ask("configure", text=f"interface Gi1/0/1\n switchport port-security mac-address {PC}\n")
        self.assertEqual(self.frame(STRANGER), "violation")
        while True:
            message = self.syslog.recv(2000).decode()
            if "PSECURE_VIOLATION" in message:
                return message

    def test_from_the_violation_to_the_saved_configuration(self):
        self.assertRegex(self.violate(), r"^<186>\d+: \*\w{3} [ \d]\d [\d:.]+: %PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, "
                                         rf"caused by MAC address {STRANGER} on port GigabitEthernet1/0/1\.$")
        with self.ssh() as ssh:
            ssh.log_in()
            ssh.type("terminal length 0")
            self.assertIn("Secure-shutdown", ssh.type("show port-security interface Gi1/0/1"))
            ssh.type("configure terminal")
            ssh.type("interface Gi1/0/1")
            self.assertIn("has reached maximum limit", ssh.type(f"switchport port-security mac-address {STRANGER}"))
            for line in (f"no switchport port-security mac-address {PC}", f"switchport port-security mac-address {STRANGER}", "shutdown", "no shutdown"):
                self.assertRegex(ssh.type(line), rf"^{line}\r\nsw1\(config-if\)#$")
            ssh.type("end", r"sw1#$")
            self.assertIn("Secure-up", ssh.type("show port-security interface Gi1/0/1"))
            self.assertIn("[OK]\r\nsw1#", ssh.type("write memory", r"\]\r\nsw1#$"))
            ssh.send("exit\r")
            ssh.to_the_end()
        self.ask("restart")
        self.assertEqual([one["mac"] for one in self.ask("port", port="Gi1/0/1")["security"]["addresses"]], [STRANGER])
        counts = self.ask("counts")
        self.assertEqual([counts["logins"], counts["saves"], counts["sessions"]], [1, 1, 0])

    def test_pages_and_their_erasure(self):
        with self.ssh() as ssh:
            ssh.log_in()
            page = ssh.type("show running-config", "--More-- ")
            self.assertEqual(page.count("\r\n"), 24)
            ssh.send("\r")
            self.assertTrue(ssh.until("--More-- ").startswith("\b" * 9 + " " * 8 + "\b" * 9))
            ssh.send("q")
            ssh.until(r"sw1#$")

    def test_a_question_is_answered_by_a_key(self):
        self.ask("modes", set={"save_question": True})
        with self.ssh() as ssh:
            ssh.log_in()
            ssh.type("write memory", r"\[confirm\]")
            ssh.send("n")
            ssh.until("sw1#$")
            self.assertEqual(self.ask("counts")["saves"], 0)
            ssh.type("write memory", r"\[confirm\]")
            ssh.send("\r")
            ssh.until(r"\[OK\]\r\nsw1#$")

    def test_long_lines_scroll(self):
        with self.ssh() as ssh:
            ssh.log_in()
            ssh.type("configure terminal")
            ssh.type("interface Gi1/0/1")
            long = "description " + "abcdefghij" * 8
            self.assertIn("\b$", ssh.type(long, r"\r\n.*#$"))
            ssh.type("do terminal width 0", r"#$")
            self.assertIn(long, ssh.type(long, r"\r\n.*#$"))
        self.assertEqual(self.ask("port", port="Gi1/0/1")["description"], "abcdefghij" * 8)

    def test_a_log_line_in_the_middle(self):
        for where in ("echo", "output", "prompt"):
            self.ask("modes", set={"splice": {"where": where, "text": "*Mar  1 00:00:01: %SYS-5-TEST: here#"}})
            with self.ssh() as ssh:
                ssh.log_in()
                if where != "prompt":
                    ssh.send("show clock\r")
                ssh.until(r"%SYS-5-TEST: here#\r\n")

    def test_the_own_change_is_told_after_the_prompt(self):
        with self.ssh() as ssh:
            ssh.log_in()
            for line in ("terminal monitor", "configure terminal"):
                ssh.type(line)
            ssh.send("end\r")
            self.assertIn("end\r\nsw1#\r\n*", ssh.until(r"%SYS-5-CONFIG_I: Configured from console by admin on vty0 \(127\.0\.0\.1\)\r\n"))


    def test_a_command_without_a_terminal(self):
        with self.ssh(command="show clock") as ssh:
            ssh.until("assword: ")
            ssh.send("admin\r")
            self.assertRegex(ssh.to_the_end(), r"\*\d\d:\d\d:\d\d\.\d{3} UTC")

    def test_whoever_talks_is_learned_again_at_once(self):
        self.frame(PC)
        self.ask("modes", set={"chatter": True})
        with self.ssh() as ssh:
            ssh.log_in()
            ssh.type(f"clear port-security dynamic address {PC}")
            for line in ("configure terminal", "interface Gi1/0/1"):
                ssh.type(line)
            self.assertIn("Found duplicate", ssh.type(f"switchport port-security mac-address {PC}"))


class Faults(OnOne):
    def test_wrong_passwords_are_counted_and_three_are_enough(self):
        with self.ssh("-oNumberOfPasswordPrompts=5") as ssh:
            for _ in range(3):
                ssh.until("assword: ")
                ssh.send("wrong\r")
            self.assertRegex(ssh.to_the_end(), ENDED)
        self.assertEqual([self.ask("counts")[name] for name in ("refused_logins", "logins")], [3, 0])

    def test_no_line_is_free(self):
        for refusal, seen in (("banner", ENDED), ("close", ENDED), ("text", "CLI session limit reached")):
            self.ask("modes", reset=True, set={"vty": 0, "refusal": refusal})
            with self.ssh() as ssh:
                if refusal == "text":
                    ssh.until("assword: ")
                    ssh.send("admin\r")
                self.assertRegex(ssh.to_the_end(), seen)
        self.assertEqual(self.ask("counts")["refused_sessions"], 3)

    def test_a_line_is_free_again_when_its_session_is_gone(self):
        self.ask("modes", set={"vty": 1})
        for _ in range(2):
            with self.ssh() as ssh:
                ssh.log_in()
                self.assertEqual(self.ask("counts")["sessions"], 1)
                ssh.send("exit\r")
                ssh.to_the_end()

    def test_it_dies_after_so_many_lines_with_or_without_carrying_out_the_last(self):
        for executes in (True, False):
            self.ask("modes", set={"die_after": 3, "die_executes": executes})
            with self.ssh() as ssh:
                ssh.log_in()
                ssh.type("configure terminal")
                ssh.type("interface Gi1/0/1")
                ssh.send(f"description {executes}\r")
                self.assertRegex(ssh.to_the_end(), ENDED)
            self.assertEqual(self.ask("port", port="Gi1/0/1")["description"], "True")

    def test_it_hangs_in_the_middle_of_an_output(self):
        self.ask("modes", set={"hang": {"command": "show running", "bytes": 40}})
        with self.ssh() as ssh:
            ssh.log_in()
            ssh.send("show running-config\r")
            came = ssh.until("show running-config(.|\n){21}")
            ssh.send("\r")
            self.ask("counts")  # the switch has had time for more
            self.assertNotIn("hostname", came + ssh.seen)
            self.ask("kill_sessions")
            self.assertNotIn("hostname", ssh.to_the_end())

    def test_pieces_of_one_byte_are_the_same_text(self):
        self.ask("modes", set={"chunk": 1})
        with self.ssh() as ssh:
            ssh.log_in()
            self.assertIn("! Last configuration change", ssh.type("show running-config | include configuration", r"change.*\r\nsw1#$"))

    def test_an_idle_session_is_closed(self):
        self.ask("settings", set={"exec_timeout": 0.5})
        with self.ssh() as ssh:
            ssh.until("assword: ")
            ssh.send("admin\r")
            ssh.to_the_end()
        self.assertEqual(self.ask("counts")["logins"], 1)

    def test_another_host_key_is_noticed(self):
        with tempfile.TemporaryDirectory() as folder:
            known = os.path.join(folder, "known")
            with open(known, "w", encoding="ascii") as file:
                file.write(f"[{self.address['address']}]:{self.address['ssh']} {self.address['host_key']}\n")
            with self.ssh(known_hosts=known) as ssh:
                ssh.log_in()
            self.ask("new_host_key")
            with self.ssh(known_hosts=known) as ssh:
                self.assertIn("HAS CHANGED", ssh.to_the_end())


class Banners(OnOne):
    settings = {"banner_login": "Property of ACME #1\nsw1#", "banner_motd": "Maintenance tonight>", "banner_exec": "Line of sw1#\nask for > it"}

    def test_each_in_its_place(self):
        with self.ssh() as ssh:
            self.assertIn("ACME #1\r\nsw1#", ssh.until("assword: "))
            ssh.send("admin\r")
            self.assertRegex(ssh.until(r"it\r\n\r\nsw1#$"), r"tonight>\r\n\r\nLine of sw1#\r\nask for > it\r\n\r\nsw1#$")


class Legacy(OnOne):
    settings = {"algorithms": "legacy"}

    def test_old_algorithms_have_to_be_asked_for(self):
        with self.ssh() as ssh:
            self.assertIn("no matching key exchange method found", ssh.to_the_end())
        with self.ssh(*LEGACY) as ssh:
            self.assertTrue(re.search(r"sw1#$", ssh.log_in()))


if __name__ == "__main__":
    unittest.main()
