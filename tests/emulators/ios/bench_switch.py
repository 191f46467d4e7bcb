"""For unit tests: a switch without a network, typed at directly."""
from ios_switch import link, loading
from ios_switch.commands import TREES
from ios_switch.log import Log
from ios_switch.shell import Ask, Raw, Shell
from ios_switch.state import Switch

PORTS = [f"GigabitEthernet1/0/{n}" for n in range(1, 13)] + ["TenGigabitEthernet1/0/1"]
PC, PRINTER, STRANGER = "0011.2233.4455", "0011.2233.4466", "00aa.bbcc.dd01"
SECURE = "interface Gi1/0/{}\n switchport mode access\n switchport port-security\n"


class Typist:
    """type(line, *answers) returns what the switch says."""

    def __init__(self, config="", privilege=15):
        self.switch = Switch("sw1", PORTS)
        Log(self.switch)
        loading.feed(self.switch, config)
        self.shell = Shell(self.switch, TREES, "admin", privilege)

    def type(self, line, *answers):
        said, given = [], list(answers)
        steps, answer = self.shell.execute(line), None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration:
                return said
            answer = None
            if isinstance(step, list):
                said += step
            elif isinstance(step, Raw):
                said.append(step.text.strip())
            elif isinstance(step, Ask):
                said.append(step.prompt)
                answer = given.pop(0)

    def lines(self, *lines):
        return [said for line in lines for said in self.type(line)]

    def port(self, number):
        return self.switch.ports[f"GigabitEthernet1/0/{number}"]

    def on(self, number, *lines):
        """Lines in the configuration of a port, from outside of it."""
        return self.lines("configure terminal", f"interface Gi1/0/{number}", *lines, "end")[1:]

    def frame(self, number, mac, voice=False):
        port = self.port(number)
        port.carrier = True
        if (mac, voice) not in port.attached:
            port.attached.append((mac, voice))
        return link.frame(self.switch, port, mac, voice)
