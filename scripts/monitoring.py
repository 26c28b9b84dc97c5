"""Metrics as Prometheus reads them, webhooks as the reference implementation of Standard Webhooks verifies them, and
traces as OpenTelemetry's own definitions read them."""

import base64
import http.server
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from aiosmtpd.controller import Controller
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from standardwebhooks.webhooks import Webhook

SECRET = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
PROGRAM = sys.argv[1]
# What scripts/servers/with tells of a Radicale.
RADICALE = dict(line.split("=", 1) for line in os.environ["ROOM_BOOKING_TEST_RADICALE"].splitlines())
# The metrics that have values once the server has worked with a calendar server, a mail server and webhooks.
AT_WORK = [
    "room_booking_http_requests_total", "room_booking_http_request_duration_seconds_bucket",
    "room_booking_caldav_requests_total", "room_booking_caldav_request_duration_seconds_bucket",
    "room_booking_runs_total", "room_booking_removals_total", "room_booking_warnings_total",
    "room_booking_messages_total", "room_booking_webhooks_total", "room_booking_outbox_messages",
]


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


class Receiver(http.server.BaseHTTPRequestHandler):
    """Verifies what it gets; the first request fails, and one path leads elsewhere."""

    received = []
    attempts = []
    stolen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/elsewhere":
            self.stolen.append(body)
        elif self.path == "/redirects":
            self.send_response(307)
            self.send_header("location", "/elsewhere")
            self.end_headers()
            return
        else:
            self.attempts.append(self.headers["webhook-id"])
            if len(self.attempts) == 1:
                self.send_response(503)
                self.end_headers()
                return
            # It raises an error unless id, time and signature are right.
            self.received.append(Webhook(SECRET).verify(body, dict(self.headers.items())))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Collector(http.server.BaseHTTPRequestHandler):
    """Takes traces, and refuses the first ones."""

    spans = []
    services = set()
    requests = []
    hangs = False

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if Collector.hangs:
            time.sleep(30)
        self.requests.append((self.path, self.headers["content-type"], self.headers["authorization"]))
        if len(self.requests) == 1:
            self.send_response(503)
            self.end_headers()
            return
        asked = ExportTraceServiceRequest()
        asked.ParseFromString(body)
        for resource in asked.resource_spans:
            self.services |= {it.value.string_value for it in resource.resource.attributes if it.key == "service.name"}
            for scope in resource.scope_spans:
                self.spans.extend(scope.spans)
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.end_headers()

    def log_message(self, *_):
        pass


class Mail:
    """Takes every message."""

    async def handle_DATA(self, _server, _session, _envelope):
        return "250 OK"


def attributes(span):
    """The attributes of a span, by their names."""
    return {it.key: getattr(it.value, it.value.WhichOneof("value")) for it in span.attributes}


def event(uid, start, end, more=""):
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nCREATED:{more or '20260101'}T000000Z\r\n"
        f"SUMMARY:{uid}\r\nDTSTART:{start}\r\nDTEND:{end}\r\nORGANIZER:mailto:{uid}@example.org\r\n"
        + ("CLASS:PRIVATE\r\n" if uid == "secret" else "")
        + "END:VEVENT\r\n"
    )


def put(uid, text):
    """Puts an event into the room on Radicale, as its user."""
    basic = base64.b64encode(f"room:{RADICALE['password']}".encode()).decode()
    body = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//test//EN\r\n" + text + "END:VCALENDAR\r\n"
    request = urllib.request.Request(f"{RADICALE['room_calendar']}{uid}.ics", data=body.encode(), method="PUT", headers={
        "Authorization": f"Basic {basic}", "Content-Type": "text/calendar"})
    urllib.request.urlopen(request, timeout=30).close()


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def wait(what, until, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = until()
        except (urllib.error.URLError, ConnectionError, KeyError):
            found = None
        if found:
            return found
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.1)


