#!/usr/bin/env python3
"""Writes the error pages of HTTP.sys and IIS into a directory: pages.py DIRECTORY.

The lengths are those seen on real servers, and are checked: HTTP.sys 315 to 346 bytes, IIS 1233 to 1293.
"""
import pathlib
import sys

KERNEL = {      # file: heading, sentence, length
    '503': ('Service Unavailable', 'The service is unavailable.', 326),
    '400-verb': ('Bad Request - Invalid Verb', 'The request verb is invalid.', 326),
    '400-host': ('Bad Request - Invalid Hostname', 'The request hostname is invalid.', 334),
    '400-long': ('Bad Request - Request Too Long', 'The size of the request headers is too long.', 346),
    '404': ('Not Found', 'The requested resource is not found.', 315),
}

# IIS's short page for remote clients: title, sentence, length (None: none was ever published).
DENIED = ('You do not have permission to view this directory or page using the credentials that '
          'you supplied.')
IIS = {
    '401': ('401 - Unauthorized: Access is denied due to invalid credentials.', DENIED, 1293),
    '403': ('403 - Forbidden: Access is denied.', DENIED, 1233),
    '404': ('404 - File or directory not found.', 'The resource you are looking for might have been '
            'removed, had its name changed, or is temporarily unavailable.', 1245),
    '405': ('405 - HTTP verb used to access this page is not allowed.', 'The page you are looking for '
            'cannot be displayed because an invalid method (HTTP verb) was used to attempt access.', None),
    '413': ('413 - Request entity too large.', 'The page was not displayed because the request entity is '
            'too large.', None),
    '500': ('500 - Internal server error.', 'There is a problem with the resource you are looking for, '
            'and it cannot be displayed.', 1208),
    '403-4': ('403.4 - Forbidden: SSL is required to view this resource.', 'The page you are trying to '
              'access is secured with Secure Sockets Layer (SSL).', None),
    '403-6': ('403.6 - Forbidden: IP address of the client has been rejected.', 'The Web server has a list '
              'of IP addresses that are not allowed to access the site, and yours is on it.', None),
    '403-7': ('403.7 - Forbidden: SSL client certificate is required.', 'The page you are attempting to access '
              'requires your browser to have a Secure Sockets Layer (SSL) client certificate that the Web '
              'server recognizes.', None),
}

SHORT = '''<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"/>
<title>{title}</title>
<style type="text/css">
<!--
body{{margin:0;font-size:.7em;font-family:Verdana, Arial, Helvetica, sans-serif;background:#EEEEEE;}}
fieldset{{padding:0 15px 10px 15px;}} 
h1{{font-size:2.4em;margin:0;color:#FFF;}}
h2{{font-size:1.7em;margin:0;color:#CC0000;}} 
h3{{font-size:1.2em;margin:10px 0 0 0;color:#000000;}} 
#header{{width:96%;margin:0 0 0 0;padding:6px 2% 6px 2%;font-family:"trebuchet MS", Verdana, sans-serif;color:#FFF;
background-color:#555555;}}
#content{{margin:0 0 0 2%;position:relative;}}
.content-container{{background:#FFF;width:96%;margin-top:8px;padding:10px;position:relative;}}
-->
</style>
</head>
<body>
<div id="header"><h1>Server Error</h1></div>
<div id="content">
 <div class="content-container"><fieldset>
  <h2>{title}</h2>
  <h3>{sentence}</h3>
 </fieldset></div>
</div>
</body>
</html>
'''

HTTP_SYS = '''<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">
<HTML><HEAD><TITLE>{title}</TITLE>
<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>
<BODY><h2>{heading}</h2>
<hr><p>HTTP Error {number}. {sentence}</p>
</BODY></HTML>
'''

def write(path, text, length):
    page = text.replace('\n', '\r\n').encode('ascii')
    if length and len(page) != length:
        sys.exit(f'{path.name} has {len(page)} bytes, not {length}')
    path.write_bytes(page)


def main(where):
    where.mkdir(parents=True, exist_ok=True)
    for name, (heading, sentence, length) in KERNEL.items():
        text = HTTP_SYS.format(title=heading.split(' - ')[0], heading=heading, number=name[:3], sentence=sentence)
        write(where / f'httpsys-{name}.htm', text, length)
    for name, (title, sentence, length) in IIS.items():
        write(where / f'iis-{name}.htm', SHORT.format(title=title, sentence=sentence), length)


main(pathlib.Path(sys.argv[1]))
