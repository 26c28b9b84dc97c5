"""Metrics as Prometheus reads them, and webhooks as the reference implementation of Standard Webhooks verifies them."""

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

from standardwebhooks.webhooks import Webhook

SECRET = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
PROGRAM = sys.argv[1]


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


def event(uid, start, end, more=""):
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nCREATED:{more or '20260101'}T000000Z\r\n"
        f"SUMMARY:{uid}\r\nDTSTART:{start}\r\nDTEND:{end}\r\nORGANIZER:mailto:{uid}@example.org\r\n"
        + ("CLASS:PRIVATE\r\n" if uid == "secret" else "")
        + "END:VEVENT\r\n"
    )


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


def main(folder):
    hooks = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=hooks.serve_forever, daemon=True).start()
    to = f"http://127.0.0.1:{hooks.server_port}"
    port, metrics_port, prometheus_port = free_port(), free_port(), free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": f"{folder}/data",
        "LISTEN": f"127.0.0.1:{port}",
        "METRICS_LISTEN": f"127.0.0.1:{metrics_port}",
        "DRAIN_SECONDS": "0",
        "WEBHOOK_URLS": f"{to}/hooks?key=geheim,{to}/redirects",
        "WEBHOOK_SECRET": SECRET,
        "RUST_LOG": "info",
        "LOG_FORMAT": "json",
    }

    def run(*arguments):
        done = subprocess.run([PROGRAM, *arguments], env=environment, cwd=folder, capture_output=True, text=True)
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

    with open(f"{folder}/log", "w") as log:
        server = subprocess.Popen([PROGRAM, "serve"], env=environment, cwd=folder, stdout=log, stderr=log)
    prometheus = None
    try:
        wait("the server", lambda: get(f"http://127.0.0.1:{port}/readyz"))
        clear = urllib.request.Request(f"http://127.0.0.1:{port}/api/clear-bookings", method="DELETE",
                                       headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(clear, timeout=60) as answer:
            request_id = answer.headers["x-request-id"]
        wait("webhooks", lambda: len(Receiver.received) >= 2)
        told = {it["data"]["event"]["uid"]: it for it in Receiver.received}
        assert set(told) == {"late", "secret"}, told
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

        text = wait("metrics", lambda: get(f"http://127.0.0.1:{metrics_port}/metrics"))
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
        log = Path(folder, "log").read_text().splitlines()
        events = [json.loads(line) for line in log if line.startswith("{")]
        cleared = next(it for it in events if it["fields"].get("message") == "cleared")
        spans = {it["name"]: it["id"] for it in cleared["spans"]}
        assert spans == {"request": request_id, "run": 1}, cleared
        print("log: events name their request and their run")
        assert "geheim" not in Path(folder, "log").read_text(), "an address of a webhook is in the log"
    finally:
        server.terminate()
        server.wait()
        if prometheus:
            prometheus.terminate()
            prometheus.wait()


with tempfile.TemporaryDirectory() as folder:
    main(folder)
