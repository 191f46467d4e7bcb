"""For tests: starts switches, talks to their control socket, and takes them down.

    with Switches([{"name": "sw1"}]) as fleet:
        fleet.ask("sw1", "frame", port="Gi1/0/1", mac="00:11:22:33:44:55")
"""
import json
import os
import socket
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


class Refused(Exception):
    pass


class Switches:
    """addresses: {name: {"address", "ssh", "telnet", "host_key", "fingerprint"}}"""

    def __init__(self, switches, **description):
        self.description = dict(description, switches=switches)

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-m", "ios_switch", "-"], cwd=HERE, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(self.description))
        self.process.stdin.close()
        ready = self.process.stdout.readline()
        if not ready:
            raise Refused(f"the emulator has ended with {self.process.wait()}")
        started = json.loads(ready)
        self.addresses = started["switches"]
        self.control = socket.create_connection(("127.0.0.1", started["control"]))
        self.answers = self.control.makefile("r")
        return self

    def __exit__(self, *_):
        self.answers.close()
        self.control.close()
        self.process.terminate()
        self.process.stdout.close()
        self.process.wait(20)

    def ask(self, switch, do, **request):
        self.control.sendall(json.dumps(dict(request, switch=switch, do=do)).encode() + b"\n")
        answer = json.loads(self.answers.readline())
        if not answer["ok"]:
            raise Refused(answer["error"])
        return answer["result"]

    def cpu(self):
        """Seconds of processor time that the emulator has taken."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
