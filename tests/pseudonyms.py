#!/usr/bin/env python3
"""Searches what --pseudonyms wrote for the capture's own names, by tshark and by bytes.

Usage: pseudonyms.py WSUSCOPE WORK CAPTURE...

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
# What everybody has, or that tells a role: see veil/words.def and veil/certwords.c.
PUBLIC = re.compile(
    r"(?i)^(wsus|sup|proxy|wpad|isatap|www|com|net|org|example|test|local|localhost|lan|corp(oration)?|microsoft|windows"
    r"|update|download|windowsupdate|delivery|mp|ntlm|negotiate|basic|digest|kerberos|bearer|root|lab|ca|\d+"
    r"|in-addr|arpa|workstation|computer|domain"
    r"|server|client|http|https|zscaler|fortinet|inc|ltd|tcp|udp|authority|certificate|krbtgt|_.*)$")


def tshark(path, keys, *more):
    command = ["tshark", "-r", path, "-d", "tcp.port==8531,tls", "-o", "tcp.check_checksum:FALSE", *more]
    if keys:
        command += ["-o", "tls.keylog_file:" + keys]
    return subprocess.run(command, capture_output=True, check=False).stdout


def values(path, keys):
    """Kind and value of all that the original tells."""
    found = set()
    for kind, names in FIELDS.items():
        arguments = [a for name in names for a in ("-e", name)]
        text = tshark(path, keys, "-T", "fields", "-E", "separator=|", "-E", "aggregator=|", *arguments)
        text = text.decode("utf-8", "replace")
        for value in set(re.split(r"[|\n]", text)):
            value = value.strip().rstrip(":")
            if kind == "host":
                value = re.sub(r":\d+$", "", value)
                found |= {("label", part) for part in re.split(r"[.\s*,]", value)}
            elif kind == "token":
                found |= {(kind, part) for part in value.replace(":", "").split() if len(part) > 20
                          and not part.startswith("TlRMTVNTUAAB")}        # an NTLM greeting: nobody's
            else:
                found.add((kind, value))
    return {(kind, v) for kind, v in found if is_telling(kind, v)}


def is_telling(kind, value):
    if kind == "address":
        return bool(value) and not re.match(r"^(127|224|239|255|0)\.|^ff|^fe80|^::|255$", value)
    if kind == "mac":
        return bool(value) and not re.match(r"^(ff:|01:00:5e|33:33|00:00:00:00)", value)
    return len(value) >= 4 and not PUBLIC.match(value)


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
            inner = whole[(0, 2, 3)[shift]:len(whole) - 4]
            if len(inner) >= 8:
                yield inner, None


def search(data, folded, kind, value):
    for form, alone in forms(kind, value):
        if alone is None:
            if form in data:
                return form
        elif alone:
            word = rb"(?<![0-9a-z])" + re.escape(form.lower()) + rb"(?![0-9a-z])"
            if re.search(word, folded):
                return form
        elif form.lower() in folded:
            return form
    return None


def findings(path):
    with open(path, encoding="utf-8") as file:
        return sorted((f["kind"], f["severity"], f["count"]) for f in json.load(file)["findings"])


def check(wsuscope, work, capture):
    base = capture.rsplit(".", 1)[0]
    keys = base + ".keys" if os.path.exists(base + ".keys") else None
    name = {n: os.path.join(work, n) for n in ("first.json", "json", "text", "html", "csv", "pcapng")}
    common = [wsuscope, "analyze", "-q", "--fail-on", "never"] + (["--keys", keys] if keys else [])
    subprocess.run([*common, "-o", "json=" + name["first.json"], capture], check=False, stderr=subprocess.DEVNULL)
    outputs = [a for n in ("json", "text", "html", "csv") for a in ("-o", n + "=" + name[n])]
    run = subprocess.run([*common, "--reveal", "--pseudonyms", *outputs, "-o", "annotated=" + name["pcapng"], capture],
                         check=False, capture_output=True)
    wrong = []
    if run.returncode != 0:
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
    own = sorted(values(capture, keys))
    for where, data in texts.items():
        folded = data.lower()
        for kind, value in own:
            if where in ("json", "text", "html", "csv") and kind == "label" and len(value) < 6:
                continue                # our own words
            form = search(data, folded, kind, value)
            if form:
                wrong.append("%s %r is in %s as %r" % (kind, value, where, form))
    return wrong


def main():
    wsuscope, work, captures = sys.argv[1], sys.argv[2], sys.argv[3:]
    bad = 0
    for capture in captures:
        wrong = check(wsuscope, work, capture)
        bad += bool(wrong)
        for line in wrong[:6]:
            print("%s: %s" % (os.path.basename(capture), line), flush=True)
    print("%d captures, %d with something left or lost" % (len(captures), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
