"""What is typed: abbreviations, the column of a mistake, modes and prompts."""
import unittest

from bench_switch import SECURE, Typist


class Grammar(unittest.TestCase):
    def setUp(self):
        self.typist = Typist(SECURE.format(1))

    def caret(self, line):
        said = self.typist.type(line)
        self.assertEqual(said[1:], ["% Invalid input detected at '^' marker.", ""])
        return said[0].index("^") - len(self.typist.shell.prompt())

    def test_abbreviations_mean_the_full_command(self):
        self.assertEqual(self.typist.type("sh port int g1/0/1"), self.typist.type("show port-security interface GigabitEthernet1/0/1"))
        self.assertEqual(self.typist.type("sh port int gi 1/0/1"), self.typist.type("show port-security interface GigabitEthernet 1/0/1"))

    def test_ambiguous_words_are_refused_with_the_line(self):
        self.assertEqual(self.typist.type("co t"), ['% Ambiguous command:  "co t"'])
        self.typist.type("conf t")
        self.assertEqual(self.typist.type("interface t1"), ['% Ambiguous command:  "interface t1"'])

    def test_the_exact_word_is_never_ambiguous(self):
        self.assertEqual(self.typist.type("show port-security interface"), ["% Incomplete command.", ""])
        self.assertEqual(self.typist.type("write memory")[-1], "[OK]")
        self.assertEqual(self.typist.type("write")[-1], "[OK]")

    def test_the_caret_stands_under_the_first_wrong_letter(self):
        self.assertEqual(self.caret("show fqo"), 6)
        self.assertEqual(self.caret("show port-security interfaze Gi1/0/1"), len("show port-security interfa"))
        self.assertEqual(self.caret("show port-security interface Gi1/0/77"), len("show port-security interface Gi"))
        self.assertEqual(self.caret("show clock now"), len("show clock "))
        self.typist.lines("conf t", "int gi1/0/1")
        self.assertEqual(self.caret("switchport port-security maximum 0"), len("switchport port-security maximum "))
        self.assertEqual(self.caret("switchport port-security mac-address 00:11:22:33:44:55"), len("switchport port-security mac-address "))

    def test_the_caret_counts_do(self):
        self.typist.type("conf t")
        self.assertEqual(self.caret("do show fqo"), len("do show f"))
        self.assertEqual(self.typist.shell.mode, "config")

    def test_a_single_unknown_word_is_looked_up_as_a_name(self):
        self.assertEqual(self.typist.type("frobnicate")[-1], "% Unknown command or computer name, or unable to find computer address")
        self.typist.type("conf t")
        self.caret("frobnicate")

    def test_users_may_not_see_or_change_the_configuration(self):
        typist = Typist(privilege=1)
        for line in ("configure terminal", "show running-config", "write memory", "copy running-config startup-config"):
            self.assertIn("% Invalid input detected at '^' marker.", typist.type(line), line)
        self.assertEqual(typist.type("show port-security")[0][:11], "Secure Port")

    def test_enable_asks_three_times(self):
        typist = Typist(privilege=1)
        self.assertEqual(typist.type("enable", "a", "b", "c"), ["Password: "] * 3 + ["% Bad secrets", ""])
        self.assertEqual(typist.switch.counts["refused_enables"], 3)
        typist.type("enable", "secret")
        self.assertEqual(typist.shell.prompt(), "sw1#")

    def test_an_interface_takes_global_commands_and_leaves(self):
        self.typist.lines("conf t", "int gi1/0/1")
        self.assertEqual(self.typist.shell.prompt(), "sw1(config-if)#")
        self.assertEqual(self.typist.type("errdisable recovery interval 30"), [])
        self.assertEqual(self.typist.shell.prompt(), "sw1(config)#")
        self.assertEqual(self.typist.switch.recovery_interval, 30)

    def test_long_names_are_cut_in_configuration_modes_only(self):
        self.typist.lines("conf t", "hostname abcdefghijklmnopqrstuvwxyz")
        self.assertEqual(self.typist.shell.prompt(), "abcdefghijklmnopqrst(config)#")
        self.typist.type("int gi1/0/1")
        self.assertEqual(self.typist.shell.prompt(), "abcdefghijklmnopqrst(config-)#")
        self.assertEqual(len(self.typist.shell.prompt()), 30)
        self.typist.type("end")
        self.assertEqual(self.typist.shell.prompt(), "abcdefghijklmnopqrstuvwxyz#")

    def test_authorization_is_refused_by_full_command(self):
        self.typist.switch.modes["deny"] = ["^terminal length", "^show running-config"]
        for line in ("term len 0", "sh run", "sh run int gi1/0/1", "sh run | inc host"):
            self.assertEqual(self.typist.type(line), ["Command authorization failed.", ""], line)
        self.assertEqual(self.typist.shell.length, 24)

    def test_a_locked_configuration_says_by_whom(self):
        self.typist.switch.modes["config_locked"] = "maria"
        self.assertIn("locked exclusively by user 'maria'", self.typist.type("conf t")[0])
        self.assertEqual(self.typist.shell.prompt(), "sw1#")

    def test_filters(self):
        self.assertEqual(self.typist.type("show run | include hostname"), ["hostname sw1"])
        self.assertEqual(self.typist.type("sh run | sec interface GigabitEthernet1/0/1$"),
                         ["interface GigabitEthernet1/0/1", " switchport mode access", " switchport port-security"])
        self.assertEqual(self.typist.type("show run | count ^interface"), ["Number of lines which match regexp = 13"])

    def test_a_copy_asks_for_the_name(self):
        said = self.typist.type("copy running-config startup-config", "")
        self.assertEqual(said, ["Destination filename [startup-config]? ", "Building configuration...", "[OK]"])
        self.assertIn("No such file", self.typist.type("copy run start", "other")[-1])

    def test_the_question_mark_lists_what_may_follow(self):
        self.assertEqual(self.typist.shell.completions("show port-security "), ["address", "interface", "<cr>"])
        self.assertEqual(self.typist.shell.completions("show po"), ["port-security", "power"])


if __name__ == "__main__":
    unittest.main()
