#!/usr/bin/env python3
"""Searches what --pseudonyms wrote for the capture's own names, by tshark and by bytes.

Usage: pseudonyms.py WSUSCOPE WORK CAPTURE...           (JOBS=N captures at once, else one a processor)

Values come from the original, as tshark (not wsuscope) reads it: addresses, MAC addresses, hosts, users, machines,
names in certificates, tokens.  They are looked for in every file that was written: as bytes in several encodings,
and in what tshark makes of the copy, with its TLS opened and its bodies decompressed.  Findings must be the same.
"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor

FIELDS = {
    "address": ["ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "arp.src.proto_ipv4", "dns.a", "dns.aaaa"],
    "mac": ["eth.src", "eth.dst"],
    "host": ["http.host", "dns.qry.name", "tls.handshake.extensions_server_name", "x509ce.dNSName",
             "x509sat.uTF8String", "x509sat.printableString", "dhcp.option.hostname"],
    "user": ["ntlmssp.auth.username", "ntlmssp.auth.domain", "ntlmssp.auth.hostname",
             "ntlmssp.challenge.target_name", "kerberos.CNameString"],
    "token": ["http.authorization", "http.proxy_authorization", "http.cookie", "tls.handshake.random",
              "x509af.serialNumber", "ntlmssp.ntlmclientchallenge"],
}
# What stays by intent is a table of the program: hosts that everybody asks for, and words that everybody uses.
WORDS = re.findall(r'([A-Z]+)\("([^"]+)"\)', open(os.path.join(os.path.dirname(__file__), "../veil/words.def"),
                                                 encoding="utf-8").read())
HOSTS = tuple(word for kind, word in WORDS if kind == "HOST")
CARRIERS = tuple(word for kind, word in WORDS if kind == "CARRIER")
PUBLIC = {word.lower() for kind, word in WORDS if kind not in ("HOST", "CARRIER")}
PUBLIC |= {label for host in HOSTS + CARRIERS for label in host.split(".")}
# Of our own lab beside these, and what inspectors are called (facts/inspectors.c).
PUBLIC |= {"corporation", "lab", "in-addr", "zscaler", "fortinet", "squid", "<root>", "null"}
# An NTLM greeting, a path of the service, the random of every HelloRetryRequest (RFC 8446 section 4.1.3).
NOBODYS = re.compile(r"TlRMTVNTUAAB|uri=|cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def tshark(path, keys, *more):
    command = ["tshark", "-r", path, "-d", "tcp.port==8531,tls", "-o", "tcp.check_checksum:FALSE", *more]
    if keys:
        command += ["-o", "tls.keylog_file:" + keys]
    return subprocess.run(command, capture_output=True, check=False).stdout


def values(path, keys):
    """Kind and value of all that the original tells."""
    found = set()
    fields = [(kind, name) for kind, names in FIELDS.items() for name in names]
    arguments = [a for _, name in fields for a in ("-e", name)]
    text = tshark(path, keys, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=|", *arguments)
    columns = {}
    for row in text.decode("utf-8", "replace").split("\n"):
        for (kind, _), cell in zip(fields, row.split("\t")):
            columns.setdefault(kind, set()).update(cell.split("|"))
    for kind, cells in columns.items():
        for value in cells:
            value = value.strip().rstrip(":")
            if kind == "host":
                value = re.sub(r":\d+$", "", value)
                if is_public_host(value.lower()):
                    continue
                found |= {("label", part) for part in re.split(r"[.\s*,]", value)}
            elif kind == "token":
                found |= {(kind, part) for part in value.replace(":", "").split() if len(part) > 20
                          and not NOBODYS.match(part)}
            else:
                found.add((kind, value))
    return {(kind, v) for kind, v in found if is_telling(kind, v)}


def is_public_host(host):
    host = host.rstrip(".")
    for carrier in CARRIERS:
        host = host[:-len(carrier)] if host.endswith(carrier) else host
    return ("." + host).endswith(HOSTS)


def is_public(word):
    return word.lower() in PUBLIC or word.isdigit() or word.startswith("_")


def is_telling(kind, value):
    if kind == "address":
        return bool(value) and not re.match(r"^(127|224|239|255|0)\.|^ff|^fe80|^::|255$", value)
    if kind == "mac":
        return bool(value) and not re.match(r"^(ff:|01:00:5e|01:80:c2|33:33|00:00:00:00)", value)
    return len(value) >= 4 and not is_public(value)


def forms(kind, value):
    """Encodings of one value, and whether words around it make it another."""
    raw = value.encode()
    yield raw, True
    if kind == "mac":
        yield bytes.fromhex(value.replace(":", "")), False
        return
    if len(value) < 6:              # chance writes such
        return
    yield value.encode("utf-16-le"), False
    yield raw.hex().encode(), False
    for text in {raw, raw.upper(), value.encode("utf-16-le"), value.upper().encode("utf-16-le")}:
        for shift in range(3):
            whole = base64.b64encode(b"\0" * shift + text)
            inner = whole[(0, 2, 3)[shift]:8 * (shift + len(text)) // 6]
            if len(inner) >= 8:
                yield inner, None


def stands_alone(folded, form):
    at = folded.find(form)
    while at >= 0:
        end = at + len(form)
        before, after = folded[max(at - 1, 0):at], folded[end:end + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        at = folded.find(form, at + 1)
    return False


def search(data, folded, kind, value):
    for form, alone in forms(kind, value):
        if alone is None:
            if form in data:
                return form
        elif form.lower() in folded and (not alone or stands_alone(folded, form.lower())):
            return form
    return None


def findings(path):
    with open(path, encoding="utf-8") as file:
        return sorted((f["kind"], f["severity"], f["count"]) for f in json.load(file)["findings"])


def check(wsuscope, work, capture):
    base = capture.rsplit(".", 1)[0]
    keys = next((k for k in (base + ".keys", capture + ".keys") if os.path.exists(k)), None)
    name = {n: os.path.join(work, n) for n in ("first.json", "json", "text", "html", "csv", "pcapng")}
    common = [wsuscope, "analyze", "-q", "--fail-on", "never"] + (["--keys", keys] if keys else [])
    first = subprocess.run([*common, "-o", "json=" + name["first.json"], capture], check=False,
                           stderr=subprocess.DEVNULL)
    outputs = [a for n in ("json", "text", "html", "csv") for a in ("-o", n + "=" + name[n])]
    run = subprocess.run([*common, "--reveal", "--pseudonyms", *outputs, "-o", "annotated=" + name["pcapng"], capture],
                         check=False, capture_output=True)
    wrong = []
    if run.returncode != first.returncode:
        wrong.append("ends with %d: %s" % (run.returncode, run.stderr.decode("utf-8", "replace")[-300:]))
        return wrong
    if findings(name["first.json"]) != findings(name["json"]):
        wrong.append("findings differ")
    # The copy alone, with the secrets that it brings along.
    subprocess.run([*common[:5], "-o", "json=" + name["first.json"], name["pcapng"]], check=False,
                   stderr=subprocess.DEVNULL)
    if findings(name["first.json"]) != findings(name["json"]):
        wrong.append("the copy alone has other findings")
    texts = {n: open(name[n], "rb").read() for n in ("json", "text", "html", "csv", "pcapng")}
    texts["tshark"] = tshark(name["pcapng"], None, "-V")
    return wrong + left(texts, sorted(values(capture, keys)), own_words(wsuscope))


def own_words(wsuscope):
    """What our reports are full of is no leak in them."""
    text = subprocess.run([wsuscope, "explain", "-o", "json"], check=False, capture_output=True).stdout
    return set(re.findall(r"[a-z]{4,}", text.decode().lower()))


def left(texts, values_of_it, ours):
    wrong = []
    for where, data in texts.items():
        folded = data.lower()
        for kind, value in values_of_it:
            if where in ("json", "text", "html", "csv") and kind == "label" and \
                    (len(value) < 6 or value.lower() in ours):
                continue
            form = search(data, folded, kind, value)
            if form:
                wrong.append("%s %r is in %s as %r" % (kind, value, where, form))
    return wrong


def job(wsuscope, work, capture):
    with tempfile.TemporaryDirectory(dir=work) as own:
        try:
            return check(wsuscope, own, capture)
        except (OSError, ValueError) as e:
            return ["cannot be judged: %s" % e]


def main():
    wsuscope, work, captures = sys.argv[1], sys.argv[2], sys.argv[3:]
    bad = 0
    with ProcessPoolExecutor(int(os.environ.get("JOBS") or os.cpu_count())) as pool:
        jobs = [(capture, pool.submit(job, wsuscope, work, capture)) for capture in captures]
        for capture, done in jobs:
            wrong = done.result()
            bad += bool(wrong)
            for line in wrong[:6]:
                print("%s: %s" % (os.path.basename(capture), line), flush=True)
    print("%d captures, %d with something left or lost" % (len(captures), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
