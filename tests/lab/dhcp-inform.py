#!/usr/bin/env python3
"""dhcp-inform.py ADDRESS SERVER NAME - asks a DHCP server, as WinHTTP does by DHCPINFORM, for option 252 (RFC 2131
section 3.4), and waits for what it tells."""
import socket
import sys

address, server, name = sys.argv[1:]
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
client.bind((address, 68))
client.settimeout(3)
head = bytes([1, 1, 6, 0]) + b'\x37\x12\x5a\x01' + bytes(4) + socket.inet_aton(address) + bytes(12)
options = [(53, b'\x08'), (61, b'\x01\x00\x15\x5d\x02\x00\x50'), (12, name.encode()), (60, b'MSFT 5.0'),
           (55, bytes([1, 15, 3, 6, 44, 46, 47, 31, 33, 121, 249, 43, 252]))]
message = head + b'\x00\x15\x5d\x02\x00\x50' + bytes(10 + 192) + b'\x63\x82\x53\x63'
message += b''.join(bytes([code, len(value)]) + value for code, value in options) + b'\xff'
client.sendto(message, (server, 67))
client.recvfrom(2048)
