#!/usr/bin/env python3
"""clang-tidy over the sources, each batch of files again only when something that it sees has changed.

  scripts/tidy.py [FILE…]     needs build/tidy/compile_commands.json (scripts/build.sh tidy); FILE: the batch it is in

A batch that was found fine leaves an empty file named by the hash of all that was looked at: its files and what they
include from this tree, their compile command, .clang-tidy, and the versions of clang-tidy and of the installed libraries.
They lie in ~/.cache/garita-tidy (GARITA_TIDY_CACHE), so that other checkouts profit; those unused for 30 days go.
GARITA_TIDY_JOBS says how many run at once. Exit code 1: there are findings.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TREE = ROOT / "build/tidy"
TIDY = "clang-tidy-14"
# Tests on GoogleTest cost much more than src does; what they lean on is looked at.
WATCHED = ["src/*.cpp", "tests/fakes/*.cpp", "tests/fuzz/*.cpp"]
INCLUDE_FOLDERS = [ROOT / "src", ROOT / "tests"]
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
# What stands in headers of others is not ours to mend.
FINDING = re.compile(rf"^{re.escape(str(ROOT))}/(\S+?:\d+:\d+: (?:warning|error): .*)", re.MULTILINE)
KEEP_DAYS = 30


def content(path):
    return content_at(path, path.stat().st_mtime_ns)


@functools.cache
def content_at(path, _changed):
    return path.read_bytes()


def included_by(path):
    """The files of this tree that this one names."""
    return names_at(path, path.stat().st_mtime_ns)


@functools.cache
def names_at(path, changed):
    found = set()
    for name in INCLUDE.findall(content_at(path, changed)):
        for folder in [path.parent, *INCLUDE_FOLDERS]:
            candidate = (folder / os.fsdecode(name)).resolve()
            if candidate.is_file():
                found.add(candidate)
                break
    return found


def seen_by(path):
    """The file and all that it includes from this tree, directly or not."""
    seen, waiting = set(), [path]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting.extend(included_by(one))
    return sorted(seen)


@functools.cache
def surroundings():
    """What all files depend on: the checks, the program, the libraries."""
    tool = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout
    packages = subprocess.run(["dpkg-query", "-W", "lib*-dev"], capture_output=True, check=False).stdout
    return content(ROOT / ".clang-tidy") + tool + packages


def key_of(path, command):
    key = hashlib.sha256(surroundings())
    key.update(command.replace(str(ROOT), "").encode())
    for one in seen_by(path):
        key.update(str(one.relative_to(ROOT)).encode() + b"\0" + content(one) + b"\0")
    return key.hexdigest()


def wanted_files(arguments):
    if arguments:
        return [Path(one).resolve() for one in arguments]
    listed = subprocess.run(["git", "ls-files", *WATCHED], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def batches_of(files, entries):
    """What is compiled at once and holds one of the files: its path and its command. And the files that are in none."""
    batches, missing = {}, set(files)
    for entry in entries:
        path = Path(entry["file"]).resolve()
        held = missing & (included_by(path) if TREE in path.parents else {path})
        if held:
            batches[path] = entry["command"]
            missing -= held
    return batches, missing


def check(path):
    """The findings as text; empty: fine."""
    run = subprocess.run([TIDY, "-p", str(TREE), "--quiet", "--extra-arg=-Wno-unknown-warning-option", str(path)], cwd=ROOT, capture_output=True,
                         text=True, check=False)
    if FINDING.search(run.stdout):
        return run.stdout
    return "" if run.returncode == 0 else f"{path.relative_to(ROOT)}: {TIDY} failed\n{run.stderr}"


class Progress:
    """One line that changes on a terminal, one line every so often elsewhere."""

    def __init__(self, todo):
        self.todo, self.done, self.began, self.said = todo, 0, time.monotonic(), time.monotonic()

    def step(self):
        self.done += 1
        now = time.monotonic()
        text = f"tidy: {self.done} of {self.todo} batches, {now - self.began:.0f} s"
        if sys.stdout.isatty():
            print("\r" + text, end="\n" if self.done == self.todo else "", flush=True)
        elif now - self.said >= 30:
            self.said = now
            print(text.replace(str(ROOT) + "/", ""), flush=True)


def forget_old(cache):
    limit = time.time() - KEEP_DAYS * 86400
    for stamp in cache.iterdir():
        if stamp.stat().st_mtime < limit:
            stamp.unlink(missing_ok=True)


def main(arguments):
    began = time.monotonic()
    commands, missing = batches_of(wanted_files(arguments), json.loads((TREE / "compile_commands.json").read_text()))
    if missing:
        print(f"tidy: no build knows {min(missing).relative_to(ROOT)}; scripts/build.sh tidy")
        return 1
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "garita-tidy"
    cache = Path(os.environ.get("GARITA_TIDY_CACHE", default))
    cache.mkdir(parents=True, exist_ok=True)
    forget_old(cache)
    stamps = {path: cache / key_of(path, command) for path, command in commands.items()}
    todo = []
    for path, stamp in stamps.items():
        stamp.touch() if stamp.exists() else todo.append(path)

    progress = Progress(len(todo))
    findings = set()
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("GARITA_TIDY_JOBS", os.cpu_count()))) as pool:
        running = {pool.submit(check, path): path for path in todo}
        for finished in concurrent.futures.as_completed(running):
            path = running[finished]
            progress.step()
            if text := finished.result():
                new = {line.group(1) for line in FINDING.finditer(text)} - findings
                findings |= new
                if new or not FINDING.search(text):
                    findings.add(path)
                    print(text.replace(str(ROOT) + "/", ""), flush=True)
            elif (key := key_of(path, commands[path])) == stamps[path].name:  # nobody wrote to it meanwhile
                (cache / key).touch()
    verdict = "fine" if not findings else "see the findings above"
    print(f"tidy: {verdict}; {len(todo)} batches looked at, {len(stamps) - len(todo)} unchanged, "
          f"{time.monotonic() - began:.0f} s")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
