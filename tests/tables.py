#!/usr/bin/python3
"""tables.py hostile FILE       - writes a capture whose values are markup, formulas, escapes and broken text.
tables.py check DIRECTORY [SCHEMAS] - reads NAME.md, NAME.csv, NAME.clients.csv, NAME.exchanges.csv and NAME.har
of each NAME there as others would: by Python's csv, by cmark-gfm, by the schemas of har-schema. Tells misfits,
and last how many fit and how many do not.
tables.py sheet FODS FORMULAS   - what LibreOffice made of a table: no formula; numbers are numbers, times times."""
import csv
import datetime
import io
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree

# ---- a capture of harm ----

EVIL = [b"=cmd|' /C calc'!A0", b"+1+1", b"-2+3+cmd", b"@SUM(1+1)", b"<script>alert(1)</script>",
        b"\"><img src=x onerror=alert(1)>", b"|`*_[x](javascript:1)@all", b"\x1b[2J\x1b]0;x\x07",
        "\u202eexe.cod\u202c".encode(), b"\xff\xfe\xc3", b"&lt;b&gt;", b"http://evil.example/#1"]


def packet(out, number, source, target, ports, numbers, flags, data=b""):
    tcp = struct.pack("!HHIIBBHHH", *ports, *numbers, 5 << 4, flags, 65535, 0, 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40 + len(data), 0, 0x4000, 64, 6, 0, source, target) + tcp + data
    out.write(struct.pack("<IIII", 1773136800 + number, 0, len(ip), len(ip)) + ip)


def hostile(path):
    server = bytes([198, 51, 100, 10])
    number = 0
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for which, evil in enumerate(EVIL):
            client, port = bytes([192, 0, 2, which + 1]), 50000 + which
            here, there = (client, server, (port, 8530)), (server, client, (8530, port))
            ask = (b"POST /ClientWebService/client.asmx?a=" + evil.replace(b" ", b"") + b" HTTP/1.1\r\nHost: "
                   + evil + b"\r\nUser-Agent: " + evil + b"\r\nCookie: " + evil + b"=" + evil
                   + b"\r\nContent-Length: 0\r\n\r\n")
            answer = (b"HTTP/1.1 500 " + evil + b"\r\nServer: " + evil + b"\r\nLocation: " + evil
                      + b"\r\nContent-Type: " + evil + b"\r\nContent-Length: 0\r\n\r\n")
            for step in ((here, (1000, 0), 2, b""), (there, (5000, 1001), 18, b""), (here, (1001, 5001), 16, b""),
                         (here, (1001, 5001), 24, ask), (there, (5001, 1001 + len(ask)), 24, answer)):
                packet(out, number, *step[0], *step[1:])
                number += 1


# ---- what was written ----

HARM = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def text_of(path):
    return path.read_bytes().decode("utf-8", "strict")


def table_misfits(path):
    text = text_of(path)
    if not text.startswith("\ufeff"):
        yield "no byte order mark"
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            yield f"row {number} has {len(row)} cells, not {len(rows[0])}"
        for name, cell in zip(rows[0], row):
            if HARM.search(cell) or "\n" in cell or "\r" in cell or "\t" in cell:
                yield f"row {number}: {name} holds a control character"
            if cell.lstrip(" ")[:1] in ("=", "+", "-", "@"):
                yield f"row {number}: {name} is a formula: {cell[:40]}"
            if cell and number > 1 and name.endswith(("_ms", "_bytes", "_port", "count", "_frame")):
                float(cell)
            if cell and number > 1 and name.endswith("_utc"):
                datetime.datetime.strptime(cell, "%Y-%m-%d %H:%M:%S.%f")


