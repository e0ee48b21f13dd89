#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Answers of any length, made while they are sent: /json, /ndjson, /xml, each with ?bytes=N. Loopback only.

Prints its port. Each record has its own key; all other text is synthetic and the same.
"""
import http.server
import sys
import urllib.parse

FACE = {"name": "示例区电子证照库", "scope": "许可经营范围：" + "示例项目、" * 50, "address": "示例市示例区示例路" + "一" * 60}
BATCH = 2000


def json_record(n):
    face = ",".join('"%s":"%s"' % pair for pair in FACE.items())
    return '{"id":"L%09d","no":"N%09d","state":"1",%s}' % (n, n, face)


def xml_record(n):
    face = "".join("<%s>%s</%s>" % (name, text, name) for name, text in FACE.items())
    return "<ROW><id>L%09d</id><no>N%09d</no><state>1</state>%s</ROW>" % (n, n, face)


FORMS = {
    "/json": ("application/json", '{"code":"0","data":[', json_record, ",", '],"total":%d}'),
    "/ndjson": ("application/x-ndjson", "", json_record, "\n", '\n{"end":"true","count":%d}\n'),
    "/xml": ("text/xml", '<?xml version="1.0" encoding="UTF-8"?><ROOT><DATA>', xml_record, "", "</DATA><TOTAL>%d</TOTAL></ROOT>"),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = urllib.parse.urlsplit(self.path)
        if parts.path not in FORMS:
            self.send_error(404)
            return
        kind, start, record, between, end = FORMS[parts.path]
        wanted = int(urllib.parse.parse_qs(parts.query)["bytes"][0])
        size = len(record(0).encode()) + len(between.encode())
        count = max(1, wanted // size)
        tail = (end % count).encode()
        length = len(start.encode()) + count * size - len(between.encode()) + len(tail)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        # One batch is made once; only the keys in it are written anew.
        shape = record(0).encode().replace(b"000000000", b"%09d") + between.encode()
        self.wfile.write(start.encode())
        for first in range(0, count, BATCH):
            some = range(first, min(first + BATCH, count))
            block = b"".join(shape % (n, n) for n in some)
            if some.stop == count and between:
                block = block[: -len(between.encode())]
            self.wfile.write(block)
        self.wfile.write(tail)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
sys.stdout.close()
server.serve_forever()
