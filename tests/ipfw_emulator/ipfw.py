#!/usr/bin/python3
"""A strict stand-in for FreeBSD's ipfw: tables of addresses, pipes, batches; nothing else.

What is not understood is refused, as the real one does it: with its exit codes and texts. State is kept in a file
beside this one ("state"), options in another ("generation": "old" answers as a kernel of 2014 does). Every call is
written to "calls", one a line. Run under the name of any file in a directory of its own.
"""

import fcntl
import ipaddress
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
EX_USAGE, EX_DATAERR, EX_NOHOST, EX_OSERR = 64, 65, 68, 71
MOST_LINE = 4095
PANIC = 139


class Refusal(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code
        self.text = text


def path(name):
    return os.path.join(HERE, name)


def old():
    try:
        with open(path("generation")) as file:
            return file.read().strip() == "old"
    except FileNotFoundError:
        return False


class Firewall:
    def __init__(self, state):
        self.tables = state.get("tables", {})
        self.pipes = state.get("pipes", {})
        self.references = state.get("references", [])

    def state(self):
        return {"tables": self.tables, "pipes": self.pipes, "references": self.references}

    # one command, without the word "ipfw"
    def run(self, words, quiet):
        if not words:
            raise Refusal(EX_USAGE, "usage: ipfw [options]")
        if words[0] == "table":
            return self.table(words[1:], quiet)
        if words[0] == "pipe":
            return self.pipe(words[1:])
        raise Refusal(EX_USAGE, "bad command `%s'" % words[0])

    def table(self, words, quiet):
        if len(words) < 2:
            raise Refusal(EX_USAGE, "table needs name and command")
        name, verb, rest = words[0], words[1], words[2:]
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,63}", name):
            raise Refusal(EX_USAGE, "table name %s is invalid" % name)
        verbs = {"create": self.create, "destroy": self.destroy, "add": self.add, "delete": self.delete,
                 "list": self.list, "info": self.info, "flush": self.flush, "swap": self.swap}
        if verb not in verbs:
            raise Refusal(EX_USAGE, "Unknown table command %s" % verb)
        return verbs[verb](name, rest, quiet)

    def get(self, name, what):
        if name not in self.tables:
            raise Refusal(EX_OSERR, "%s: No such process" % what)
        return self.tables[name]

    def create(self, name, rest, quiet):
        table = {"limit": 0, "entries": {}}
        i = 0
        while i < len(rest):
            if i + 1 >= len(rest):
                raise Refusal(EX_USAGE, "%s needs a value" % rest[i])
            option, value = rest[i], rest[i + 1]
            if option == "type" and value == "addr":
                table["type"] = value
            elif option == "limit" and value.isdigit():
                table["limit"] = int(value)
            elif option == "algo" and value in ("addr:hash", "addr:radix"):
                table["algo"] = value
            else:
                raise Refusal(EX_USAGE, "unknown option %s %s" % (option, value))
            i += 2
        if "type" not in table:
            raise Refusal(EX_USAGE, "table type is needed")
        if name in self.tables:
            if quiet and not old():
                return ""
            raise Refusal(EX_OSERR, "Table creation failed: File exists")
        self.tables[name] = table
        return ""

    def destroy(self, name, rest, quiet):
        self.nothing_more(rest)
        if name not in self.tables:
            if quiet and not old():
                return ""
            raise Refusal(EX_OSERR, "failed to destroy table %s: No such process" % name)
        if name in self.references:
            raise Refusal(EX_OSERR, "failed to destroy table %s: Device or resource busy" % name)
        del self.tables[name]
        return ""

    def key(self, text):
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise Refusal(EX_NOHOST, "hostname ``%s'' unknown" % text)
        return str(network)

    def add(self, name, rest, quiet):
        if len(rest) not in (1, 2):
            # a kernel of 2014 went down when one such line mixed known and new values
            raise Refusal(PANIC if len(rest) > 2 else EX_USAGE, "add takes one entry a line here")
        table = self.get(name, "Adding record failed")
        key, value = self.key(rest[0]), rest[1] if len(rest) == 2 else "0"
        if not value.isdigit() or int(value) > 0xFFFFFFFF:
            raise Refusal(EX_DATAERR, "%s is no value" % value)
        entries = table["entries"]
        if key in entries:
            if not quiet:
                raise Refusal(EX_OSERR, "Adding record failed: record already exists")
        elif table["limit"] and len(entries) >= table["limit"]:
            raise Refusal(EX_OSERR, "Adding record failed: limit hit")
        entries[key] = int(value)
        return ""

    def delete(self, name, rest, quiet):
        if len(rest) != 1:
            raise Refusal(PANIC if len(rest) > 1 else EX_USAGE, "delete takes one entry a line here")
        table = self.get(name, "Deleting record failed")
        key = self.key(rest[0])
        if key not in table["entries"]:
            if quiet and not old():
                return ""
            raise Refusal(EX_OSERR, "Deleting record failed: record not found")
        del table["entries"][key]
        return ""

    def list(self, name, rest, quiet):
        self.nothing_more(rest)
        table = self.get(name, "failed to request table info")
        return "".join("%s %d\n" % item for item in table["entries"].items())

    def info(self, name, rest, quiet):
        self.nothing_more(rest)
        table = self.get(name, "failed to request table info")
        return ("--- table(%s), set(0) ---\n kindex: 1, type: addr\n references: %d, valtype: legacy\n"
                " algorithm: addr:radix\n items: %d, size: %d\n" %
                (name, self.references.count(name), len(table["entries"]), 296 + 96 * len(table["entries"])))

    def flush(self, name, rest, quiet):
        self.nothing_more(rest)
        self.get(name, "failed to flush table")["entries"] = {}
        return ""

    def swap(self, name, rest, quiet):
        if len(rest) != 1:
            raise Refusal(EX_USAGE, "second table name required")
        one, other = self.get(name, "failed to swap tables"), self.get(rest[0], "failed to swap tables")
        if one["type"] != other["type"]:
            raise Refusal(EX_OSERR, "failed to swap tables: Invalid argument")
        self.tables[name], self.tables[rest[0]] = other, one
        return ""

    def nothing_more(self, rest):
        if rest:
            raise Refusal(EX_USAGE, "unexpected %s" % rest[0])

    def pipe(self, words):
        if words == ["list"] or words == ["show"]:
            return "".join(self.told(number) for number in sorted(self.pipes, key=int))
        if len(words) >= 2 and words[0] == "delete":
            words = [words[1], words[0]] + words[2:]
        if len(words) < 2 or not words[0].isdigit() or not 0 < int(words[0]) < 65536:
            raise Refusal(EX_DATAERR, "pipe number must be between 1 and 65535")
        number, verb, rest = words[0], words[1], words[2:]
        if verb == "delete":
            self.nothing_more(rest)
            if number not in self.pipes:
                raise Refusal(1, "rule %s: setsockopt(IP_DUMMYNET_DEL): Invalid argument" % number)
            del self.pipes[number]
            return ""
        if verb != "config":
            raise Refusal(EX_USAGE, "bad command `%s'" % verb)
        pipe = {}
        while rest:
            if rest[0] == "bw" and len(rest) > 1:
                found = re.fullmatch(r"(\d+)([KMG]?)bit/s", rest[1])
                if not found:
                    raise Refusal(EX_DATAERR, "bandwidth %s is invalid" % rest[1])
                pipe["bw"] = int(found[1]) * {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}[found[2]]
                rest = rest[2:]
            elif rest[0] == "mask" and len(rest) > 2 and rest[1] in ("dst-ip", "src-ip"):
                if not re.fullmatch(r"0x[0-9a-fA-F]{1,8}", rest[2]):
                    raise Refusal(EX_DATAERR, "mask %s is invalid" % rest[2])
                pipe["mask"] = rest[1]
                rest = rest[3:]
            else:
                raise Refusal(EX_DATAERR, "unrecognised option ``%s''" % rest[0])
        self.pipes[number] = pipe
        return ""

    def told(self, number):
        rate = self.pipes[number].get("bw", 0)
        text = "unlimited     "
        for name, unit in (("Gbit/s", 10**9), ("Mbit/s", 10**6), ("Kbit/s", 10**3), ("bit/s ", 1)):
            if rate >= unit:
                text = "%7.3f %s" % (rate / unit, name)
                break
        return "%05d: %s %4d ms burst 0 \nq%d  50 sl. 0 flows (1 buckets) sched %d weight 0 lmax 0 pri 0 droptail\n" % (
            int(number), text, 0, 131072 + int(number), 65536 + int(number))


