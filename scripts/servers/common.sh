# What the scripts that start CalDAV servers share. It is sourced, never run.
#
# A script of a server defines
#
#   needs      installs what the server needs, by `debian` and `environment`
#   prepare    writes the settings for $port into $folder; may run again on the same folder
#   launch     starts the server's processes, the server itself as `daemon server COMMAND…`
#   answers    succeeds once the server answers
#   calendars  makes the calendars, unless they are there
#   describe   prints what a client has to know, by `says KEY VALUE`
#
# and ends with `serve "$@"`, whose arguments are FOLDER [PORT].

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$(cd "$here/../.." && mkdir -p "${CARGO_TARGET_DIR:-target}/servers" && cd "${CARGO_TARGET_DIR:-target}/servers" && pwd)
name=$(basename "$0")
# The same for alice, bob and room. It protects nothing: the servers listen on 127.0.0.1 only.
password=test-secret-1
users=(alice bob room)

fail() {
  echo "error: $name: $*" >&2
  exit 1
}

# --- Installing

# debian COMMAND-OR-FILE… -- PACKAGE…: installs Debian's packages, unless all of these are there.
debian() {
  local wanted there=1
  while [ "$1" != -- ]; do
    wanted=$1
    case $wanted in
      /*) compgen -G "$wanted" >/dev/null || there= ;;
      *) command -v "$wanted" >/dev/null || there= ;;
    esac
    shift
  done
  shift
  [ -z "$there" ] || return 0
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    fail "install first (Debian's names): $*"
  fi
  # In a shell of its own, so that the lock and the policy end with it.
  (
    exec 9>/run/room-booking-servers.lock
    flock 9
    # Debian's packages would start services of their own, now and at every start of the machine.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      trap 'rm -f "$policy"' EXIT
      printf '#!/bin/sh\nexit 101\n' > "$policy"
      chmod 755 "$policy"
    fi
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
      echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
    before=$(services)
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get -o DPkg::Lock::Timeout=600 update -qq &&
           apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "$@"; } \
         >"$cache/$name-packages.log" 2>&1; then
      tail -n 20 "$cache/$name-packages.log" >&2
      fail "apt-get could not install $*"
    fi
    for service in $(comm -13 <(echo "$before") <(services)); do
      update-rc.d "$service" disable >/dev/null 2>&1 || true
    done
  ) || exit 1
}

services() { find /etc/init.d -type f -printf '%f\n' 2>/dev/null | sort; }

# environment FILE: a Python environment with the packages that FILE pins; `$python` is its folder of
# programs. It is made once.
environment() {
  local home
  home=$cache/$(basename "$1" .txt)
  python=$home/bin
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    debian /nowhere -- python3 python3-venv
  fi
  (
    exec 9>"$home.lock"
    flock 9
    cmp -s "$1" "$home/installed" && exit 0
    rm -rf "$home"
    if ! { python3 -m venv "$home" && "$home/bin/pip" install -q -r "$1"; } >"$home.log" 2>&1; then
      tail -n 20 "$home.log" >&2
      fail "pip could not install $1"
    fi
    cp "$1" "$home/installed"
  ) || exit 1
}

# --- Processes

# The moment at which a process began, which tells it from a later one with the same number.
began() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# daemon NAME COMMAND…: starts a process as the leader of a session of its own.
daemon() {
  local what=$1
  shift
  (cd "$folder" && exec setsid "$@") </dev/null >>"$folder/$what.log" 2>&1 9>&- &
  local process=$!
  disown "$process"
  echo "$process $(began "$process")" > "$folder/$what.pid"
}

# The processes of a daemon: all of its session, also when its leader is dead.
members() {
  local process moment now
  read -r process moment < "$folder/$1.pid" 2>/dev/null || return 0
  now=$(began "$process") || now=
  if [ -n "$now" ] && [ "$now" != "$moment" ]; then return 0; fi
  # A process that has ended and that nobody has waited for is none any more.
  ps -o pid=,stat= -s "$process" 2>/dev/null | awk '$2 !~ /^Z/ { print $1 }'
}

# end NAME SIGNAL: ends a daemon and all that it started; what has not ended after two seconds is killed
# (SOGo would take note of the signal at its next request only).
end() {
  local list step
  for step in $(seq 150); do
    list=$(members "$1")
    [ -n "$list" ] || break
    if [ "$step" = 1 ]; then kill "-$2" $list 2>/dev/null || true; fi
    if [ "$step" -gt 20 ]; then kill -KILL $list 2>/dev/null || true; fi
    sleep 0.1
  done
  rm -f "$folder/$1.pid"
}

# Ends everything that runs in $folder.
end_all() {
  local file
  # The server first: its helpers are of use to it until its end.
  if [ -e "$folder/server.pid" ]; then end server TERM; fi
  for file in "$folder"/*.pid; do
    [ -e "$file" ] || continue
    end "$(basename "$file" .pid)" TERM
  done
  stop_postgres
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# for_user USER: lets USER into $folder, and sets `as` so that "${as[@]}" COMMAND runs as that user.
for_user() {
  as=()
  [ "$(id -u)" = 0 ] || return 0
  id "$1" >/dev/null 2>&1 || fail "there is no user $1"
  as=(setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups)
  "${as[@]}" test -x "$folder" || fail "the user $1 cannot enter $folder; choose one below /tmp"
}

# --- PostgreSQL in $folder/postgres, on a Unix socket in $folder

find_postgres() {
  postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -x "$postgres/initdb" ] || fail "PostgreSQL's initdb was not found in /usr/lib/postgresql"
}

start_postgres() {
  find_postgres
  for_user postgres
  if [ ! -e "$folder/postgres/ready" ]; then
    rm -rf "$folder/postgres"
    mkdir "$folder/postgres"
    [ "$(id -u)" != 0 ] || chown postgres "$folder/postgres"
    (cd / && "${as[@]}" "$postgres/initdb" -D "$folder/postgres/data" -U postgres -A trust -E UTF8 \
      --locale=C.UTF-8 >"$folder/initdb.log" 2>&1) || fail "initdb failed: see $folder/initdb.log"
    touch "$folder/postgres/ready"
  fi
  # It holds nothing that has to outlive the machine.
  (cd / && "${as[@]}" "$postgres/pg_ctl" -D "$folder/postgres/data" -w -l "$folder/postgres/log" -o \
    "-c listen_addresses= -c unix_socket_directories=$folder/postgres -c fsync=off" \
    start </dev/null >/dev/null 2>&1 9>&-) ||
    fail "PostgreSQL did not start: see $folder/postgres/log"
}

stop_postgres() {
  [ -e "$folder/postgres/data/postmaster.pid" ] || return 0
  find_postgres
  for_user postgres
  (cd / && "${as[@]}" "$postgres/pg_ctl" -D "$folder/postgres/data" -m fast -w stop \
    >/dev/null 2>&1) || true
}

# sql DATABASE: runs the statements of standard input, all or none.
sql() {
  PGHOST=$folder/postgres psql -q -X -v ON_ERROR_STOP=1 -U postgres "$1" >>"$folder/sql.log" 2>&1
}

# --- HTTP

# status USER METHOD URL CURL-ARGUMENT…: the status of one request, 000 if there was no answer.
status() {
  local user=$1 method=$2 url=$3
  shift 3
  curl -sS -o "$folder/answer" -w '%{http_code}' --max-time 20 -u "$user:$password" -X "$method" \
    "$@" "$url" 2>"$folder/curl.log" || true
}

# Whether there is something at an address. It asks for one property, because all of them may mean that
# a server reads every object of a large calendar. Xandikos says within a 207 that there is nothing.
there() {
  [ "$(status "$1" PROPFIND "$2" -H 'Depth: 0' -H 'Content-Type: application/xml' --data-binary \
    '<propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>')" = 207 ] &&
    ! grep -q '404 Not Found' "$folder/answer"
}

# make_calendar USER URL: MKCALENDAR, unless the calendar is there.
make_calendar() {
  if there "$1" "$2"; then return 0; fi
  local got
  got=$(status "$1" MKCALENDAR "$2")
  [ "$got" = 201 ] || fail "MKCALENDAR $2 was answered with $got: $(head -c 400 "$folder/answer")"
}

says() { printf '%s=%s\n' "$1" "$2"; }

# --- Starting

wait_until_it_answers() {
  local step
  for step in $(seq 300); do
    if answers; then return 0; fi
    if [ -z "$(members server)" ]; then return 1; fi
    sleep 0.2
  done
  return 1
}

serve() {
  if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    fail "usage: scripts/servers/$name FOLDER [PORT]"
  fi
  port=${2:-0}
  case $port in *[!0-9]*) fail "the port has to be a number, not $port" ;; esac
  mkdir -p "$1"
  folder=$(cd "$1" && pwd)
  case $folder in *[[:space:]]*) fail "the folder's path may not hold spaces: $folder" ;; esac
  # Paths of Unix sockets hold at most 107 bytes.
  [ ${#folder} -le 80 ] || fail "the folder's path is longer than 80 characters: $folder"
  chmod 755 "$folder"
  debian curl python3 ps setsid flock -- curl python3 procps util-linux
  needs

  local attempt wanted=$port
  for attempt in 1 2 3; do
    # What an earlier start left behind, be it dead or alive.
    end_all
    [ "$wanted" != 0 ] || port=$(free_port)
    url=http://127.0.0.1:$port
    trap 'end_all' EXIT
    trap 'exit 130' INT TERM
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      [ "$wanted" = 0 ] || fail "something else listens on port $port"
      continue
    fi
    prepare
    : > "$folder/server.log"
    launch
    if wait_until_it_answers; then
      calendars
      says kind "$name"
      says folder "$folder"
      says port "$port"
      says password "$password"
      describe
      trap - EXIT
      return 0
    fi
    # A port that was free may have been taken a moment later.
    [ "$wanted" = 0 ] || break
  done
  tail -n 20 "$folder/server.log" >&2
  fail "it did not come up in $folder"
}
