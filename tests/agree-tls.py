#!/usr/bin/python3
"""agree-tls.py WSUSCOPE CAPTURES EXPLAINED - holds events of TLS against what another tool saw.

CAPTURES holds FILE and FILE.oracle*.tsv beside it: what tshark tells of each TCP stream (rows TLS, CERT and
ALERT, and of what keys open REQ and RSP).  EXPLAINED lists differences that are right as they are: capture, stream,
field, reason, parted by tabs; "*" stands for any stream.  Of several views the nearest to ours is taken.
Where keys lie beside a capture (FILE.keys, FILE.rsakey.der, or secrets inside the file), the exchanges read out of
TLS are held to the view that was made with them.

Prints every difference, ends with "N passed, M failed": one for each capture and view.
"""
import collections
import fnmatch
import glob
import json
import os
import subprocess
import sys
import tempfile

binary, captures, explained_file = sys.argv[1:]
NONE = "-"
DIRECTION = {"client": "c>s", "server": "s>c"}


def endpoint(side):
    ip = side["ip"]
    return f"[{ip}]:{side['port']}" if ":" in ip else f"{ip}:{side['port']}"


def pair_of(client, server):
    return tuple(sorted((client, server)))


def events_of(capture, options=()):
    run = subprocess.run([binary, "analyze", "--all", "--reveal", "--fail-on", "never", "-q", "-o", "events",
                          *options, capture], capture_output=True, timeout=120)
    if run.returncode not in (0, 4):
        print(f"{os.path.basename(capture)}: exit status {run.returncode}", run.stderr.decode()[:300])
        return None
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


def rows_of(path):
    with open(path, errors="replace") as source:
        return [line.rstrip("\n").split("\t") for line in source]


# ---- handshakes ----

def theirs(rows):
    """What tshark tells of each stream: the endpoints, and fields with their values."""
    tcp = {row[1]: pair_of(row[2], row[3]) for row in rows if row[0] == "TCP"}
    told = {}
    for row in rows:
        if row[0] == "TLS" and row[2:7] != [NONE, NONE, NONE, NONE, "0"]:
            told[row[1]] = {"server name": row[2], "legacy version": row[3], "version": row[4],
                            "cipher": row[5], "request": row[6], "client certificates": row[7],
                            "hellos": row[9], "offered ALPN": row[10], "certificates": [], "common names": [],
                            "alerts": [], "frames": {}}
    for row in rows:
        if row[0] == "ALERT" and row[1] in told:
            told[row[1]]["alerts"].append(tuple(row[2:]))
        elif row[0] == "CERT" and row[1] in told:
            add_certificate(told[row[1]], *row[2:])
    return tcp, told


def add_certificate(fields, frame, direction, index, name, issuer, names):
    fields["certificates"].append((direction, index, issuer, names))
    fields["common names"].append((direction, index, name))
    fields["frames"][direction, index] = int(frame)


def session_fields(event):
    tls, own = event["tls"], event["wsuscope"]["tls"]
    hello, answer = own.get("client_hello", {}), own.get("server_hello", {})
    told = {"server name": tls.get("client", {}).get("server_name") or NONE,
            "legacy version": hello.get("legacy_version", NONE), "version": answer.get("version", NONE),
            "cipher": own.get("cipher_id", NONE), "request": str(int(own["client_certificate"]["requested"])),
            "client certificates": str(own["client_certificate"].get("count", NONE)),
            "hellos": str(hello.get("count", 0)), "offered ALPN": hello.get("alpn", NONE),
            "certificates": [], "common names": [], "frames": {},
            "alerts": [(str(a["frame"]), DIRECTION[a["by"]], str(a["level"]), str(a["description"]))
                       for a in own["alerts"] if not a["encrypted"]]}
    for c in own.get("certificates", []):
        add_certificate(told, c["frame"], DIRECTION[c["by"]], str(c["index"]), c.get("common_name") or NONE,
                        c.get("issuer_common_name") or NONE, ",".join(c.get("names", [])) or NONE)
    return told


def ours(events):
    told = collections.defaultdict(list)
    for event in events:
        if event["event"]["dataset"] == "wsuscope.tls" and event["tls"].keys() & {"client", "cipher"}:
            told[pair_of(endpoint(event["client"]), endpoint(event["server"]))].append(
                (int(event["flow"]["id"]), session_fields(event)))
    return {pair: [fields for _, fields in sorted(sessions, key=lambda s: s[0])]
            for pair, sessions in told.items()}


