#!/usr/bin/env python3
"""live-send.py FILE.pcap DEVICE...: sends the frames one after the other, those of each sender on a device of its own.

The first sender's on the first device, and so on; of more senders all on the last.  A classic pcap of Ethernet.
"""
import socket
import struct
import sys
import time

TYPE_ALL = 3


def frames_of(path):
    with open(path, "rb") as file:
        order = "<" if file.read(24)[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
        while len(head := file.read(16)) == 16:
            yield file.read(struct.unpack(order + "4I", head)[2])


def main():
    path, devices = sys.argv[1], sys.argv[2:]
    sockets = []
    for device in devices:
        sockets.append(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, TYPE_ALL))
        sockets[-1].bind((device, TYPE_ALL))
    senders = []
    for frame in frames_of(path):
        sender = frame[6:12]
        if sender not in senders:
            senders.append(sender)
        sockets[min(senders.index(sender), len(sockets) - 1)].send(frame)
        time.sleep(0.0005)


main()