def ticket_misfits(path):
    text = text_of(path)
    if HARM.search(text):
        yield "holds a control character"
    if not shutil.which("cmark-gfm"):
        return
    page = subprocess.run(["cmark-gfm", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tagfilter"],
                          input=text, capture_output=True, text=True, check=True).stdout
    odd = set(re.findall(r"<(?!/)([a-z0-9]+)", page)) - {
        "h2", "h3", "h4", "p", "ul", "ol", "li", "code", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    if odd or "raw HTML" in page:
        yield f"is more than text: {sorted(odd)}"
    bare = re.sub(r"<code>.*?</code>", "", page, flags=re.S)
    if re.search(r"(^|[^\w])@\w|https?://|(^|\s)#\d", re.sub(r"<[^>]*>", "", bare)):
        yield "tells somebody, or makes a link"
    widths = {row.count("<td") + row.count("<th>") for row in re.findall(r"<tr>.*?</tr>", page, re.S)}
    if "| --- |" in text and not widths:
        yield "has no table"


def archive_check(schemas):
    if not schemas:
        return None
    import jsonschema
    store = {}
    for path in pathlib.Path(schemas).glob("*.json"):
        schema = json.loads(path.read_text())
        store[schema["$id"]] = store[schema["$id"].rstrip("#")] = schema
    resolver = jsonschema.RefResolver("", store["har.json#"], store=store)
    return jsonschema.Draft6Validator(store["har.json#"], resolver=resolver,
                                      format_checker=jsonschema.FormatChecker())


def archive_misfits(path, check):
    text = text_of(path)
    if HARM.search(text):
        yield "holds a control character"
    log = json.loads(text)["log"]
    if check:
        for error in list(check.iter_errors({"log": log}))[:3]:
            yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
    pages = {page["id"] for page in log["pages"]}
    for number, entry in enumerate(log["entries"]):
        times = entry["timings"]
        known = sum(times[key] for key in ("blocked", "dns", "connect", "send", "wait", "receive") if times[key] > 0)
        if abs(known - entry["time"]) > 0.0005:
            yield f"entry {number}: its times are {known}, not {entry['time']}"
        if min(times.values()) < 0 and any(value < 0 and value != -1 for value in times.values()):
            yield f"entry {number}: a time below zero: {times}"
        if times["ssl"] > max(times["connect"], 0):
            yield f"entry {number}: TLS took longer than connecting"
        if entry.get("pageref") not in pages:
            yield f"entry {number} is of no page"
        if re.search(r"[^!-~]", entry["request"]["url"]):
            yield f"entry {number}: no URL: {entry['request']['url'][:60]}"


def check(directory, schemas):
    validator = archive_check(schemas)
    good = bad = 0
    for path in sorted(pathlib.Path(directory).iterdir()):
        try:
            misfits = (table_misfits(path) if path.suffix == ".csv" else
                       ticket_misfits(path) if path.suffix == ".md" else archive_misfits(path, validator))
            found = list(misfits)
        except ValueError as error:
            found = [str(error)]
        for misfit in found[:3]:
            print(f"{path.name}: {misfit}")
        good, bad = good + (not found), bad + bool(found)
    print(good, bad)


# ---- a spreadsheet's opinion ----

def sheet(path):
    office = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    rows = []
    for row in xml.etree.ElementTree.parse(path).getroot().iter(table + "table-row"):
        cells = []
        for cell in row.iter(table + "table-cell"):
            if cell.get(table + "formula"):
                sys.exit(f"{path}: a formula: {cell.get(table + 'formula')}")
            value = (cell.get(office + "value-type"), "".join(cell.itertext()).strip())
            cells += [value] * min(int(cell.get(table + "number-columns-repeated", "1")), 100)
        if any(text for _, text in cells):
            rows.append(cells)
    names = [text for _, text in rows[0]]
    kinds = {}
    for row in rows[1:]:
        for name, (kind, text) in zip(names, row):
            if text:
                kinds.setdefault(name, set()).add(kind)
    for name, found in kinds.items():
        want = ({"date"} if name.endswith("_utc") else
                {"float"} if name.endswith(("_ms", "_bytes", "_port", "count", "_frame")) else None)
        if want and found != want:
            sys.exit(f"{path}: {name} is {found}, not {want}")
    print(len(rows) - 1)


{"hostile": hostile, "check": lambda d, s="": check(d, s), "sheet": sheet}[sys.argv[1]](*sys.argv[2:])
