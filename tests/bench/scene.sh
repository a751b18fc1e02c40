# shellcheck shell=bash disable=SC2154,SC2034
# What the figures share: a mailroom of their own that a script can look into while it works.
# Sourced with `root` set; MAILROOM_BUILD names the build folder.

# shellcheck source=../../.ci/steps/common.sh
source "$root/.ci/steps/common.sh"
# shellcheck source=../../.ci/steps/scene.sh
source "$root/.ci/steps/scene.sh"
# shellcheck source=../../.ci/steps/once.sh
source "$root/.ci/steps/once.sh"

figure() { printf '%s\t%s\t%s\t%s\n' "$@"; }

# verdict CONDITION: of awk, on numbers.
verdict() { awk "BEGIN { print ($1) ? \"ok\" : \"missed\" }"; }

end_bench() {
  local code=$?
  trap - EXIT
  trap '' INT TERM
  stop_scene
  ((code == 0)) || keep_logs "bench-$$"
  rm -rf "$scene"
  exit "$code"
}

# open_bench RATE: broker, recipients and daemon, and a scanner "bench" of RATE sides a minute.
open_bench() {
  need_programs release
  common_identities
  scene=$(mktemp -d "${TMPDIR:-/tmp}/mailroom-bench-XXXXXX")
  runtime=$scene/runtime
  trap end_bench EXIT
  trap 'exit 130' INT TERM
  prepare_scene "$state/data/identities"
  # The same invoice comes again and again: it would be asked about.
  sed -i 's/^reading = "invoice"/reading = "none"/' "$scene/config/classes.toml"
  folder_options
  add_scanner bench "$1"
  start_broker
  start_recipients "$scene/delivered"
  start_daemon
  daemon_pid=${scene_pids[-1]}
}

# sample_stack: draws it into SCENE/sample, sets `stack` to the folder of images.
sample_stack() {
  "$build/bin/mailroom-sample" "${folders[@]}" --out "$scene/sample" >"$scene/log/sample.log" 2>&1
  stack=$(dirname "$(find "$scene/sample" -type f -name '*.jpg' | LC_ALL=C sort | head -n 1)")
}

# scan_arguments SHEETS: what a person at the scanner would give, in `arguments`.
scan_arguments() {
  arguments=(scan --scanner mailroomfeeder:bench --profile "$(profile_for feeder_duplex patch_t)" --operator bench --declared "$1")
}

# peak_kib PID: the most memory the process ever held.
peak_kib() { awk '/^VmHWM/ { print $2 }' "/proc/$1/status"; }
