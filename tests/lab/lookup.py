#!/usr/bin/env python3
"""Asks a name server for an address as a resolver does: lookup.py FROM SERVER NAME; waits 2 s for the answer."""
import socket
import struct
import sys

source, server, name = sys.argv[1:]
labels = b''.join(bytes([len(label)]) + label.encode() for label in name.split('.'))
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.settimeout(2)
    s.bind((source, 0))
    s.sendto(struct.pack('!6H', 0x5a17, 0x0100, 1, 0, 0, 0) + labels + b'\0' + struct.pack('!2H', 1, 1), (server, 53))
    s.recv(512)
