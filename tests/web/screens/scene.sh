#!/usr/bin/env bash
# A mailroom of real processes for the tests of the screens: scene.sh SOURCE BUILD FOLDER
#
# Prints "ready ADDRESS" and takes a command a line until its input ends; each is answered by "done".
#   load SCANNER FOLDER      puts the images of FOLDER into a feeder
#   fault SCANNER SHEET:KIND the scanner will have this fault (docs/virtual-scanner.md)
#   refeed SCANNER SHEETS    the operator puts back all but the first SHEETS sheets
#   receive FILE             takes in a file that was never paper
#   creditors                takes over those of the sample run
#   stop | start             the daemon
set -euo pipefail
root=$1 build=$2 scene=$3
# shellcheck disable=SC2034
source "$root/.ci/steps/common.sh"
# shellcheck source=../../../.ci/steps/scene.sh
source "$root/.ci/steps/scene.sh"

exec 3>&1 1>&2
answer() { printf '%s\n' "$*" >&3; }

add_stations() {
  cat >>"$scene/config/mailroom.toml" <<'TOML'

[stations.one]
name_de = "Arbeitsplatz 1"
name_en = "Station 1"
scanner = "mailroomfeeder:one"
profile = "quick"

[stations.two]
name_de = "Arbeitsplatz 2"
name_en = "Station 2"
scanner = "mailroomfeeder:two"
profile = "quick"
TOML
  cat >>"$scene/config/profiles.toml" <<'TOML'

[quick]
name_de = "Tagespost, schnell"
name_en = "Daily post, quick"
document_class = "letter"
department = "poststelle"
dpi = 150
counting = "feeder_empty"
TOML
}

# let_in USER NAME ROLE...: everybody has the same password here.
let_in() {
  local user=$1 name=$2 role roles=()
  shift 2
  for role in "$@"; do roles+=(--role "$role"); done
  "$build/bin/mailroomctl" "${folders[@]}" user add "$user" --name "$name" "${roles[@]}" --password-stdin <<<'Briefkasten-2026'
}

start_recipients_that_return() {
  local id identities=$scene/data/identities more
  for id in ecm payment hr; do
    more=()
    [[ $id == hr ]] && more=(--decrypt)
    [[ $id == ecm ]] && more=(--return-class delivery_note)
    mkdir -p "$scene/out/$id"
    start "recipient-$id" "$build/bin/mailroom-recipient" --id "$id" --site "$(site)" --host 127.0.0.1 --port "$port" \
      --ca "$identities/ca.pem" --cert "$identities/$id.pem" --key "$identities/$id.key" "${more[@]}" --out "$scene/out/$id"
  done
}

stop_daemon() {
  local index
  for index in "${!scene_names[@]}"; do
    [[ ${scene_names[index]} == mailroomd ]] || continue
    kill -TERM "${scene_pids[index]}" 2>/dev/null || true
    wait "${scene_pids[index]}" 2>/dev/null || true
    unset "scene_pids[index]" "scene_names[index]"
  done
  scene_pids=("${scene_pids[@]}") scene_names=("${scene_names[@]}")
}

refeed() {
  local state=$scene/feeder/$1.feeder
  { grep -v '^fed ' "$state"; grep '^fed ' "$state" | head -n "$((2 * $2))"; } >"$state.new"
  mv "$state.new" "$state"
}

obey() {
  case $1 in
    load) load_feeder "$2" "$3" ;;
    fault) sed -i "/^device $2\$/a fault = $3" "$scene/sane/mailroomfeeder.conf" ;;
    refeed) refeed "$2" "$3" ;;
    receive) "$build/bin/mailroomctl" "${folders[@]}" receive "$2" --profile electronic-invoices --operator weber ;;
    creditors) "$build/bin/mailroomctl" "${folders[@]}" creditors --import "$root/.ci/sample-creditors.csv" --operator krause ;;
    stop) stop_daemon ;;
    start) start_daemon ;;
    *) fail "there is no command '$1'" ;;
  esac
}

trap stop_scene EXIT
prepare_scene
folder_options
add_scanner one 0
add_scanner two 0
start_broker
set_screens "127.0.0.1:$(free_port)"
add_stations
start_recipients_that_return
start_daemon
let_in weber 'Maria Weber' operator
let_in schmidt 'Jonas Schmidt' operator quality_control
let_in krause 'Petra Krause' administrator
answer "ready $(cat "$runtime/station.url")"
while read -r -a words; do
  obey "${words[@]}"
  answer "done"
done