def differences(rows, mine):
    tcp, told = theirs(rows)
    left = {pair: list(sessions) for pair, sessions in mine.items()}
    for stream in sorted(told, key=int):
        sessions = left.get(tcp.get(stream), [])
        if not sessions:
            yield stream, "session", "seen", "not seen"
            continue
        session = sessions.pop(0)
        for field, value in told[stream].items():
            own = session[field]
            if field == "frames":
                # tshark tells the frame that ends the record, we the one that ends the message within it.
                value, own = ({k: v for k, v in value.items() if own.get(k, v) > v}, {})
            elif isinstance(value, list):
                value, own = sorted(value), sorted(own)
                value, own = [x for x in value if x not in own], [x for x in own if x not in value]
            if value != own:
                yield stream, field, value, own
    for pair, sessions in left.items():
        for session in sessions:
            yield NONE, "session", "not seen", f"{' '.join(pair)} {session['server name']}"


# ---- what keys open ----

def exchanges(events):
    requests, answers = collections.Counter(), collections.Counter()
    for event in events:
        if event["event"]["dataset"] != "wsuscope.exchange":
            continue
        http, own = event["http"], event["wsuscope"]["exchange"]
        if "request" in http:
            requests[http["request"]["method"], own.get("host", NONE), event["url"]["original"]] += 1
        if "status_code" in http.get("response", {}):
            answers[str(http["response"]["status_code"]), str(http["response"]["body"]["bytes"])] += 1
    return requests, answers


def opened_differences(rows, events):
    requests = collections.Counter((row[4], row[5], row[6]) for row in rows if row[0] == "REQ")
    answers = collections.Counter((row[4], "0" if row[6] == NONE else row[6]) for row in rows if row[0] == "RSP")
    mine = exchanges(events)
    for field, value, own in (("requests", requests, mine[0]), ("answers", answers, mine[1])):
        if value != own:
            yield "*", field, sorted((value - own).elements()), sorted((own - value).elements())


def key_options(capture, work):
    if os.path.exists(capture + ".keys"):
        return ["--keys", capture + ".keys"]
    pem = os.path.join(work, "key.pem")
    subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", capture + ".rsakey.der", "-out", pem], check=True)
    return ["--server-key", pem]


# ---- the sum ----

class Agreement:
    def __init__(self, path):
        self.reasons = [row for row in rows_of(path) if len(row) == 4 and not row[0].startswith("#")]
        self.used, self.good, self.bad = set(), 0, 0

    def explained(self, name, stream, field):
        for number, row in enumerate(self.reasons):
            if row[0] == name and fnmatch.fnmatch(stream, row[1]) and row[2] == field:
                self.used.add(number)
                return True
        return False

    def hold(self, name, found):
        wrong = [d for d in found if not self.explained(name, d[0], d[1])]
        for stream, field, value, own in wrong:
            print(f"{name}: stream {stream}: {field}: tshark {value}, wsuscope {own}")
        self.good += not wrong
        self.bad += bool(wrong)


def hold_handshakes(agreement, capture):
    views = [p for p in glob.glob(glob.escape(capture) + ".oracle*.tsv") if "-keys" not in os.path.basename(p)]
    views = [rows_of(path) for path in sorted(views)]
    if not any(row[0] == "TLS" for view in views for row in view):
        return
    events = events_of(capture)
    found = [list(differences(view, ours(events))) for view in views] if events is not None else []
    agreement.hold(os.path.basename(capture), min(found, key=len, default=[("*", "run", "works", "fails")]))


def hold_opened(agreement, capture, view, options):
    events = events_of(capture, options)
    found = list(opened_differences(rows_of(view), events)) if events is not None else [("*", "run", "works", "fails")]
    agreement.hold(os.path.basename(capture) + " with keys", found)


def main():
    agreement = Agreement(explained_file)
    for capture in sorted(glob.glob(os.path.join(captures, "*.pcap")) +
                          glob.glob(os.path.join(captures, "*.pcapng"))):
        hold_handshakes(agreement, capture)
        with tempfile.TemporaryDirectory() as work:
            for view in glob.glob(glob.escape(capture) + ".oracle-keys*.tsv"):
                hold_opened(agreement, capture, view, key_options(capture, work))
            if b"CLIENT_RANDOM " in open(capture, "rb").read():
                hold_opened(agreement, capture, capture + ".oracle.tsv", [])
    for number, row in enumerate(agreement.reasons):
        if number not in agreement.used:
            print(f"{row[0]}: stream {row[1]}: {row[2]}: explained, but there is no difference")
            agreement.bad += 1
    print(f"{agreement.good} passed, {agreement.bad} failed")
    return agreement.bad > 0 or agreement.good == 0


sys.exit(main())
