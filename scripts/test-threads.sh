# Read by the scripts that run tests. Most tests wait for a database, a server or a process: on two cores, six at
# once take half the time of two.
if [ -z "${RUST_TEST_THREADS:-}" ]; then
  RUST_TEST_THREADS=$(nproc 2>/dev/null || echo 6)
  [ "$RUST_TEST_THREADS" -ge 6 ] || RUST_TEST_THREADS=6
  export RUST_TEST_THREADS
fi
