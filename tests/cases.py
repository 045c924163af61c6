#!/usr/bin/env python3
"""Holds every case of the field to an answer: cases.py WSUSCOPE [FACTS].

A case that a capture shows needs a kind of finding that a shipped capture raises; every case needs an explanation
that says what it is, which log to read and what to do. FACTS, where it exists, is the collection that the cases were
taken from: both must list the same ones, with the same word on what a capture shows.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
AT_ONCE = 20


def explain(wsuscope, *words):
    done = subprocess.run([wsuscope, 'explain', *words], capture_output=True, check=True, text=True)
    return done.stdout


def raised():
    """kind -> a capture whose scenario states it."""
    kinds = {}
    for path in sorted((ROOT / 'tests/lab/scenarios').glob('*.sh')):
        text = path.read_text(encoding='ascii')
        for stated in re.findall(r'^# expect(?:-keys)?: *([a-z|0-9-]+)', text, re.M):
            for kind in stated.split('|'):
                if (ROOT / 'pcaps' / f'{path.stem}.pcapng').exists():
                    kinds.setdefault(kind, path.stem)
    return kinds


def squeeze(text):
    return ' '.join(text.split())


def explained(wsuscope, cases):
    """Cases whose text lacks what an administrator needs."""
    for at in range(0, len(cases), AT_ONCE):
        some = cases[at:at + AT_ONCE]
        told = squeeze(explain(wsuscope, *(case['id'] for case in some)))
        for case in some:
            for part in (case['id'], case['title'], case['meaning'], case['log'], *case['remedy']):
                if squeeze(part) not in told:
                    yield f"{case['id']}: the explanation lacks \"{part}\""


def shown(cases, kinds):
    """Cases that a capture shows, and none of ours does."""
    for case in cases:
        if case['seen'].startswith('A capture shows it') and case['kinds'] and \
                not any(kind in kinds for kind in case['kinds']):
            yield f"{case['id']}: no capture raises any of {', '.join(case['kinds'])}"


def collected(cases, path):
    """What differs from the collection."""
    letters = {'A capture shows it.': 'Y', 'A capture shows a part': 'P', 'A capture does not': 'N'}
    text = path.read_text(encoding='utf-8')
    section = text[text.index('\n## 9.'):text.index('\n## 10.')]
    theirs = dict(re.findall(r'^\| (\d{3}-\w+) \|[^|]*\| ([YPN])', section, re.M))
    ours = {case['id']: next(v for k, v in letters.items() if case['seen'].startswith(k)) for case in cases}
    for case in sorted(theirs.keys() | ours.keys()):
        if theirs.get(case) != ours.get(case):
            yield f'{case}: {theirs.get(case)} in the collection, {ours.get(case)} here'


def main(wsuscope, facts):
    rows = json.loads(explain(wsuscope, '-o', 'json'))['found']
    cases = [row for row in rows if row['what'] == 'case']
    kinds = raised()
    wrong = [*explained(wsuscope, cases), *shown(cases, kinds)]
    if facts.exists():
        wrong += collected(cases, facts)
    else:
        print('skipped: the collection that the cases were taken from is not here')
    for row in rows:
        if row['what'] == 'finding' and 'P' in row['from'] and row['id'] not in kinds:
            print(f"no capture raises {row['id']}")
    for line in wrong:
        print(line)
    print(f'{len(cases) - len(wrong)} passed, {len(wrong)} failed')
    return 1 if wrong else 0


sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
