#!/usr/bin/env python3
"""Squid's NTLM helper that refuses every account: it challenges (YR) and then says no (KK)."""
import base64
import struct
import sys

TARGET = 'CORP'.encode('utf-16-le')
FLAGS = 0x00000001 | 0x00000004 | 0x00000200 | 0x00010000 | 0x00800000 | 0x00080000
INFO = struct.pack('<HH', 2, len(TARGET)) + TARGET + struct.pack('<HH', 0, 0)
CHALLENGE = struct.pack('<8sIHHII8s8xHHI', b'NTLMSSP\0', 2, len(TARGET), len(TARGET), 48, FLAGS, b'\x22' * 8,
                        len(INFO), len(INFO), 48 + len(TARGET)) + TARGET + INFO     # MS-NLMP section 2.2.1.2

for line in sys.stdin:
    if line.startswith('YR'):
        print('TT', base64.b64encode(CHALLENGE).decode(), flush=True)
    else:
        print('NA The account is locked', flush=True)
