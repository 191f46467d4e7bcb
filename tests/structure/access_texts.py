#!/usr/bin/env python3
"""Every text about access that the code names stands in the catalogue. Prints those that are missing; exit code 1 if there are.

"access.answer.…", "access.why.…", "access.warn.…" and "access.notice.…" are whole texts; other names in src/access are letters with
.subject and .text. A name that ends with '_' or '.' is the beginning of several.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LITERAL = re.compile(r'"(access\.[a-z0-9_.]+(?: access\.[a-z0-9_.]+)*)"')
TEXT = re.compile(r"access\.(answer|why|warn|notice)\.")
NO_TEXTS = {"access.reading", "access.programs"}  # places in the store


def keys():
    catalogue = (ROOT / "locale" / "en.po").read_text(encoding="utf-8")
    return set(re.findall(r'^msgid "(access\.[^"]+)"', catalogue, re.MULTILINE))


def named():
    for path in sorted(p for p in (ROOT / "src").rglob("*") if p.suffix in {".cpp", ".hpp"}):
        letters_too = path.parts[-2] == "access" and path.parts[-3] == "src"
        for line in path.read_text(encoding="utf-8").splitlines():
            code = line.split("//")[0]
            for literal in LITERAL.findall(code):
                for name in literal.split():
                    if TEXT.match(name) or (letters_too and name.rstrip(".").count(".") == 1 and name not in NO_TEXTS):
                        yield path.relative_to(ROOT), name


def main():
    known = keys()
    assert known, "no texts about access in locale/en.po"
    missing, count = [], 0
    for path, name in named():
        count += 1
        if name.endswith(("_", ".")):
            found = any(key.startswith(name) for key in known)
        elif TEXT.match(name):
            found = name in known
        else:
            found = {name + ".subject", name + ".text"} <= known
        if not found:
            missing.append(f"{path}: {name} is not in locale/en.po")
    assert count, "no text about access is named anywhere"
    print("\n".join(missing) or f"{count} names, all in the catalogue")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
