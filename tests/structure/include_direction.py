#!/usr/bin/env python3
"""Who may include whom. Prints each forbidden include with the reason; exit code 1 if there is one.

model <- store, detect, decide, enforce, scan, access, incidents <- adapters/X <- programs; runtime/X may be used by adapters and programs.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2] / "src"
CORE = {"store", "detect", "decide", "enforce", "scan", "access", "incidents"}
MAY_USE = {
    "model": {"model"},
    "store": {"model", "store"},
    "detect": {"model", "detect"},
    "decide": {"model", "store", "decide"},
    "enforce": {"model", "store", "enforce"},
    "scan": {"model", "store", "scan"},
    "access": {"model", "store", "access"},
    "incidents": {"model", "store", "incidents"},
    "runtime": {"model", "runtime"},
    "adapters": {"model", "runtime", "adapters"} | CORE,
    "programs": {"model", "runtime", "adapters", "programs"} | CORE,
}
WHY = {
    "model": "the model says what things are: the standard library only",
    "store": "the store's interface knows the model only; how it is kept is an adapter",
    "detect": "detectors are tested without the world: what they need from outside is an interface of this room",
    "decide": "the desk is tested without the world: channels and stores are adapters",
    "enforce": "the reconciler is tested without the world: backends are adapters",
    "scan": "planning and comparing are tested without a network: engines, files and resolvers are adapters",
    "access": "requests and the work on a port are tested without mail or switches: those are adapters",
    "incidents": "polling and moving incidents are tested without a SIEM: its interface is an adapter",
    "runtime": "the runtime serves adapters and programs, and knows neither",
    "adapters": "only programs know all",
}
MODEL_LIBRARIES = {"tl/expected.hpp", "arpa/inet.h", "netinet/in.h", "sys/socket.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def complaints(path):
    parts = path.relative_to(ROOT).parts
    room = parts[0]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        bracket, target = found.groups()
        place = f"src/{'/'.join(parts)}:{number}: includes {target}: "
        if bracket == "<":
            if room == "model" and "/" in target and target not in MODEL_LIBRARIES:
                yield place + WHY[room]
            continue
        other = target.split("/")
        if other[0] not in MAY_USE:
            yield place + "write the path from src/"
        elif other[0] not in MAY_USE[room]:
            yield place + WHY[room]
        elif room == other[0] == "adapters" and other[1] != parts[1]:
            yield place + "one adapter never includes another: what both need belongs to a room above or to runtime"


def main():
    sources = sorted(p for p in ROOT.rglob("*") if p.suffix in {".cpp", ".hpp"})
    assert sources, f"no sources under {ROOT}"
    found = [text for path in sources for text in complaints(path)]
    print("\n".join(found) or f"{len(sources)} files, every include goes the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
