# shellcheck shell=bash disable=SC2154
# `run --once`: one stack through a daemon of its own.

read_once_options() {
  stack='' out='' duplex='' profile='' once_limit=''
  while (($#)); do
    case $1 in
      --stack | --out | --profile | --wait)
        (($# > 1)) || fail "$1 needs a value"
        case $1 in
          --stack) stack=$2 ;;
          --out) out=$2 ;;
          --profile) profile=$2 ;;
          --wait) once_limit=$2 ;;
        esac
        shift
        ;;
      --duplex) duplex=yes ;;
      --once) ;;
      *) fail "run --once does not know '$1'" ;;
    esac
    shift
  done
  [[ -n $stack ]] || fail "run --once needs --stack DIR, a folder of page images"
  [[ -n $out ]] || fail "run --once needs --out DIR, where the deliveries shall be left"
  [[ -d $stack ]] || fail "there is no folder $stack"
}

# The number of sheets is what a person would declare.
count_sheets() {
  sides=$(count_images "$stack")
  ((sides)) || fail "$stack holds no page images (jpg, png, tif, pnm)"
  sheets=$sides
  # The last sheet of an odd number has a white back.
  [[ -z $duplex ]] || sheets=$(((sides + 1) / 2))
}

# The keys are those of ./.mailroom, so that routing sheets printed once work in every run.
common_identities() {
  local lock scene=$state runtime folders
  exec {lock}>"$state/keys.lock"
  flock "$lock"
  if [[ ! -e $state/data/identities/routing.key ]]; then
    say "Making keys and certificates"
    prepare_scene
    folder_options
    "$build/bin/mailroomctl" "${folders[@]}" setup >"$logs/setup.log" 2>&1 {lock}>&- || {
      show_log "$logs/setup.log"
      fail "setup failed"
    }
  fi
  exec {lock}>&-
}

end_once() {
  local code=$?
  trap - EXIT
  trap '' INT TERM
  stop_scene
  case $code in 0 | 3 | 130 | 143) ;; *) keep_logs "once-$$" ;; esac
  rm -rf "$scene"
  exit "$code"
}

once_command() {
  # shellcheck source=.ci/steps/scene.sh
  source "$root/.ci/steps/scene.sh"
  read_once_options "$@"
  count_sheets
  need_packages build run
  need_programs release
  common_identities
  mkdir -p "$out"
  out=$(realpath "$out")
  : "${profile:=$(profile_for "$([[ -n $duplex ]] && echo feeder_duplex || echo feeder_front)")}"

  scene=$(mktemp -d "${TMPDIR:-/tmp}/mailroom-once-XXXXXX")
  runtime=$scene/runtime
  trap end_once EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  prepare_scene "$state/data/identities"
  folder_options
  add_scanner once 0
  load_feeder once "$stack"
  say "Starting broker, recipients and daemon"
  start_broker
  set_screens 127.0.0.1:0
  start_recipients "$out"
  start_daemon
  import_sample_creditors
  say "Feeding $sheets sheets under the profile $profile"
  local code=0
  follow "$build/bin/mailroomctl" "${folders[@]}" scan --scanner mailroomfeeder:once --profile "$profile" --operator "${USER:-run-once}" \
    --declared "$sheets" --wait "${once_limit:-$((120 + 20 * sides))}" --summary "$out/summary.json" || code=$?
  case $code in
    0) say "Everything is receipted: $out" ;;
    3) say "Something is held: $out/summary.json says what and why" ;;
    *) say "The scan failed (exit code $code)" ;;
  esac
  return "$code"
}
