"""See run.sh. Debian's rsyslogd with its own tables; the rows before are put in by the database's own client."""
import os
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "support"))
from system_events import DATABASE, PASSWORD, USER, SystemEvents  # noqa: E402

BUILD, SCALE = sys.argv[1:]
ROWS, POLLS = (1_000_000, 200) if SCALE == "full" else (50_000, 20)
A_ROW = "(ReceivedAt, FromHost, Priority, Facility, SysLogTag, Message)"
USUAL = "%LINEPROTO-5-UPDOWN:', ' Line protocol on Interface GigabitEthernet1/0/7, changed state to up"
VIOLATION = "%PORT_SECURITY-2-PSECURE_VIOLATION:', ' Security violation occurred, caused by MAC address 0013.1a41.544e on port GigabitEthernet1/0/7."
NUMBERS = {"mariadb": "seq_1_to_{}", "postgresql": "generate_series(1, {})"}


def insert(events, text, count):
    events.database.query(f"INSERT INTO SystemEvents {A_ROW} SELECT NOW(), 'sw1', 5, 23, '{text}' FROM {NUMBERS[events.kind].format(count)} AS n;")


def measure(kind):
    with SystemEvents(kind) as events:
        insert(events, USUAL, ROWS)
        program = subprocess.Popen([os.path.join(BUILD, "bin", "garita-bench-rsyslog-db"), kind, str(events.database.port), USER, PASSWORD, DATABASE],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert program.stdout.readline() == "ready\n", "the program has ended"

        def poll():
            program.stdin.write("\n")
            program.stdin.flush()
            micros, rows = map(int, program.stdout.readline().split())
            return micros / 1000, rows

        def show(what, wanted, prepare=lambda: None):
            times = []
            for _ in range(POLLS):
                prepare()
                ms, rows = poll()
                if rows != wanted:
                    sys.exit(f"{kind}, {what}: {rows} rows instead of {wanted}")
                times.append(ms)
            times.sort()
            print(f"{kind:10} {ROWS} rows, {what:52} p50 {statistics.median(times):6.2f} ms  p99 {times[int(len(times) * 0.99) - 1]:6.2f} ms  (bar 20 ms)")

        def usual_and_one():
            insert(events, USUAL, 100)
            insert(events, VIOLATION, 1)

        show("nothing new", 0)
        show("101 new, one of them a violation", 1, usual_and_one)
        program.stdin.close()
        program.wait(60)


for name in NUMBERS:
    measure(name)
