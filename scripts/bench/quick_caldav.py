"""A CalDAV server that answers quickly, for the benchmarks: any number of calendars with the same
objects, all below /calendars/. It knows PROPFIND for the state, sync-collection and calendar-multiget, takes writes, and does no
more; for whoever writes, its token stays the same.

A folder that `homes` names lists its calendars to a PROPFIND of Depth 1."""
import hashlib
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

OPEN = b'<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'

# When each home was asked for its calendars.
polled = {}


class Objects:
    """The objects of a folder, as they stand in answers."""

    def __init__(self, folder):
        self.listed, self.given = {}, {}
        for path in sorted(Path(folder).glob("*.ics")):
            self.put(path.name, path.read_text())

    def put(self, name, text):
        """Takes an object; its ETag."""
        etag = '"' + hashlib.sha1(text.encode()).hexdigest()[:16] + '"'
        prop = "<propstat><prop><getetag>" + etag + "</getetag>"
        status = "</prop><status>HTTP/1.1 200 OK</status></propstat></response>"
        data = "<C:calendar-data>" + escape(text) + "</C:calendar-data>"
        self.listed[name] = (prop + status).encode()
        self.given[name] = (prop + data + status).encode()
        return etag

    def answer(self, path, body):
        """The answer to a REPORT."""
        if b"multiget" in body:
            names = [it.decode().rsplit("/", 1)[-1]
                     for it in re.findall(rb"href>([^<]+)</", body)]
            parts = [self.response(path, name, self.given) for name in names]
        elif re.search(rb"sync-token>[^<]", body):
            parts = [b"<sync-token>quick:1</sync-token>"]
        else:
            parts = [self.response(path, name, self.listed) for name in self.listed]
            parts.append(b"<sync-token>quick:1</sync-token>")
        return OPEN + b"".join(parts) + b"</multistatus>"

    def response(self, path, name, of):
        return b"<response><href>" + (path + name).encode() + b"</href>" + of[name]


def state(path):
    """What a PROPFIND says of a calendar."""
    prop = b"<resourcetype><collection/><C:calendar/></resourcetype><sync-token>quick:1</sync-token>"
    return (b"<response><href>" + path.encode() + b"</href><propstat><prop>" + prop +
            b"</prop><status>HTTP/1.1 200 OK</status></propstat></response>")


def serve(objects, port=0, homes=None):
    """Serves them on that port, or a free one; its address, and a list with the number of requests.

    `homes` has the paths of calendars by the path of their folder."""
    count = [0]
    homes = homes or {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One piece: two would wait for each other's acknowledgement.
        wbufsize = -1

        def do_PROPFIND(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            count[0] += 1
            if self.path in homes:
                polled.setdefault(self.path, []).append(time.monotonic())
            calendars = homes.get(self.path, []) if self.headers.get("Depth") == "1" else []
            self.answered(OPEN + b"".join(state(it) for it in calendars or [self.path]) + b"</multistatus>")

        def do_REPORT(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            count[0] += 1
            self.answered(objects.answer(self.path, body))

        def answered(self, answer):
            self.send_response(207)
            self.send_header("Content-Type", "application/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            self.wfile.flush()

        def do_PUT(self):
            text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self.done(objects.put(self.path.rsplit("/", 1)[-1], text))

        def do_DELETE(self):
            objects.listed.pop(self.path.rsplit("/", 1)[-1], None)
            self.done(None)

        def done(self, etag):
            self.send_response(204)
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.flush()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/calendars/", count
