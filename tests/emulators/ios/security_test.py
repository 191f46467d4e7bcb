"""What port security does with frames, and what it refuses."""
import unittest

from bench_switch import PC, PRINTER, SECURE, STRANGER, Typist
from ios_switch import link, loading
from ios_switch.running_config import running_config


def save(typist):
    typist.type("write memory")


class Frames(unittest.TestCase):
    def setUp(self):
        self.typist = Typist(SECURE.format(1) + SECURE.format(2))
        self.log = self.typist.switch.logged

    def security(self, number):
        return self.typist.port(number).security

    def test_the_first_address_is_learned_and_the_next_disables_the_port(self):
        self.assertEqual(self.typist.frame(1, PC), "learned")
        self.assertEqual(self.typist.frame(1, PC), "accepted")
        self.assertEqual(self.typist.frame(1, STRANGER), "violation")
        self.assertEqual(self.log[:2], [
            "%PM-4-ERR_DISABLE: psecure-violation error detected on Gi1/0/1, putting Gi1/0/1 in err-disable state",
            f"%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address {STRANGER} on port GigabitEthernet1/0/1."])
        self.assertEqual(self.typist.frame(1, PC), "port is down")
        self.assertEqual(self.security(1).addresses, [], "what was learned goes with the link")
        self.assertIn("Port Status                : Secure-shutdown", self.typist.type("show port-security interface Gi1/0/1"))

    def test_restrict_counts_and_protect_is_silent(self):
        self.typist.on(1, "switchport port-security violation restrict")
        self.typist.on(2, "switchport port-security violation protect")
        self.log.clear()
        for number in (1, 2):
            self.typist.frame(number, PC if number == 1 else PRINTER)
            self.assertEqual(self.typist.frame(number, STRANGER), "violation")
            self.assertTrue(self.typist.port(number).up)
        self.assertEqual([self.security(1).violations, self.security(2).violations], [1, 0])
        self.assertEqual(len(self.log), 1)

    def test_an_address_secured_elsewhere_violates_and_names_itself_the_last(self):
        self.assertEqual(self.typist.on(1, f"switchport port-security mac-address {PC}"), [])
        self.assertEqual(self.typist.frame(2, PC), "violation")
        self.assertEqual(self.security(2).last_mac, PC)

    def test_recovery_takes_shutdown_and_no_shutdown_and_trips_again(self):
        self.typist.frame(1, PC)
        self.typist.frame(1, STRANGER)
        self.typist.on(1, "no shutdown")
        self.assertEqual(self.typist.port(1).error, "psecure-violation", "no shutdown alone is nothing")
        self.typist.on(1, "shutdown", "no shutdown")
        self.assertEqual(self.typist.port(1).error, "psecure-violation", "both devices talk as soon as the link is up")
        self.typist.on(1, "switchport port-security maximum 2", f"switchport port-security mac-address {STRANGER}", "shutdown", "no shutdown")
        self.assertTrue(self.typist.port(1).up)

    def test_timed_recovery(self):
        self.typist.lines("conf t", "errdisable recovery cause psecure-violation", "end")
        timers = []
        self.typist.switch.later = lambda seconds, call: timers.append((seconds, call))
        self.typist.frame(1, PC)
        self.typist.frame(1, STRANGER)
        link.unplug(self.typist.switch, self.typist.port(1))
        self.assertEqual(timers[0][0], 300)
        timers[0][1]()
        self.assertIsNone(self.typist.port(1).error)
        self.assertIn("%PM-4-ERR_RECOVER: Attempting to recover from psecure-violation err-disable state on Gi1/0/1", self.log)

    def test_sticky_addresses_are_learned_into_the_configuration_and_lost_unsaved(self):
        self.typist.on(1, "switchport port-security mac-address sticky")
        save(self.typist)
        self.typist.frame(1, PC)
        line = f" switchport port-security mac-address sticky {PC}"
        self.assertIn(line, running_config(self.typist.switch))
        self.assertNotIn(line, self.typist.switch.startup)
        link.unplug(self.typist.switch, self.typist.port(1))
        self.assertEqual(len(self.security(1).addresses), 1, "sticky ones stay when the cable goes")
        loading.restart(self.typist.switch)
        self.assertEqual(self.security(1).addresses, [])
        self.assertTrue(self.security(1).sticky)

    def test_what_is_saved_survives_a_restart(self):
        self.typist.lines("conf t", "vlan 10", "name OFFICE", "end")
        self.typist.on(1, "switchport access vlan 10", "switchport voice vlan 20", "switchport port-security maximum 3",
                       "switchport port-security maximum 1 vlan access", "switchport port-security violation restrict",
                       "switchport port-security mac-address sticky", f"switchport port-security mac-address sticky {PC} vlan access",
                       f"switchport port-security mac-address {PRINTER} vlan voice", "switchport port-security aging time 5", "description desk 4")
        before = running_config(self.typist.switch, banner=False)
        save(self.typist)
        loading.restart(self.typist.switch)
        self.assertEqual(running_config(self.typist.switch, banner=False), before)

    def test_aging_lets_go_of_what_was_learned(self):
        self.typist.on(1, "switchport port-security aging time 2")
        self.typist.frame(1, PC)
        self.typist.switch.skipped += 121
        self.assertEqual(self.typist.frame(1, STRANGER), "learned")

    def test_the_table_shows_secured_addresses_as_static(self):
        self.typist.frame(1, PC)
        self.typist.frame(3, PRINTER)
        self.assertIn(f"   1    {PC}    STATIC      Gi1/0/1", self.typist.type("show mac address-table"))
        self.assertIn(f"   1    {PRINTER}    DYNAMIC     Gi1/0/3", self.typist.type("show mac address-table dynamic"))
        self.assertEqual(self.typist.type(f"show mac address-table address {STRANGER}")[-1], "Total Mac Addresses for this criterion: 0")


