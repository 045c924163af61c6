#!/usr/bin/python3
"""schema.py SCHEMAS DIRECTORY - validates every NAME.report, one JSON document, and NAME.events beside it, lines.

Tells the first misfits of each NAME, and last how many fit and how many do not; exit status 1 when any does not."""
import json
import pathlib
import sys

import jsonschema


def validator(name):
    with open(f"{sys.argv[1]}/{name}.schema.json") as source:
        return jsonschema.Draft7Validator(json.load(source))


def misfits(check, text, where):
    try:
        thing = json.loads(text)
    except ValueError as error:
        yield f"{where}: {error}"
        return
    for error in list(check.iter_errors(thing))[:3]:
        best = jsonschema.exceptions.best_match([error])
        yield f"{where}: {'/'.join(map(str, best.absolute_path))}: {best.message[:300]}"


report_check, event_check = validator("report"), validator("events")
good = bad = 0
for report in sorted(pathlib.Path(sys.argv[2]).glob("*.report")):
    found = list(misfits(report_check, report.read_text(), report.name))
    events = report.with_suffix(".events")
    with events.open() as source:
        for number, line in enumerate(source, 1):
            found += misfits(event_check, line, f"{events.name}:{number}")
    print("\n".join(found[:10]), end="\n" if found else "")
    good, bad = good + (not found), bad + bool(found)
print(good, bad)
sys.exit(bad > 0)
