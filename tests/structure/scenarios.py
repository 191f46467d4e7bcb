#!/usr/bin/env python3
"""Every scenario of docs/security.md has its row, and every test named there exists."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = [f'S{number}' for number in range(1, 24)] + [f'W{number}' for number in range(1, 23)]


def tests():
    names = set()
    for source in (ROOT / 'tests').rglob('*_test.cpp'):
        for suite, case in re.findall(r'^\s*(?:TYPED_)?TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)', source.read_text(), re.M):
            names.add(f'{suite}.{case}')
    for source in (ROOT / 'tests').rglob('*_test.py'):
        names.update(f'{source.name}:{case}' for case in re.findall(r'^    def (test_\w+)', source.read_text(), re.M))
    return names


def main():
    rows = dict(re.findall(r'^\| ([SW]\d+) \|(.*)\|$', (ROOT / 'docs' / 'security.md').read_text(), re.M))
    known, wrong = tests(), []
    wrong += [f'docs/security.md has no row {name}' for name in SCENARIOS if name not in rows]
    for name, row in rows.items():
        named = re.findall(r'`(\w+\.\w+|\w+\.py:\w+)`', row)
        wrong += [f'{name} names {test}, which is no test' for test in named if test not in known]
        if not named:
            wrong.append(f'{name} names no test')
    print('\n'.join(wrong) or f'{len(rows)} scenarios, each with its tests')
    sys.exit(1 if wrong else 0)


main()
