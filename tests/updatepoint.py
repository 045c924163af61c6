#!/usr/bin/env python3
"""An update point, or a proxy before one, on the loopback: updatepoint.py [OPTION...] PORT

  --fault METHOD       500 to that call
  --tls CERT KEY       over TLS
  --proxy              a proxy: forwards plain requests, refuses every tunnel
  --login USER:PASS    ... to who logs in so (Basic)

  --silent             takes requests and never answers

Port 0 is any.  Says its port when it listens, and what it was asked, a line each, on standard error.
"""
import argparse
import base64
import datetime
import http.client
import http.server
import pathlib
import re
import socketserver
import ssl
import sys
import urllib.parse

SOAP = pathlib.Path(__file__).parent / 'lab' / 'soap'
SERVICES = re.compile(r'/(Client|SimpleAuth|Reporting|ServerSync|DssAuth)WebService/\w+\.asmx$', re.I)
FILES = {'/ClientWebService/wusserverversion.xml': b'<serverversion>10.0.26100.1</serverversion>',
         '/SelfUpdate/wuident.cab': b'MSCF' + bytes(60),
         '/Content/anonymousCheckFile.txt': b'This file is for checking anonymous access.' * 8}
FAULT = (b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server'
         b'</faultcode><faultstring>Fault occurred</faultstring></s:Fault></s:Body></s:Envelope>')


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    timeout = 10

    def log_message(self, *words):
        print(f'{self.command} {self.path}', file=sys.stderr, flush=True)

    def reply(self, status, body=b'', kind='text/html', **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def file(self, body):
        part = re.match(r'bytes=(\d+)-(\d+)$', self.headers.get('Range', ''))
        if not part:
            return self.reply(200, body, 'application/octet-stream', Accept_Ranges='bytes')
        first, last = int(part[1]), min(int(part[2]), len(body) - 1)
        return self.reply(206, body[first:last + 1], 'application/octet-stream',
                          Content_Range=f'bytes {first}-{last}/{len(body)}')

    def handle_one_request(self):
        if options.silent:
            self.rfile.read()
        super().handle_one_request()

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if options.proxy:
            self.forward()
        elif path in FILES:
            self.file(FILES[path])
        elif path.lower().startswith('/apiremoting30'):
            self.reply(401, WWW_Authenticate='Negotiate')
        elif path == '/Inventory/':
            self.reply(403)
        elif SERVICES.match(path) or path == '/':
            self.reply(200, b'<html></html>')
        else:
            self.reply(404)

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        method = self.headers.get('SOAPAction', '').strip('"').rsplit('/', 1)[-1]
        answer = SOAP / f'{method}.answer.xml'
        if options.proxy:
            self.forward(body)
        elif method == options.fault or not answer.exists():
            self.reply(500, FAULT, 'text/xml; charset=utf-8')
        else:
            expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
            text = answer.read_text().replace('@EXPIRES@', expires.strftime('%Y-%m-%dT%H:%M:%SZ'))
            self.reply(200, text.encode(), 'text/xml; charset=utf-8')

    def do_CONNECT(self):
        self.reply(403, b'No tunnel to there.')

    def forward(self, body=None):
        target = urllib.parse.urlsplit(self.path)
        want = 'Basic ' + base64.b64encode((options.login or '').encode()).decode()
        if options.login and self.headers.get('Proxy-Authorization') != want:
            return self.reply(407, Proxy_Authenticate='Basic realm="probe"')
        there = http.client.HTTPConnection(target.netloc, timeout=10)
        headers = {k: v for k, v in self.headers.items() if not k.lower().startswith('proxy-')}
        there.request(self.command, target.path or '/', body, headers)
        answer = there.getresponse()
        content = answer.read()
        kept = {k.replace('-', '_'): v for k, v in answer.getheaders()
                if k.lower() in ('content-range', 'accept-ranges', 'www-authenticate')}
        return self.reply(answer.status, content, answer.getheader('Content-Type'), **kept)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass        # who hangs up in the middle does so


parser = argparse.ArgumentParser()
parser.add_argument('--fault')
parser.add_argument('--tls', nargs=2)
parser.add_argument('--proxy', action='store_true')
parser.add_argument('--login')
parser.add_argument('--silent', action='store_true')
parser.add_argument('port', type=int)
options = parser.parse_args()
server = Server(('127.0.0.1', options.port), Handler)
if options.tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*options.tls)
    # The handshake is made where it is waited for: in the connection's own thread.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
