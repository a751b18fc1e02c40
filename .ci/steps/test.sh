# shellcheck shell=bash disable=SC2154
# `test`: builds and runs the tests.

test_command() {
  local label report=$logs/test-$$.xml log=$logs/test.log code=0 selection=()
  need_packages build run test
  need_programs dev
  for label in "$@"; do
    labels | grep -xF "$label" >/dev/null || fail "no test has the label '$label'; there are: $(labels | tr '\n' ' ')"
  done
  (($# == 0)) || selection=(-L "^($(IFS='|' && echo "$*"))\$")
  say "Testing ${*:-everything}"
  # One more than there are cores: most tests wait for their processes half of the time.
  ctest --test-dir "$build" --parallel "$(($(nproc) + 1))" "${selection[@]}" --output-junit "$report" >"$log" 2>&1 &
  follow_tests $! "$log"
  wait $! || code=$?
  [[ -s $report ]] || {
    show_log "$log"
    fail "the tests did not run"
  }
  python3 "$root/.ci/steps/test_report.py" "$report" "$log" || code=$?
  rm -f "$report"
  return "$((code != 0))"
}

labels() { ctest --test-dir "$build" --print-labels | sed -nE 's/^  (.*)$/\1/p'; }

# follow_tests PID LOG: how many are through, while the process writes the log.
follow_tests() {
  local seconds=0
  while kill -0 "$1" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    ((seconds % 20)) || say "  $(grep -oE '^ *[0-9]+/[0-9]+ ' "$2" | tail -n 1 | tr -d ' ') tests after ${seconds} s"
  done
}
