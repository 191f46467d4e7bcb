"""python3 ios_switch/__main__.py FLEET.json, or - for standard input; see ../README.md"""
import asyncio
import json
import os
import sys

if not __package__:  # started by its path
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    sys.path.remove(os.path.dirname(os.path.abspath(__file__)))
from ios_switch.fleet import serve  # noqa: E402


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python3 -m ios_switch FLEET.json|-|'{\"switches\": [...]}'")
    given = sys.argv[1]
    if given == "-":
        description = json.load(sys.stdin)
    elif given.lstrip().startswith("{"):
        description = json.loads(given)
    else:
        with open(given, encoding="utf-8") as file:
            description = json.load(file)
    try:
        import uvloop
        uvloop.install()
    except ImportError:
        pass
    try:
        asyncio.run(serve(description))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
