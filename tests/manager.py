#!/usr/bin/env python3
"""A service manager's ear: prints each datagram that comes to a socket, a field a line, and who sent it, as the
kernel tells (NotifyAccess=main goes by that).  manager.py PATH"""
import socket
import struct
import sys

ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ear.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
ear.bind(sys.argv[1])
while True:
    said, credentials, _, _ = ear.recvmsg(4096, socket.CMSG_SPACE(struct.calcsize("3i")))
    sender = struct.unpack("3i", credentials[0][2])[0] if credentials else 0
    print(said.decode(), f"from {sender}", sep="\n", flush=True)