def batch(firewall, file, quiet):
    pipes = 0
    for number, line in enumerate(file, 1):
        line = line.decode("latin-1").rstrip("\n")
        words = line.split("#")[0].split()
        try:
            if len(line) > MOST_LINE:
                raise Refusal(EX_USAGE, "bad command `%s'" % line[MOST_LINE:MOST_LINE + 10])
            if not words:
                continue
            if words[0] == "ipfw":
                raise Refusal(EX_USAGE, "bad command `ipfw'")
            pipes += words[0] == "pipe"
            if pipes > 1:
                raise Refusal(EX_USAGE, "several pipes in one file hang the real one")
            sys.stdout.write(firewall.run(words, quiet))
        except Refusal as refusal:
            refusal.text = "Line %d: %s" % (number, refusal.text)
            raise


def main(arguments):
    with open(path("calls"), "a") as calls:
        calls.write(" ".join(arguments) + "\n")
    lock = open(path("lock"), "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        with open(path("state")) as file:
            firewall = Firewall(json.load(file))
    except FileNotFoundError:
        firewall = Firewall({})
    quiet = False
    words = arguments[:]
    while words and words[0] in ("-q", "-f"):
        quiet = quiet or words[0] == "-q"
        words = words[1:]
    code = 0
    try:
        if len(words) == 1 and words[0].startswith("/"):
            # FreeBSD gives the descriptor itself, also where it is a socket
            file = sys.stdin.buffer if words[0] == "/dev/stdin" else open(words[0], "rb")
            batch(firewall, file, quiet)
        else:
            sys.stdout.write(firewall.run(words, quiet))
    except Refusal as refusal:
        prefix = "" if refusal.text.startswith("Line ") else "ipfw: "
        sys.stderr.write(prefix + refusal.text + "\n")
        code = refusal.code
    with open(path("state.new"), "w") as file:
        json.dump(firewall.state(), file)
    os.rename(path("state.new"), path("state"))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
