"""The work of `rolling-restart`, which starts it: PROXY RESTARTS PROGRAM DATABASE_URL OLDER."""

import collections
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PROXY, RESTARTS, PROGRAM, DATABASE = sys.argv[1], int(sys.argv[2]), os.path.abspath(sys.argv[3]), sys.argv[4]
# What both servers are before their first restart; the same program, if it is no upgrade.
OLDER = os.path.abspath(sys.argv[5])
CLIENTS = 8
# Calendars that are cleared every minute meanwhile, and how late they may be, in seconds.
SCHEDULED, MAX_LATE = 20, 30
# HAProxy asks every 500 ms and needs two answers: less than the drain.
DRAIN = 3
HAPROXY = """
global
    maxconn 1000
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    timeout check 2s
frontend all
    bind 127.0.0.1:{proxy}
    default_backend rooms
backend rooms
    balance roundrobin
    option httpchk GET /readyz
    http-check expect status 200
    default-server check inter 500ms fall 2 rise 1
    server one 127.0.0.1:{one}
    server two 127.0.0.1:{two}
"""
# What the documents say, with other names, and without TLS.
DOCUMENT = pathlib.Path(__file__).parent.parent / "docs" / "reverse-proxies.md"
NGINX = """
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1000; }}
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{documented}
}}
"""


def configuration(folder, ports):
    if PROXY == "haproxy":
        return HAPROXY.format(**ports)
    text = DOCUMENT.read_text().split("\n### Two servers\n")[1].split("```nginx\n")[1].split("```")[0]
    for old, new in [("192.0.2.11:8000", f"127.0.0.1:{ports['one']}"), ("192.0.2.12:8000", f"127.0.0.1:{ports['two']}"),
                     ("443 ssl http2", f"127.0.0.1:{ports['proxy']}")]:
        if old not in text:
            sys.exit(f"the documents do not say {old} any more")
        text = text.replace(old, new)
    lines = [line for line in text.splitlines() if "ssl_certificate" not in line]
    return NGINX.format(folder=folder, documented="\n".join(lines))


def command(file):
    if PROXY == "haproxy":
        return ["haproxy", "-db", "-f", file]
    return ["nginx", "-c", file, "-p", file.parent, "-e", file.parent / "nginx.log"]


def version(program):
    return subprocess.run([program, "--version"], check=True, text=True, capture_output=True).stdout.strip()


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def ask(port, method, path, body=None, headers=None, connection=None):
    connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    answer.read()
    return answer.status


class Server:
    def __init__(self, folder, port):
        self.folder, self.port, self.metrics = folder, port, free_port()
        self.start(OLDER)

    def start(self, program):
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": DATABASE, "DATA_DIR": str(self.folder),
                       "LISTEN": f"127.0.0.1:{self.port}", "DRAIN_SECONDS": str(DRAIN), "RUST_LOG": "warn",
                       "TRUSTED_PROXIES": "127.0.0.1", "EVENTS_PER_KEY_PER_DAY": "1000000",
                       "METRICS_LISTEN": f"127.0.0.1:{self.metrics}"}
        with open(self.folder / f"server-{self.port}.log", "ab") as log:
            self.process = subprocess.Popen([program, "serve"], cwd=self.folder, env=environment, stdout=log,
                                            stderr=log)
        until(lambda: ask(self.port, "GET", "/readyz") == 200, 60)

    def restart(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        if status != 0:
            sys.exit(f"a server ended with status {status}")
        self.start(PROGRAM)


def until(condition, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit(f"not there after {seconds} seconds")


def load(client, port, key, is_over, outcomes):
    """Reads and books in turn over one connection, as browsers and scripts do."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection, number = http.client.HTTPConnection("127.0.0.1", port, timeout=30), client
    while not is_over.is_set():
        day, hour, minute = 1 + number // 1200 % 28, number // 60 % 20, number % 60
        month, year = 1 + number // 33_600 % 12, 2030 + number // 403_200
        start = f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00"
        body = json.dumps({"name": f"n{number}", "start": start, "end": start[:-2] + "30"})
        method = "POST" if number // CLIENTS % 2 else "GET"
        try:
            status = ask(port, method, "/api/room/events", body if method == "POST" else None, headers, connection)
            if status not in (200, 201):
                print(f"{method} {number}: {status}", flush=True)
        except (OSError, http.client.HTTPException) as error:
            status = type(error).__name__
            print(f"{method} {number}: {error!r}", flush=True)
            connection.close()
        outcomes[client][status] += 1
        number += CLIENTS
        time.sleep(0.01)


def lateness(servers, is_over, latest):
    """How late the latest scheduled run was, as the servers that are there say."""
    while not is_over.is_set():
        for server in servers:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", server.metrics, timeout=5)
                connection.request("GET", "/metrics")
                for line in connection.getresponse().read().decode().splitlines():
                    if line.startswith("room_booking_schedule_lateness_seconds "):
                        latest.append(float(line.split()[1]))
            except (OSError, http.client.HTTPException):
                pass
        time.sleep(0.5)


def run(folder):
    def program(*arguments):
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": DATABASE, "DATA_DIR": str(folder)}
        return subprocess.run([OLDER, *arguments], cwd=folder, env=environment, check=True, text=True,
                              capture_output=True).stdout.strip()

    ports = {name: free_port() for name in ("proxy", "one", "two")}
    program("user", "add", "ann", "--address", "ann@example.org")
    program("calendar", "add", "room", "--user", "ann")
    for number in range(SCHEDULED):
        program("calendar", "add", f"scheduled-{number}")
        program("calendar", "set", f"scheduled-{number}", "--schedule", "1")
    key = program("key", "add", "--user", "ann", "--name", "load")
    servers = [Server(folder, ports["one"]), Server(folder, ports["two"])]
    file = folder / "proxy.conf"
    file.write_text(configuration(folder, ports))
    proxy = subprocess.Popen(command(file), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: ask(ports["proxy"], "GET", "/readyz") == 200, 20)
        time.sleep(2)
        is_over, outcomes = threading.Event(), [collections.Counter() for _ in range(CLIENTS)]
        clients = [threading.Thread(target=load, args=(client, ports["proxy"], key, is_over, outcomes))
                   for client in range(CLIENTS)]
        latest = []
        clients.append(threading.Thread(target=lateness, args=(servers, is_over, latest)))
        for client in clients:
            client.start()
        for number in range(RESTARTS):
            servers[number % 2].restart()
            print(f"restart {number + 1} of {RESTARTS}", flush=True)
            # Until the proxy has seen it.
            time.sleep(2)
        is_over.set()
        for client in clients:
            client.join()
    finally:
        proxy.terminate()
        for server in servers:
            server.process.kill()
    every = sum(outcomes, collections.Counter())
    failed = sum(count for status, count in every.items() if status not in (200, 201))
    what = "restarts" if OLDER == PROGRAM else f"restarts from {version(OLDER)} to {version(PROGRAM)}"
    print(f"{PROXY}: {RESTARTS} {what}, {sum(every.values())} requests ({every[201]} bookings), {failed} failed; "
          f"a run of {SCHEDULED} calendars that are cleared every minute was {max(latest, default=-1):.0f} s late at most, "
          f"of {len(latest)} looks")
    return failed == 0 and len(latest) > 0 and max(latest) <= MAX_LATE


with tempfile.TemporaryDirectory() as name:
    sys.exit(0 if run(pathlib.Path(name)) else 1)
