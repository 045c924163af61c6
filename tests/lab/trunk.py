#!/usr/bin/env python3
"""Two VLAN switches in one: trunk.py VLAN ACCESS TRUNK TRUNK ACCESS.

Frames of an access port leave on its trunk port with an 802.1Q tag; frames of a trunk port lose it
on the access port behind.  For kernels without 802.1Q devices: packet sockets suffice.
"""
import selectors
import socket
import struct
import sys

ETH_P_ALL, PACKET_OUTGOING, TAG = 3, 4, 0x8100
SOL_PACKET, ADD_MEMBERSHIP, PROMISCUOUS = 263, 1, 1    # <linux/if_packet.h>


def port(name):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    s.bind((name, ETH_P_ALL))
    s.setsockopt(SOL_PACKET, ADD_MEMBERSHIP,
                 struct.pack('IHH8s', socket.if_nametoindex(name), PROMISCUOUS, 0, bytes(8)))
    return s


def main(vlan, *names):
    access, trunk, other_trunk, other_access = map(port, names)
    tag = struct.pack('>HH', TAG, int(vlan))
    # The kernel has taken the tag off a received frame already, so towards an access port it goes as it is.
    ways = {access: (trunk, tag), other_access: (other_trunk, tag),
            trunk: (access, b''), other_trunk: (other_access, b'')}
    ready = selectors.DefaultSelector()
    for s in ways:
        ready.register(s, selectors.EVENT_READ)
    while True:
        for key, _ in ready.select():
            frame, address = key.fileobj.recvfrom(65536)
            if address[2] != PACKET_OUTGOING:
                to, insert = ways[key.fileobj]
                to.send(frame[:12] + insert + frame[12:])


main(*sys.argv[1:])
