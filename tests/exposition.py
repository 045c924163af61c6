#!/usr/bin/env python3
"""Reads metrics as Prometheus' own client library does, and holds them to the conventions:
tests/exposition.py FILE.  Says what is wrong, and ends with 1; 77: the library is not installed."""
import sys

try:
    from prometheus_client.parser import text_string_to_metric_families
except ImportError:
    sys.exit(77)

wrong = []
families = list(text_string_to_metric_families(open(sys.argv[1], encoding="utf-8").read()))
names = [family.name for family in families]
seen = set()
for family in families:
    if names.count(family.name) > 1:
        wrong.append(f"{family.name}: told in two places")
    if family.type not in ("counter", "gauge", "histogram", "summary"):
        wrong.append(f"{family.name}: type {family.type}")
    if not family.documentation.endswith("."):
        wrong.append(f"{family.name}: no help")
    if not family.name.startswith(("wsuscope_", "process_")):
        wrong.append(f"{family.name}: without the program's name")
    if family.type == "gauge" and family.name.endswith("_total"):
        wrong.append(f"{family.name}: a gauge is no total")
    for sample in family.samples:
        series = (sample.name, tuple(sorted(sample.labels.items())))
        if series in seen:
            wrong.append(f"{series}: twice")
        seen.add(series)
        if family.type == "counter" and not sample.name.endswith("_total"):
            wrong.append(f"{sample.name}: a counter is a total")
        if family.type == "counter" and sample.value < 0:
            wrong.append(f"{series}: below zero")
    if family.type == "histogram":
        buckets = [s for s in family.samples if s.name.endswith("_bucket")]
        counts = [s.value for s in family.samples if s.name.endswith("_count")]
        values = [s.value for s in buckets]
        if values != sorted(values) or buckets[-1].labels["le"] != "+Inf" or values[-1] != counts[0]:
            wrong.append(f"{family.name}: buckets {values}, count {counts}")
        if not family.name.endswith("_seconds"):
            wrong.append(f"{family.name}: no base unit")
if not families:
    wrong.append("nothing is told")
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
