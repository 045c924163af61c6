#!/usr/bin/env python3
"""Holds the JSON of two captures compared, on standard input, to a scenario: sametime.py SCENARIO.

What is counted is counted again by tshark, where the scenario drops or the way is healthy.
"""
import json
import pathlib
import re
import sys


def main(path):
    text = pathlib.Path(path).read_text(encoding='ascii')
    stated = {key: re.findall(rf'^# {key}: *(.*)$', text, re.M) for key in ('expect', 'also', 'says', 'clock')}
    try:
        report = json.load(sys.stdin)
    except ValueError as error:
        print(f'{path}: no report: {error}')
        return 1
    wrong = []
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


sys.exit(main(sys.argv[1]))
