#!/usr/bin/python3
"""schema.py SCHEMAS REPORT EVENTS - validates one JSON document and one file of event lines.

Exit status 1 with the first misfits."""
import json
import sys

import jsonschema

schemas, report, events = sys.argv[1:]


def validator(name):
    with open(f"{schemas}/{name}.schema.json") as source:
        return jsonschema.Draft7Validator(json.load(source))


def misfits(check, thing, where):
    for error in list(check.iter_errors(thing))[:3]:
        best = jsonschema.exceptions.best_match([error])
        yield f"{where}: {'/'.join(map(str, best.absolute_path))}: {best.message[:300]}"


found = []
with open(report) as source:
    found += misfits(validator("report"), json.load(source), report)
check = validator("events")
with open(events) as source:
    for number, line in enumerate(source, 1):
        found += misfits(check, json.loads(line), f"{events}:{number}")
print("\n".join(found[:10]), end="\n" if found else "")
sys.exit(bool(found))