def events_of(folder):
    """What the server has logged."""
    log = Path(folder, "log").read_text().splitlines()
    return [json.loads(line) for line in log if line.startswith("{")]


def main(folder):
    hooks = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=hooks.serve_forever, daemon=True).start()
    to = f"http://127.0.0.1:{hooks.server_port}"
    port, metrics_port, prometheus_port = free_port(), free_port(), free_port()
    collector = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    mail = Controller(Mail(), hostname="127.0.0.1", port=free_port())
    mail.start()
    environment = {
        "SMTP_SERVER": "127.0.0.1",
        "SMTP_PORT": str(mail.port),
        "SMTP_TLS": "none",
        "SMTP_EMAIL": "rooms@example.org",
        "PATH": os.environ["PATH"],
        "DATA_DIR": f"{folder}/data",
        "LISTEN": f"127.0.0.1:{port}",
        "METRICS_LISTEN": f"127.0.0.1:{metrics_port}",
        "DRAIN_SECONDS": "0",
        "WEBHOOK_URLS": f"{to}/hooks?key=geheim,{to}/redirects",
        "WEBHOOK_SECRET": SECRET,
        "RUST_LOG": "info",
        "LOG_FORMAT": "json",
        "TRUSTED_PROXIES": "127.0.0.1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20geheim",
        "OTEL_SERVICE_NAME": "rooms",
    }
    # What a proxy makes of a request that it traces itself (W3C Trace Context).
    trace, parent = secrets.token_hex(16), secrets.token_hex(8)

    def run(*arguments, text=""):
        done = subprocess.run([PROGRAM, *arguments], env=environment, cwd=folder, input=text, capture_output=True, text=True)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    run("user", "add", "ann", "--administrator")
    run("calendar", "add", "lab", "--name", "The lab", "--user", "ann")
    key = run("key", "add", "--user", "ann", "--name", "test").strip()
    day = time.strftime("%Y%m%d", time.gmtime(time.time() + 3 * 86_400))
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//test//EN\r\n"
    calendar += event("early", f"{day}T100000Z", f"{day}T110000Z")
    calendar += event("late", f"{day}T103000Z", f"{day}T113000Z", "20260201")
    calendar += event("secret", f"{day}T104500Z", f"{day}T105000Z", "20260301")
    Path(folder, "lab.ics").write_text(calendar + "END:VCALENDAR\r\n", newline="")
    run("calendar", "import", "lab", "lab.ics")
    # The same on a calendar server, and in a room that warns first.
    for uid, start, created in [("first", "100000", "20260101"), ("second", "103000", "20260201")]:
        put(uid, event(uid, f"{day}T{start}Z", f"{day}T113000Z", created))
    run("calendar", "add", "board", "--url", RADICALE["url"], "--user-name", "room", "--collection", "meeting-room-1",
        "--password-stdin", "--user", "ann", text=RADICALE["password"])
    run("calendar", "add", "studio", "--user", "ann")
    run("calendar", "set", "studio", "--conflicts", "warn")
    Path(folder, "studio.ics").write_text((calendar + "END:VCALENDAR\r\n").replace("UID:", "UID:studio-"), newline="")
    run("calendar", "import", "studio", "studio.ics")

    with open(f"{folder}/log", "w") as log:
        server = subprocess.Popen([PROGRAM, "serve"], env=environment, cwd=folder, stdout=log, stderr=log)
    prometheus = None
    try:
        wait("the server", lambda: get(f"http://127.0.0.1:{port}/readyz"))
        clear = urllib.request.Request(f"http://127.0.0.1:{port}/api/clear-bookings", method="DELETE",
                                       headers={"Authorization": f"Bearer {key}", "traceparent": f"00-{trace}-{parent}-01"})
        with urllib.request.urlopen(clear, timeout=60) as answer:
            request_id = answer.headers["x-request-id"]
        wait("webhooks", lambda: len(Receiver.received) >= 5)
        told = {it["data"]["event"]["uid"]: it for it in Receiver.received}
        assert set(told) == {"late", "secret", "second", "studio-late", "studio-secret"}, told
        assert told["second"]["type"] == "booking.removed" and told["studio-late"]["type"] == "booking.warned", told
        late, hidden = told["late"], told["secret"]
        assert late["type"] == "booking.removed" and late["data"]["calendar"] == "lab", late
        assert late["data"]["event"]["name"] == "late", late
        assert late["data"]["overlaps_with"]["uid"] == "early", late
        assert hidden["data"]["event"]["name"] == "Private", hidden
        assert hidden["data"]["event"]["organizer"] is None, hidden
        assert len(set(Receiver.attempts)) == len(Receiver.attempts) - 1, "the first is tried again with its id"
        # A signature goes to no other address than the one that was given.
        assert not Receiver.stolen, Receiver.stolen
        history = json.loads(run("history", "list", "--json"))["history"]
        run("history", "restore", str(next(it["id"] for it in history if it["event"]["uid"] == "late")))
        wait("the restore", lambda: any(it["type"] == "booking.restored" for it in Receiver.received))
        print("webhooks: verified by standardwebhooks")

        def at_work():
            text = get(f"http://127.0.0.1:{metrics_port}/metrics")
            is_sent = 'room_booking_messages_total{outcome="sent"}' in text
            return text if is_sent else None

        text = wait("metrics", at_work)
        missing = [it for it in AT_WORK if f"\n{it}{{" not in text and f"\n{it} " not in text]
        assert not missing, missing
        assert f'server="127.0.0.1:{RADICALE["port"]}"' in text, text
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True)
        assert checked.returncode == 0 and not checked.stderr, checked.stderr + checked.stdout
        try:
            get(f"http://127.0.0.1:{port}/metrics")
            raise AssertionError("the public port has metrics")
        except urllib.error.HTTPError as error:
            assert error.code == 404, error
        print("metrics: promtool has nothing to say against them")

        rules = shutil.copy("docs/examples/alerts.yml", folder)
        Path(folder, "prometheus.yml").write_text(
            "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
            f"rule_files: [{rules}]\n"
            "scrape_configs:\n  - job_name: room-booking\n    static_configs:\n"
            f'      - targets: ["127.0.0.1:{metrics_port}"]\n'
        )
        prometheus = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
             f"--web.listen-address=127.0.0.1:{prometheus_port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        api = f"http://127.0.0.1:{prometheus_port}/api/v1"

        def query(text):
            answer = json.loads(get(f"{api}/query?" + urllib.parse.urlencode({"query": text})))
            return answer["data"]["result"]

        wait("a scrape", lambda: [it for it in query('up{job="room-booking"}') if it["value"][1] == "1"])
        assert query("room_booking_calendars")[0]["value"], "no calendars"
        assert query('room_booking_webhooks_total{outcome="sent"}'), "no webhooks"
        dashboard = json.loads(Path("docs/examples/dashboard.json").read_text())
        queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        for it in queries:
            query(it)

        def evaluated():
            groups = json.loads(get(f"{api}/rules"))["data"]["groups"]
            health = [rule["health"] for group in groups for rule in group["rules"]]
            return health if health and set(health) == {"ok"} else None

        health = wait("the rules", evaluated)
        print(f"metrics: scraped by Prometheus; {len(queries)} queries of the dashboard and {len(health)} rules work")
        cleared = next(it for it in events_of(folder) if it["fields"].get("message") == "cleared")
        spans = {it["name"]: it["id"] for it in cleared["spans"]}
        assert spans == {"request": request_id, "run": 1}, cleared
        print("log: events name their request and their run")
        assert "geheim" not in Path(folder, "log").read_text(), "an address of a webhook or a token is in the log"

        def of_request():
            found = {it.name: it for it in Collector.spans if it.trace_id.hex() == trace}
            return found if {"DELETE /api/clear-bookings", "run", "calendar"} <= set(found) else None

        # The collector has refused the first ones.
        with urllib.request.urlopen(clear, timeout=60):
            pass
        try:
            found = wait("traces", of_request, 20)
        except AssertionError:
            names = [(it.name, it.trace_id.hex() == trace) for it in Collector.spans]
            raise AssertionError(f"traces: {names}; {len(Collector.requests)} requests") from None
        request, run_of_it, calendar = (found[it] for it in ("DELETE /api/clear-bookings", "run", "calendar"))
        assert request.parent_span_id.hex() == parent and request.kind == request.SPAN_KIND_SERVER, request
        assert run_of_it.parent_span_id == request.span_id and calendar.parent_span_id == run_of_it.span_id, found
        told = attributes(request)
        assert told["http.request.method"] == "DELETE" and told["http.response.status_code"] == 200, told
        assert told["http.route"] == told["url.path"] == "/api/clear-bookings", told
        assert attributes(calendar)["room_booking.calendar"] in ("lab", "board", "studio"), calendar
        assert Collector.services == {"rooms"}, Collector.services
        # What the first request led to was refused by the collector: all of it is done again.
        put("second", event("second", f"{day}T103000Z", f"{day}T113000Z", "20260301"))
        urllib.request.urlopen(clear, timeout=60).close()

        def of_kind(kind):
            found = [it for it in Collector.spans if it.kind == it.SPAN_KIND_CLIENT]
            return [it for it in found if (it.name in ("message", "webhook")) == (kind != "caldav")
                    and kind in ("caldav", it.name)]

        removal = wait("the span of a removal on a calendar server", lambda: next(
            (it for it in of_kind("caldav") if it.name == "DELETE"), None))
        told = attributes(removal)
        assert told["server.address"] == "127.0.0.1" and told["server.port"] == int(RADICALE["port"]), told
        assert told["http.request.method"] == "DELETE" and told["http.response.status_code"] in (200, 204), told
        # It stands below the run on its calendar, in the trace of the request.
        above = {it.span_id: it for it in Collector.spans}
        assert removal.trace_id.hex() == trace, removal
        assert above[removal.parent_span_id].name == "calendar", above[removal.parent_span_id]
        message = wait("the span of a message", lambda: next(iter(of_kind("message")), None))
        told = attributes(message)
        assert set(told) >= {"room_booking.message.id", "room_booking.message.kind"}, told
        wait("the span of a webhook", lambda: of_kind("webhook"))
        assert set(Collector.requests) == {("/v1/traces", "application/x-protobuf", "Bearer geheim")}, Collector.requests
        said = [it["fields"].get("message") for it in events_of(folder)]
        assert "traces are lost: the collector does not take them" in said, said
        assert "the collector takes traces again" in said, said
        link = f"http://127.0.0.1:{port}/admin/link/geheim"
        try:
            get(link)
        except urllib.error.HTTPError as error:
            assert error.code < 500, error
        hidden = lambda: [it for it in Collector.spans if attributes(it).get("url.path", "").startswith("/admin/link/")]
        wait("the span of a one-time link", hidden)
        assert "geheim" not in str(Collector.spans), "a one-time link is in a trace"
        # Nobody and nothing is named.
        for name in ("example.org", "early", "second", RADICALE["password"]):
            assert name not in str(Collector.spans), f"{name} is in a trace"
        Collector.hangs = True
        begun = time.monotonic()
        server.terminate()
        server.wait()
        took = time.monotonic() - begun
        assert took < 10, f"a collector that hangs holds the end of the program up: {took} s"
        print(f"traces: read with the definitions of OpenTelemetry, {len(Collector.spans)} spans")
    finally:
        server.terminate()
        server.wait()
        mail.stop()
        if prometheus:
            prometheus.terminate()
            prometheus.wait()


with tempfile.TemporaryDirectory() as folder:
    main(folder)
