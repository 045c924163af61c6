#!/usr/bin/env python3
"""dns.py ADDRESS RCODE - answers every question over UDP with that code and no records, as a name server whose
forwarders are gone (2, SERVFAIL) does.  Sections as RFC 1035 has them: the question comes back, nothing else."""
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((sys.argv[1], 53))
while True:
    question, client = server.recvfrom(4096)
    if len(question) > 12:
        flags = 0x8180 | int(sys.argv[2])
        server.sendto(question[:2] + flags.to_bytes(2, 'big') + question[4:6] + bytes(6) + question[12:], client)