class Refusals(unittest.TestCase):
    def setUp(self):
        self.typist = Typist(SECURE.format(1) + SECURE.format(2) + "interface Gi1/0/3\n no switchport\n"
                             "interface Gi1/0/4\n switchport mode trunk\n channel-group 1 mode active\n")

    def refused(self, number, *lines):
        return self.typist.on(number, *lines)

    def test_ports_that_cannot_be_secure(self):
        self.assertEqual(self.refused(5, "switchport port-security"), ["Command rejected: GigabitEthernet1/0/5 is a dynamic port."])
        self.assertEqual(self.refused(3, "switchport port-security"), ["Command rejected: Gi1/0/3 not a switching port."])
        self.assertIn("EtherChannel", self.refused(4, "switchport port-security")[0])

    def test_a_secure_port_does_not_change_its_nature(self):
        for line in ("switchport mode dynamic auto", "no switchport", "channel-group 2 mode on", "no switchport mode"):
            self.assertIn("is a secure port", self.refused(1, line)[0], line)

    def test_duplicates(self):
        self.assertEqual(self.refused(1, f"switchport port-security mac-address {PC}"), [])
        said = [f"Found duplicate mac-address {PC}."]
        self.assertEqual(self.refused(1, f"switchport port-security mac-address {PC}"), said)
        self.assertEqual(self.refused(2, f"switchport port-security mac-address {PC}"), said)

    def test_a_learned_address_has_to_be_cleared_first(self):
        self.typist.frame(1, PC)
        line = f"switchport port-security mac-address {PC}"
        self.assertEqual(self.refused(1, line), [f"Found duplicate mac-address {PC}."])
        self.assertEqual(self.typist.type(f"clear port-security dynamic address {PC}"), [])
        self.assertEqual(self.refused(1, line), [])

    def test_the_maximum_holds(self):
        self.assertEqual(self.refused(1, f"switchport port-security mac-address {PC}", f"switchport port-security mac-address {PRINTER}"),
                         ["Total secure mac-addresses on interface GigabitEthernet1/0/1 has reached maximum limit."])
        self.assertEqual(self.refused(1, "switchport port-security maximum 2", f"switchport port-security mac-address {PRINTER}",
                                      "no switchport port-security maximum"),
                         ["Maximum is less than number of currently secured mac-addresses."])

    def test_the_voice_vlan_has_a_maximum_of_its_own(self):
        self.refused(1, "switchport voice vlan 20", "switchport port-security maximum 3", "switchport port-security maximum 1 vlan access")
        self.assertEqual(self.refused(1, f"switchport port-security mac-address {PC} vlan access",
                                      f"switchport port-security mac-address {PRINTER} vlan access",
                                      f"switchport port-security mac-address {PRINTER} vlan voice"),
                         ["Total secure mac-addresses on interface GigabitEthernet1/0/1 has reached maximum limit."])

    def test_sticky_needs_sticky_learning(self):
        line = f"switchport port-security mac-address sticky {PC}"
        self.assertIn("sticky learning is not enabled", self.refused(1, line)[0])
        self.assertEqual(self.refused(1, "switchport port-security mac-address sticky", line), [])

    def test_addresses_of_groups_are_none(self):
        self.assertIn("rejected", self.refused(1, "switchport port-security mac-address 0100.5e00.0001")[0])

    def test_no_takes_away_its_own_kind_only(self):
        self.refused(1, "switchport port-security mac-address sticky", f"switchport port-security mac-address sticky {PC}")
        self.assertIn("rejected", self.refused(1, f"no switchport port-security mac-address {PC}")[0])
        self.assertEqual(self.refused(1, f"no switchport port-security mac-address sticky {PC}"), [])

    def test_a_lying_switch_takes_everything_and_keeps_nothing(self):
        self.typist.switch.modes["lying"] = True
        before = running_config(self.typist.switch, banner=False)
        self.assertEqual(self.refused(1, f"switchport port-security mac-address {PC}", "shutdown", "description x"), [])
        self.assertEqual(running_config(self.typist.switch, banner=False), before)

    def test_a_save_may_fail_or_lie(self):
        self.refused(1, "description new")
        self.typist.switch.modes["save_error"] = "startup-config file open failed (Device or resource busy)"
        self.assertNotIn("[OK]", self.typist.type("write memory"))
        self.typist.switch.modes.update(save_error="", lying_save=True)
        self.assertIn("[OK]", self.typist.type("write memory"))
        self.assertEqual(self.typist.switch.startup, "")


if __name__ == "__main__":
    unittest.main()
