"""Netmiko, which knows real switches, does whole sessions on the emulated one: over SSH and over Telnet."""
import unittest
import warnings

from emulated import Switches

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from netmiko import ConnectHandler

PC = "0011.2233.4455"
PORT = "interface Gi1/0/1\n switchport mode access\n switchport port-security\n"


class Netmiko(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        warnings.simplefilter("ignore")
        name = "a-switch-with-a-rather-long-name"
        switch = {"name": "sw1", "telnet": 0, "config": f"hostname {name}\n" + PORT, "banner_motd": "Keep out! #1>"}
        cls.fleet = Switches([switch]).__enter__()
        cls.address = cls.fleet.addresses["sw1"]

    @classmethod
    def tearDownClass(cls):
        cls.fleet.__exit__()

    def session(self, kind, port):
        with ConnectHandler(device_type=kind, host=self.address["address"], port=port, username="admin", password="admin", secret="secret",
                            fast_cli=kind == "cisco_ios", timeout=60) as link:
            link.enable()
            self.assertIn("Cisco IOS Software", link.send_command("show version"))
            said = link.send_config_set(["interface Gi1/0/1", f"switchport port-security mac-address {PC}", "switchport port-security maximum 0"])
            self.assertIn("% Invalid input detected at '^' marker.", said)
            self.assertIn(f"switchport port-security mac-address {PC}", link.send_command("show running-config interface Gi1/0/1"))
            self.assertIn("[OK]", link.save_config())
            self.assertTrue(link.check_enable_mode())

    def check_saved(self):
        self.assertIn(f"port-security mac-address {PC}", self.fleet.ask("sw1", "startup"))
        self.fleet.ask("sw1", "configure", text=f"interface Gi1/0/1\n no switchport port-security mac-address {PC}\n", save=True)
        self.assertEqual(self.fleet.ask("sw1", "counts")["refused_enables"], 0)

    def test_wrong_passwords_are_counted(self):
        for kind, port in (("cisco_ios", "ssh"), ("cisco_ios_telnet", "telnet")):
            before = self.fleet.ask("sw1", "counts")["refused_logins"]
            with self.assertRaises(Exception):
                ConnectHandler(device_type=kind, host=self.address["address"], port=self.address[port], username="admin", password="wrong",
                               fast_cli=True, timeout=30)
            self.assertGreater(self.fleet.ask("sw1", "counts")["refused_logins"], before, kind)

    def test_ssh(self):
        self.session("cisco_ios", self.address["ssh"])
        self.check_saved()

    def test_telnet(self):
        self.session("cisco_ios_telnet", self.address["telnet"])
        self.check_saved()


if __name__ == "__main__":
    unittest.main()
