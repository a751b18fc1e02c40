# shellcheck shell=bash disable=SC2154
# `panel [STATION]`: the emulated panel of a station of `run`, in this terminal.

panel_command() {
  local station=${1:-station1} control folders=()
  [[ -e $state/scene ]] || fail "nothing is running; ./mailroom run starts it"
  # shellcheck disable=SC1091
  source "$state/scene"
  control=${folders[-1]}/$station.panel
  [[ -S $control ]] || fail "station '$station' has no panel; try station1 or station2"
  need_programs release
  exec "$build/bin/mailroom-panel-emulator" --attach "$control"
}
