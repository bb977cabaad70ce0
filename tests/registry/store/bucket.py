"""A small bucket that speaks enough of S3's HTTP for one store: PUT, GET, DeleteObjects, LIST, no rights asked."""

import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

LONG_AGO = datetime(2026, 2, 1, tzinfo=UTC)


class Bucket(ThreadingHTTPServer):
    """Objects in memory under /bucket/; `fail` answers everything with that status, `lose` drops one PUT's answer."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Requests)
        self.objects, self.fail, self.lose = {}, 0, False
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body in one packet

    def parts(self):
        split = urlsplit(self.path)
        return unquote(split.path).partition("/bucket")[2].strip("/"), parse_qs(split.query, keep_blank_values=True)

    def do_PUT(self):
        key, _ = self.parts()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.fail:
            self.answer(self.server.fail)
        elif self.headers.get("If-None-Match") == "*" and key in self.server.objects:
            self.answer(412)
        else:
            self.server.objects[key] = body
            lost, self.server.lose = self.server.lose, False
            self.answer(503 if lost else 200)

    def do_GET(self):
        key, query = self.parts()
        if self.server.fail:
            self.answer(self.server.fail)
        elif "list-type" in query:
            self.answer(200, listing(self.server.objects, query.get("prefix", [""])[0]))
        elif key not in self.server.objects:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self.answer(200, self.server.objects[key])

    def do_POST(self):
        asked = ElementTree.fromstring(self.rfile.read(int(self.headers["Content-Length"])))
        keys = [element.text for element in asked.iter() if element.tag.endswith("Key")]
        for key in keys:
            self.server.objects.pop(key, None)
        told = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self.answer(self.server.fail or 200, f"<DeleteResult>{told}</DeleteResult>".encode())

    def answer(self, status, body=b""):
        self.send_response(status)
        written = format_datetime(LONG_AGO, usegmt=True)
        for name, value in {"Content-Length": str(len(body)), "Last-Modified": written, "ETag": '"e"'}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def listing(objects, prefix):
    rows = (
        f"<Contents><Key>{k}</Key><LastModified>{LONG_AGO:%Y-%m-%dT%H:%M:%S.000Z}</LastModified><ETag>e</ETag>"
        f"<Size>{len(objects[k])}</Size></Contents>"
        for k in sorted(objects)
        if k.startswith(prefix)
    )
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(rows)}</ListBucketResult>".encode()
