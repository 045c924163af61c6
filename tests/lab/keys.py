#!/usr/bin/env python3
"""Prints the key log of a scenario's clients for its capture, each line once: keys.py KEYLOG CAPTURE.

Nothing is printed when no session of the log is in the capture: a session is, when the random of its ClientHello
stands there.  One that a renegotiation began hides its random, so a log is taken whole.
"""
import sys


def main(log, capture):
    with open(capture, 'rb') as file:
        packets = file.read()
    with open(log, encoding='ascii') as file:
        lines = dict.fromkeys(line.strip() for line in file)
    if any(bytes.fromhex(line.split()[1]) in packets for line in lines if line.count(' ') == 2):
        print('\n'.join(lines))


main(*sys.argv[1:])
