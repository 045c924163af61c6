#!/usr/bin/env python3
"""Holds the JSON of two captures compared, on standard input, to a scenario: sametime.py SCENARIO PAIR.

PAIR is the path of both captures without "-client.pcapng": what a scenario says is lost is counted there by tshark.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

import jsonschema


def counted(pair, side, display_filter):
    lines = subprocess.run(['tshark', '-r', f'{pair}-{side}.pcapng', '-Y', display_filter], check=True,
                           capture_output=True).stdout
    return len(lines.splitlines())


def miscounted(pair, stated, report, kind):
    side, display_filter = stated.split(maxsplit=1)
    other = 'client' if side == 'server' else 'server'
    lost = counted(pair, side, display_filter) - counted(pair, other, display_filter)
    told = [f['count'] for f in report['findings'] if f['kind'] == kind]
    return [] if told == [lost] else [f'{kind} tells {told}, tshark counts {lost}']


def main(path, pair):
    text = pathlib.Path(path).read_text(encoding='ascii')
    stated = {key: re.findall(rf'^# {key}: *(.*)$', text, re.M) for key in ('expect', 'also', 'says', 'clock', 'lost')}
    try:
        report = json.load(sys.stdin)
    except ValueError as error:
        print(f'{path}: no report: {error}')
        return 1
    schema = json.loads(pathlib.Path('docs/schema/same-time.schema.json').read_text(encoding='ascii'))
    wrong = [f'schema: {e.message}' for e in jsonschema.Draft7Validator(schema).iter_errors(report)]
    grave = {f['kind'] for f in report['findings'] if f['severity'] != 'info'}
    mild = {f['kind'] for f in report['findings'] if f['severity'] == 'info'}
    due = {k for k in stated['expect'] if k != 'none'}
    if grave != due:
        wrong.append(f'found {sorted(grave)}, due {sorted(due)}')
    if not set(stated['also']) <= mild:
        wrong.append(f'told {sorted(mild)}, due {sorted(stated["also"])}')
    for expression in stated['says']:
        if not re.search(expression, report['verdict']):
            wrong.append(f'says "{report["verdict"]}", not "{expression}"')
    for lost in stated['lost'] if shutil.which('tshark') else []:
        wrong += miscounted(pair, lost, report, stated['expect'][0])
    shift = float(stated['clock'][0]) if stated['clock'] else 0.0
    clocks = report['clocks']
    if clocks and not clocks['one_way'] and abs(clocks['offset_ms'] / 1000 - shift) > 0.005:
        wrong.append(f'clocks {clocks["offset_ms"]} ms apart, set {shift} s apart')
    for f in report['findings']:
        if f['severity'] != 'info' and not f['client_side_frames'] and not f['server_side_frames']:
            wrong.append(f'{f["kind"]} names no frame')
    for line in wrong:
        print(f'{path}: {line}')
    return 1 if wrong else 0


sys.exit(main(sys.argv[1], sys.argv[2]))
