# Tools of cargo, in pinned versions. It is sourced, never run.

target=${CARGO_TARGET_DIR:-target}

# install_tool NAME VERSION: builds `cargo NAME` without optimisation, because it runs for a second, unless that
# version is there already.
install_tool() {
  mkdir -p "$target/tools"
  [ "$(with_tools cargo "$1" --version 2>/dev/null | grep -o '[0-9.]*$')" != "$2" ] || return 0
  echo "installing cargo-$1 $2 into $target/tools"
  # In a target folder of its own: in the workspace's it would hold up the other steps.
  env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=false \
    cargo install "cargo-$1" --locked --quiet --debug --force --version "$2" --root "$target/tools"
}

# with_tools COMMAND…: runs a command that finds the tools.
with_tools() {
  PATH="$(cd "$target" && pwd)/tools/bin:$PATH" "$@"
}

# mdBook, for scripts/documents, without its server and without watching files.
install_mdbook() {
  local version=0.5.4
  mkdir -p "$target/tools"
  [ "$(with_tools mdbook --version 2>/dev/null)" != "mdbook v$version" ] || return 0
  echo "installing mdBook $version into $target/tools"
  env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=false \
    cargo install mdbook --locked --quiet --debug --force --version "$version" --root "$target/tools" \
    --no-default-features --features search
}

install_cargo_deny() { install_tool deny 0.20.2; }
install_cargo_cyclonedx() { install_tool cyclonedx 0.5.9; }

# The program, target/debug/room-booking, as all tests build it. With the features that it has alone, everything would be
# built twice, and tests that run meanwhile would have it replaced.
build_program() { cargo test --quiet --locked --workspace --no-run --test processes; }

# The mail server of the tests, target/smtp-peer-*, which a first test would set up otherwise.
set_mail_server_up() {
  cargo test --quiet --locked --workspace --test smtp -- several_letters_go_over_one_connection
}

# Every client of every test reads the certificates of the machine. Tests bring the ones that they trust, so one of
# the machine's is enough, and takes less time than 150. Sets `one_certificate` to what a command of tests is run
# with; what downloads something needs them all.
one_certificate=(env)
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
  mkdir -p "$target"
  awk '1; /-END CERTIFICATE-/ { exit }' /etc/ssl/certs/ca-certificates.crt >"$target/one-certificate.pem"
  one_certificate=(env -u SSL_CERT_DIR "SSL_CERT_FILE=$(realpath "$target")/one-certificate.pem")
fi
