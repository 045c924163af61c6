#!/usr/bin/env python3
"""A ConfigMgr management point that tells update points, and the requests of its clients.

    ccm.py request FILE CLIENT         writes the body of a client's WSUSLocationRequest
    ccm.py serve PORT REPLY            answers CCM_POST; reads the file REPLY anew for each:
                                       URLs of update points, one a line; "none", or "later": no reply yet

A body is multipart/mixed: the message's header in UTF-16 with a mark, then its body in UTF-16 under zlib.
"""
import http.server
import sys
import zlib

BOUNDARY = 'aAbBcCdDv1234567890VxXyYzZ'
CONTENT = '{7B8DB8B2-2F3C-4E52-9A4A-6D0D5B6E1A01}'


def message(sender, target, text):
    """One message with its header, as CCM_POST carries it."""
    body = text.encode('utf-16-le') + b'\0\0'
    header = (f'<Msg ReplyCompression="zlib" SchemaVersion="1.1"><Body Type="ByteRange" Length="{len(body)}" Offset="0"/>'
              '<CorrelationID>{00000000-0000-0000-0000-000000000000}</CorrelationID>'
              '<Hooks><Hook3 Name="zlib-compress"/></Hooks><ID>{5DD100CD-DF1D-45F5-BA17-A327F43465F8}</ID>'
              '<Payload Type="inline"/><Priority>0</Priority><Protocol>http</Protocol><ReplyMode>Sync</ReplyMode>'
              f'<ReplyTo>direct:{sender}:LS_ReplyLocations</ReplyTo><SentTime>2026-03-10T09:15:00Z</SentTime>'
              f'<SourceHost>{sender}</SourceHost><TargetAddress>{target}</TargetAddress>'
              '<TargetEndpoint>MP_LocationManager</TargetEndpoint><Timeout>60000</Timeout></Msg>')
    parts = ((b'text/plain; charset=UTF-16', b'\xff\xfe' + header.encode('utf-16-le')),
             (b'application/octet-stream', zlib.compress(body)))
    mark = b'--' + BOUNDARY.encode()
    return b''.join(mark + b'\r\ncontent-type: ' + kind + b'\r\n\r\n' + part + b'\r\n' for kind, part in parts) + \
        mark + b'--'


def request(client):
    return message(client, 'mp:[http]MP_LocationManager',
                   f'<WSUSLocationRequest SchemaVersion="1.00"><Content ID="{CONTENT}" Version="38"/>'
                   '<AssignedSite SiteCode="PS1"/><ClientLocationInfo OnInternet="0"><ADSite Name="Default-First-Site-Name"/>'
                   '<Forest Name="corp.example"/><Domain Name="corp.example"/><IPAddresses>'
                   '<IPAddress SubnetAddress="192.0.2.0" Address="192.0.2.50"/></IPAddresses></ClientLocationInfo>'
                   '</WSUSLocationRequest>')


def reply(urls):
    records = ''.join(f'<LocationRecord WSUSURL="{url}" ServerName="{url.split("/")[2].split(":")[0]}" Version="38"/>'
                      for url in urls)
    return message('MP01', 'direct:client:LS_ReplyLocations',
                   '<WSUSLocationReply SchemaVersion="1.00"><Sites><Site><MPSite SiteCode="PS1"/>'
                   f'<LocationRecords>{records}</LocationRecords></Site></Sites></WSUSLocationReply>')


class ManagementPoint(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    server_version = 'Microsoft-IIS/10.0'
    sys_version = ''
    told = None

    def do_CCM_POST(self):
        self.rfile.read(int(self.headers.get('Content-Length', 0)))
        with open(self.told, encoding='ascii') as file:
            urls = file.read().split()
        if urls == ['later']:
            self.answer(b'', 'text/plain')
        else:
            self.answer(reply([] if urls == ['none'] else urls), f'multipart/mixed; boundary="{BOUNDARY}"')

    def do_GET(self):
        self.answer(b'<MPList><MP Name="MP01" FQDN="mp01.corp.example"/></MPList>', 'text/xml')

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main(word, first, second):
    if word == 'request':
        with open(first, 'wb') as file:
            file.write(request(second))
        return
    ManagementPoint.told = second
    http.server.ThreadingHTTPServer(('', int(first)), ManagementPoint).serve_forever()


main(*sys.argv[1:])
