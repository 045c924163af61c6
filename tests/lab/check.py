#!/usr/bin/env python3
"""Compares findings with a scenario: wsuscope analyze -o json FILE | check.py SCENARIO [keys].

Every `# expect: KIND[|KIND] [FIELD=VALUE...]` of the scenario has to be met by a finding, and no other
finding may be above info, but for the kinds that `# allow:` names.  A VALUE is a whole field or its first words.
With "keys" lines of `# expect-keys:` and `# allow-keys:` count in place of the others, where there are any.
"""
import json
import re
import sys


def words(text, key):
    return [line.split() for line in re.findall(rf'^# {key}: *(.*)$', text, re.M)]


def meets(finding, kinds, fields):
    if finding['kind'] not in kinds:
        return False
    told = ((str(finding.get(name)), value) for name, value in (f.split('=', 1) for f in fields))
    return all(have == value or have.startswith(value + ' ') for have, value in told)


def stated(text, key, keys):
    lines = (words(text, f'{key}-keys') if keys else []) or words(text, key)
    return [line for line in lines if line != ['none']]


def judge(text, findings, keys):
    due = [(w[0].split('|'), w[1:]) for w in stated(text, 'expect', keys)]
    allowed = {kind for w in stated(text, 'allow', keys) for kind in w} | {k for kinds, _ in due for k in kinds}
    for kinds, fields in due:
        if not any(meets(f, kinds, fields) for f in findings):
            yield 'lacks ' + ' '.join(['|'.join(kinds)] + fields)
    for f in findings:
        if f['severity'] != 'info' and f['kind'] not in allowed:
            yield f"has {f['severity']} {f['kind']} ({f['client']} -> {f['server']}): {f['cause'][:160]}"


def main(path, keys=''):
    name = path.rsplit('/', 1)[-1].removesuffix('.sh')
    with open(path, encoding='ascii') as scenario:
        text = scenario.read()
    try:
        findings = json.load(sys.stdin)['findings']
    except (ValueError, KeyError) as error:
        print(f'{name}: no JSON document ({error})')
        return 1
    complaints = list(judge(text, findings, keys))
    for complaint in complaints:
        print(f"{name}{' with keys' if keys else ''}: {complaint}")
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
