#!/usr/bin/python3
"""rsyslog_db_test.py KIND READER: what rsyslogd wrote to a real database is read once, split or not, and a lost connection comes back."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from system_events import PASSWORD, USER, DATABASE, SystemEvents  # noqa: E402

VIOLATION = b"%%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address %s on port GigabitEthernet1/0/7."


def main():
    kind, reader = sys.argv[1:]
    with SystemEvents(kind) as events:
        program = subprocess.Popen([reader, kind, "127.0.0.1", str(events.database.port), USER, PASSWORD, DATABASE], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)

        def poll():
            program.stdin.write("\n")
            program.stdin.flush()
            said = []
            while not (line := program.stdout.readline()).startswith("done"):
                assert line, "the reader has ended"
                said.append(line.split(maxsplit=1)[1].strip())
            return said

        assert poll() == []
        events.send(b"<189>40: *Mar  1 00:12:44.123: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/7, changed state to down")
        events.send(b"<186>41: *Mar  1 00:12:45.123: " + VIOLATION % b"0013.1a41.544e")
        events.send(b"<186>" + VIOLATION % b"0013.1A41.5401")  # the mnemonic goes to SysLogTag
        events.until(3)
        found = poll()
        assert found == ["00:13:1a:41:54:4e Gi1/0/7", "00:13:1a:41:54:01 Gi1/0/7"], found
        assert poll() == []
        cut = {"mariadb": "SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE user = 'rsyslog';",
               "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rsyslog';"}[kind]
        kills = events.database.query(cut)
        if kind == "mariadb":
            for kill in kills:
                events.database.query(kill[0])
        assert poll()[0].startswith("rsyslog's "), "a cut connection is an error that says whose"
        assert poll() == [], "and the next poll connects anew"
        program.stdin.close()
        assert program.wait(60) == 0


if __name__ == "__main__":
    main()
