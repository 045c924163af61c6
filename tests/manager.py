#!/usr/bin/env python3
"""A service manager's ear: prints each datagram that comes to a socket, a field a line.  manager.py PATH"""
import socket
import sys

ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ear.bind(sys.argv[1])
while True:
    print(ear.recv(4096).decode(), flush=True)
