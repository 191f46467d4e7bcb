"""Where the columns of `show` begin, as real switches print them: programs read them by their place."""
import unittest

from bench_switch import PC, PRINTER, SECURE, STRANGER, Typist

CONFIG = ("vlan 10\n name OFFICE\n" + SECURE.format(1) + " switchport access vlan 10\n description A name of more than 18\n" + SECURE.format(2)
          + "interface Gi1/0/3\n no switchport\n description Management\n"
          + "".join(f"interface Gi1/0/{n}\n switchport mode trunk\n channel-group 1 mode active\n" for n in (4, 5, 6, 7)))


class Layouts(unittest.TestCase):
    def setUp(self):
        self.typist = Typist(CONFIG)
        for number in (4, 5, 6, 7):
            self.typist.port(number).carrier = True
        self.typist.frame(1, PC)
        self.typist.frame(2, PRINTER)
        self.typist.frame(2, STRANGER)

    def row(self, command, start):
        found = [line for line in self.typist.type(command) if line.startswith(start)]
        self.assertEqual(len(found), 1, f"{command}: {start}")
        return found[0]

    def cells(self, row, *columns):
        """What stands from each column to the next."""
        return [row[start:end].strip() for start, end in zip(columns, columns[1:] + (None,))]

    def test_interfaces_status(self):
        columns = (0, 10, 29, 42, 53, 60, 67)
        self.assertEqual(self.cells(self.typist.type("show interfaces status")[1], *columns),
                         ["Port", "Name", "Status", "Vlan", "Duplex", "Speed", "Type"])
        for start, cells in (("Gi1/0/1 ", ["Gi1/0/1", "A name of more tha", "connected", "10", "a-full", "a-1000", "10/100/1000BaseTX"]),
                             ("Gi1/0/2", ["Gi1/0/2", "", "err-disabled", "1", "auto", "auto", "10/100/1000BaseTX"]),
                             ("Gi1/0/3", ["Gi1/0/3", "Management", "notconnect", "routed", "auto", "auto", "10/100/1000BaseTX"]),
                             ("Po1", ["Po1", "", "connected", "trunk", "a-full", "a-1000", ""])):
            self.assertEqual(self.cells(self.row("show interfaces status", start), *columns), cells)

    def test_err_disabled(self):
        self.assertEqual(self.cells(self.row("show interfaces status err-disabled", "Gi1/0/2"), 0, 10, 29, 43),
                         ["Gi1/0/2", "", "err-disabled", "psecure-violation"])

    def test_port_security_of_an_interface(self):
        said = self.typist.type("show port-security interface Gi1/0/2")
        self.assertEqual(said[:2] + said[-3:], ["Port Security              : Enabled", "Port Status                : Secure-shutdown",
                                                f"Last Source Address:Vlan   : {STRANGER}:1", "Security Violation Count   : 1", ""])
        self.assertTrue(all(line[26:29] == " : " for line in said[:-1]))
        self.assertEqual(len(said), 13)

    def test_secured_addresses(self):
        row = self.row("show port-security address", "  10")
        self.assertEqual(self.cells(row, 0, 8, 26, 56, 64), ["10", PC, "SecureDynamic", "Gi1/0/1", "-"])

    def test_tables_of_addresses(self):
        switch = self.typist.switch
        self.assertEqual(self.row("show mac address-table", "  10"), f"  10    {PC}    STATIC      Gi1/0/1")
        switch.settings.mac_layout = "xl"
        self.assertEqual(self.row("show mac-address-table", PC), f"{PC}       Secure          10  GigabitEthernet1/0/1")
        self.assertIn("% Invalid input detected at '^' marker.", self.typist.type("show mac address-table"))
        switch.settings.mac_layout = "cat4500"
        self.assertEqual(self.row("show mac address-table", "  10"), f"  10      {PC}    static ip,ipx,assigned,other GigabitEthernet1/0/1")
        switch.settings.mac_layout = "cat6500"
        self.assertEqual(self.row("show mac address-table", "S"), f"S      10 {PC}   static  No         -     Gi1/0/1")

    def test_etherchannels(self):
        said = self.typist.type("show etherchannel summary")
        self.assertEqual(said[-2:], ["1      Po1(SU)         LACP      Gi1/0/4(P)     Gi1/0/5(P)     Gi1/0/6(P)     ", " " * 33 + "Gi1/0/7(P)     "])
        self.typist.frame(4, "0000.5e00.5301")
        self.assertIn("Po1", self.row("show mac address-table", "   1    0000.5e00.5301"))

    def test_switchport(self):
        said = self.typist.type("show interfaces Gi1/0/1 switchport")
        for line in ("Name: Gi1/0/1", "Administrative Mode: static access", "Operational Mode: static access", "Access Mode VLAN: 10 (OFFICE)",
                     "Voice VLAN: none", "Trunking VLANs Enabled: ALL"):
            self.assertIn(line, said)
        self.assertIn("Operational Mode: trunk (member of bundle Po1)", self.typist.type("show interfaces Gi1/0/4 switchport"))
        self.assertEqual(self.typist.type("show interfaces Gi1/0/3 switchport"), ["Name: Gi1/0/3", "Switchport: Disabled", ""])

    def test_long_lists_of_vlans_go_on_in_the_next_line(self):
        self.typist.on(8, "switchport trunk allowed vlan " + ",".join(str(n) for n in range(100, 140, 2)))
        said = self.typist.type("show interfaces Gi1/0/8 switchport")
        at = next(n for n, line in enumerate(said) if line.startswith("Trunking VLANs Enabled"))
        self.assertTrue(said[at].endswith(",") and said[at + 1].startswith("     1"))
        self.assertTrue(max(len(line) for line in said) < 80)


if __name__ == "__main__":
    unittest.main()
