# shellcheck shell=bash disable=SC2154
# `run`: the whole mailroom on this machine, with a sample stack, until Ctrl-C.

run_command() {
  local word detach=''
  for word in "$@"; do
    if [[ $word == --once ]]; then
      # shellcheck source=.ci/steps/once.sh
      source "$root/.ci/steps/once.sh"
      once_command "$@"
      return
    fi
  done
  while (($#)); do
    case $1 in
      --detach) detach=yes ;;
      *) fail "run does not know '$1'" ;;
    esac
    shift
  done
  # shellcheck source=.ci/steps/scene.sh
  source "$root/.ci/steps/scene.sh"
  scene=$state
  refuse_second_run
  need_packages build run
  need_programs release

  outlive=$detach
  trap end_run EXIT
  trap 'exit 0' INT TERM HUP
  start_everything
  draw_sample_stack
  feed_sample_stack
  drop_sample_invoice
  show_where_to_look
  if [[ -n $detach ]]; then
    trap - EXIT
    say "It goes on in the background; ./mailroom stop ends it."
    return 0
  fi
  say "Ctrl-C ends it all."
  wait_for_an_end
}

running_file() { echo "$state/running"; }

# Process ids are used again: a process counts as ours only when it was started with this folder.
is_ours() { tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -F >/dev/null -e "$state/" -e "$root/mailroom" -e './mailroom'; }

refuse_second_run() {
  local pid
  [[ -e $(running_file) ]] || return 0
  while read -r pid; do
    is_ours "$pid" && fail "it is running already; ./mailroom stop ends it"
  done <"$(running_file)"
  rm -f "$(running_file)"
}

end_run() {
  local code=$?
  trap - EXIT
  trap '' INT TERM
  say "Stopping"
  stop_scene
  rm -f "$(running_file)" "$state/scene"
  ((code == 0)) || say "logs: $scene/log"
  exit "$code"
}

start_everything() {
  prepare_scene
  folder_options
  rm -f "$scene/sane/mailroomfeeder.conf"
  add_scanner station1 120
  add_scanner station2 120
  say "Starting the broker"
  start_broker
  say "Starting the recipients ecm, payment and hr"
  start_recipients "$state/delivered" apart
  if listens 8450; then set_screens 127.0.0.1:0; fi
  add_station station1 "Arbeitsplatz 1" "Workplace 1"
  add_station station2 "Arbeitsplatz 2" "Workplace 2"
  add_panel station1
  add_panel station2
  add_folder invoices "$state/invoices" electronic-invoices
  say "Starting the daemon"
  start_daemon
  import_sample_creditors
  add_person demo "Dana Demo" operator
  add_person pruefung "Petra Prüfung" quality_control
  add_person verwaltung "Volker Verwaltung" administrator
  { [[ -n $outlive ]] || echo "$$"; printf '%s\n' "${scene_pids[@]}"; } >"$(running_file)"
  declare -p folders >"$state/scene"
}

draw_sample_stack() {
  # Drawn anew each time: an invoice that came before would be stopped.
  say "Drawing the sample stack"
  rm -rf "$state/sample"
  "$build/bin/mailroom-sample" "${folders[@]}" --out "$state/sample" \
    --invoice-number "$(date +%Y-%m%d%H%M)" >"$scene/log/sample.log" 2>&1 || {
    show_log "$scene/log/sample.log"
    fail "the sample stack could not be drawn"
  }
}

# The images lie in the folder itself or in one below it, truth.json beside them.
sample_images() { dirname "$(find "$state/sample" -type f -name '*.jpg' | LC_ALL=C sort | head -n 1)"; }

feed_sample_stack() {
  local stack sides code=0
  stack=$(sample_images)
  sides=$(count_images "$stack")
  load_feeder station1 "$stack"
  say "Feeding the sample stack: $((sides / 2)) sheets, both sides"
  follow "$build/bin/mailroomctl" "${folders[@]}" scan --scanner mailroomfeeder:station1 \
    --profile "$(profile_for feeder_duplex patch_t)" --operator sample --declared "$((sides / 2))" --wait 300 \
    --summary "$state/summary.json" || code=$?
  case $code in
    0) ;;
    3) say "Something is held; ./mailroom ctl show BATCH tells what for." ;;
    *)
      show_log "$scene/log/mailroomd.log"
      fail "the sample stack could not be fed (exit code $code)"
      ;;
  esac
}

# An XRechnung as an accounting program leaves it: written under another name, then renamed.
drop_sample_invoice() {
  local number
  number=GM-$(date +%Y%m%d-%H%M%S)
  say "Putting an XRechnung into $state/invoices"
  sed -e "s/@NUMBER@/$number/g" -e "s/@DATE@/$(date +%F)/g" -e "s/@DUE@/$(date -d '+30 days' +%F)/g" \
    "$root/.ci/sample-xrechnung.xml" >"$state/invoices/$number.xml.part"
  mv "$state/invoices/$number.xml.part" "$state/invoices/$number.xml"
  until_true 60 "${scene_pids[-1]}" grep -rqF --include=manifest.json -- "$number" "$state/delivered/payment" || {
    show_log "$scene/log/mailroomd.log"
    fail "the XRechnung has not arrived at the payment system"
  }
  say "Invoices at the payment system, on paper and electronic:"
  grep -rlF --include=manifest.json -- '"mailroom.invoice.v1"' "$state/delivered/payment" | wc -l >&2
}

show_where_to_look() {
  "$build/bin/mailroom-panel-emulator" --ask "$runtime/station1.panel" screen >&2 || true
  cat >&2 <<TEXT

The panel above            ./mailroom panel shows it and passes keys on (station2: ./mailroom panel station2);
                           its keys act for who is logged in at the station's screen
The station                $(cat "$runtime/station.url")
                           user demo, password $(cat "$scene/passwords/demo")
                           for quality control and administration: users pruefung and verwaltung,
                           passwords in $scene/passwords
What the recipients got    $state/delivered/{ecm,payment,hr}/<delivery id>/
What it should have been   $state/sample/truth.json
What became of it          $state/summary.json
Where is my invoice        ./mailroom ctl invoices; ./mailroom ctl deadlines
Put in files of your own   $state/invoices; ./mailroom ctl folders
Batches, one in detail     ./mailroom ctl batches; ./mailroom ctl show NUMBER
Is everything provable     ./mailroom ctl verify
Separator sheets           ./mailroom ctl separators --out separators.pdf
Feed pages of your own     put images into $state/feeder/station2, then
                           ./mailroom ctl scan --scanner mailroomfeeder:station2 --profile $(profile_for feeder_duplex) --operator me
Logs                       $scene/log
TEXT
}

# Returns when any of the processes ends by itself.
wait_for_an_end() {
  local index code=0
  wait -n "${scene_pids[@]}" || code=$?
  for index in "${!scene_pids[@]}"; do
    is_running "${scene_pids[index]}" && continue
    show_log "$scene/log/${scene_names[index]}.log"
    fail "${scene_names[index]} ended by itself (exit code $code)"
  done
}
