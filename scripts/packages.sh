# Debian's packages for scripts. It is sourced, never run.

# packages COMMAND=PACKAGE…: installs the packages whose commands are missing, and names them; where that
# cannot be done, it names them in one line and fails. COMMAND may be a file, with wildcards.
packages() {
  local pair missing=()
  for pair in "$@"; do
    case ${pair%%=*} in
      /*) compgen -G "${pair%%=*}" >/dev/null || missing+=("${pair#*=}") ;;
      *) command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}") ;;
    esac
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | tr ' ' '\n' | sort -u)
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "error: install first (Debian's names): ${missing[*]}" >&2
    return 1
  fi
  echo "installing Debian's ${missing[*]}"
  # Debian's packages would start services of their own; what tests need they start themselves.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
  local log
  log=$(mktemp)
  if ! { apt-get -o DPkg::Lock::Timeout=600 update -qq &&
         DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq \
           --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "error: apt-get could not install ${missing[*]}" >&2
    return 1
  fi
  rm -f "$log"
}
