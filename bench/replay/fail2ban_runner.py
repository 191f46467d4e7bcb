#!/usr/bin/python3
"""fail2ban's engine over an old web log, in this process, with bans: fail2ban_runner.py LOG [LINES].

The server itself would ignore lines of the past, so its clock is set from each line. The date pattern is given, because
the default detection costs ten times as much and would flatter us. Prints the banned addresses, one a line.
"""
import calendar
import itertools
import logging
import sys

sys.path.append("/usr/lib/python3/dist-packages")
from fail2ban.server.filter import Filter  # noqa: E402
from fail2ban.server.mytime import MyTime  # noqa: E402


class Jail:
    """As much of a jail as the filter asks for: it takes the bans."""

    name = "bench"
    actions = ()
    database = None
    idle = False

    def __init__(self):
        self.banned = set()

    def putFailTicket(self, ticket):  # noqa: N802 (fail2ban's name)
        self.banned.add(ticket.getID())


def main():
    logging.disable(logging.CRITICAL)
    jail = Jail()
    engine = Filter(jail, useDns="no")
    engine.setDatePattern(r"^[^\[]*\[({DATE})")
    engine.setFindTime(60)
    engine.setMaxRetry(50)
    engine.addFailRegex(r'^<HOST> \S+ \S+ \[\] "[^"]*" 404 \d+')
    engine.active = True
    midnight = calendar.timegm((2026, 11, 22, 0, 0, 0))
    lines = int(sys.argv[2]) if len(sys.argv) > 2 else None
    with open(sys.argv[1], encoding="latin-1") as log:
        for line in itertools.islice(log, lines):
            at = line.index("[") + 13
            MyTime.setTime(midnight + int(line[at:at + 2]) * 3600 + int(line[at + 3:at + 5]) * 60 + int(line[at + 6:at + 8]))
            engine.processLineAndAdd(line.rstrip("\n"))
    print("\n".join(sorted(str(address) for address in jail.banned)))


main()
