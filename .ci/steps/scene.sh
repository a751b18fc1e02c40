# shellcheck shell=bash disable=SC2154
# A scene: broker, daemon, recipients and virtual scanners on loopback, all of one folder.
#
#   SCENE/config   the configuration, with the port this scene's broker listens on
#   SCENE/data     the daemon's data      SCENE/runtime  its socket
#   SCENE/sane     the scanner's set-up   SCENE/log      one file per process
#
# The caller sets `scene` and `build`, then calls the functions in the order they stand here.

scene_pids=()
scene_names=()

# Half-open ports are rare and a taken one only costs another try, so looking is enough.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# prepare_scene [IDENTITIES]: the folders, the configuration, and keys made before, if given.
prepare_scene() {
  mkdir -p "$scene"/{config,data,sane,log,feeder}
  cp "$root"/config/*.toml "$scene/config/"
  runtime=$scene/runtime
  # A Unix socket's path has room for 107 bytes.
  ((${#runtime} < 90)) || runtime=$(mktemp -d "${TMPDIR:-/tmp}/mailroom-runtime-XXXXXX")
  (umask 077 && mkdir -p "$runtime")
  if [[ -n ${1:-} && ! -e $scene/data/identities ]]; then cp -a "$1" "$scene/data/identities"; fi
}

# folder_options: what every program is told, in `folders`.
folder_options() { folders=(--config "$scene/config" --data "$scene/data" --runtime "$runtime"); }

# set_broker_port PORT: writes it into the [broker] table of the scene's configuration.
set_broker_port() {
  local file=$scene/config/mailroom.toml
  awk -v port="$1" '
    function add() { if (in_broker && !done) { print "port = " port; done = 1 } }
    /^\[/ { add(); in_broker = ($0 ~ /^\[broker\]/) }
    in_broker && /^[ \t]*port[ \t]*=/ { print "port = " port; done = 1; next }
    { print }
    END { add(); if (!done) print "\n[broker]\nport = " port }' "$root/config/mailroom.toml" >"$file.new"
  mv "$file.new" "$file"
}

# set_screens LISTEN: where the scene's screens are served.
set_screens() { sed -i -E "s/^listen = .*/listen = \"$1\"/" "$scene/config/mailroom.toml"; }

# add_station ID GERMAN ENGLISH: a workplace with the virtual scanner "mailroomfeeder:ID".
add_station() {
  printf '\n[stations.%s]\nname_de = "%s"\nname_en = "%s"\nscanner = "mailroomfeeder:%s"\nprofile = "%s"\n' \
    "$1" "$2" "$3" "$1" "$(profile_for feeder_duplex patch_t)" >>"$scene/config/mailroom.toml"
}

# add_panel STATION: an emulated panel at the station.
add_panel() {
  mkdir -p "$scene/panel"
  printf '\n[%s]\nline = "%s"\n' "$1" "$scene/panel/$1.line" >>"$scene/config/panels.toml"
  start "panel-$1" "$build/bin/mailroom-panel-emulator" --line "$scene/panel/$1.line" --control "$runtime/$1.panel"
}

# add_folder ID PATH PROFILE: a folder that files are put into.
add_folder() {
  mkdir -p "$2"
  printf '\n[folders.%s]\npath = "%s"\nprofile = "%s"\nsettle_seconds = 1\n' "$1" "$2" "$3" >>"$scene/config/mailroom.toml"
}

# add_person USER NAME ROLE...: once; the password is made and kept where only this user can read it.
add_person() {
  local user=$1 name=$2 file=$scene/passwords/$1 role words=()
  shift 2
  for role in "$@"; do words+=(--role "$role"); done
  [[ -e $file ]] && return 0
  (umask 077 && mkdir -p "$scene/passwords" && "$build/bin/mailroomctl" "${folders[@]}" user add "$user" \
    --name "$name" "${words[@]}" | sed -n 's/^first password //p' >"$file.new" && mv "$file.new" "$file")
}

# start NAME COMMAND...: in the background, its words in SCENE/log/NAME.log. Unless `outlive` is
# set, the process ends with this shell, even if that is killed.
start() {
  local name=$1 bound=(setpriv --pdeathsig TERM)
  shift
  [[ -z ${outlive:-} ]] || bound=(setsid)
  "${bound[@]}" "$@" >"$scene/log/$name.log" 2>&1 </dev/null &
  scene_pids+=($!)
  scene_names+=("$name")
}

# follow COMMAND...: in the foreground, yet a signal to this shell is acted on at once.
follow() {
  setpriv --pdeathsig TERM "$@" &
  local pid=$! code=0
  scene_pids+=("$pid")
  scene_names+=("$(basename "$1")")
  wait "$pid" || code=$?
  unset 'scene_pids[-1]' 'scene_names[-1]'
  return "$code"
}

is_running() { kill -0 "$1" 2>/dev/null; }

# until_true SECONDS PID CONDITION...: false when PID ends or time is up first.
until_true() {
  local deadline=$((SECONDS + $1)) pid=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    is_running "$pid" && ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

listens() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# start_broker: sets `port`; another one is tried when somebody was faster.
start_broker() {
  local try mosquitto
  mosquitto=$(PATH=$PATH:/usr/sbin command -v mosquitto) || fail "mosquitto is not installed"
  for try in 1 2 3 4 5; do
    port=$(free_port)
    set_broker_port "$port"
    "$build/bin/mailroomctl" "${folders[@]}" setup >"$scene/log/setup.log" 2>&1 || {
      show_log "$scene/log/setup.log"
      fail "setup failed"
    }
    start broker "$mosquitto" -c "$scene/data/broker/mosquitto.conf"
    until_true 10 "${scene_pids[-1]}" listens "$port" && is_running "${scene_pids[-1]}" && return 0
    kill "${scene_pids[-1]}" 2>/dev/null || true
    unset 'scene_pids[-1]' 'scene_names[-1]'
  done
  show_log "$scene/log/broker.log"
  fail "the broker does not start (try $try)"
}

site() { sed -nE 's/^site *= *"([^"]*)".*/\1/p' "$scene/config/mailroom.toml" | head -n 1; }

# start_recipients OUT [SUBFOLDER]: the three reference recipients; each has a folder of its own in
# OUT when SUBFOLDER is given.
start_recipients() {
  local id out identities=$scene/data/identities
  for id in ecm payment hr; do
    out=$1${2:+/$id}
    mkdir -p "$out"
    local options=()
    [[ $id == hr ]] && options=(--decrypt)
    start "recipient-$id" "$build/bin/mailroom-recipient" --id "$id" --site "$(site)" --host 127.0.0.1 --port "$port" \
      --ca "$identities/ca.pem" --cert "$identities/$id.pem" --key "$identities/$id.key" "${options[@]}" --out "$out"
  done
}

# add_scanner NAME PACE: a virtual scanner "mailroomfeeder:NAME" that feeds SCENE/feeder/NAME at PACE
# sides a minute, 0: as fast as asked.
add_scanner() {
  local feeder=$scene/feeder/$1
  mkdir -p "$feeder"
  echo mailroomfeeder >"$scene/sane/dll.conf"
  printf 'device %s\nfolder = %s\npace = %s\n' "$1" "$feeder" "$2" >>"$scene/sane/mailroomfeeder.conf"
}

# load_feeder NAME DIR: puts the images of DIR, in the order of their names, into the feeder. Links,
# so that the stack itself is never touched.
load_feeder() {
  local feeder=$scene/feeder/$1 number=0 image
  find "$feeder" -mindepth 1 -delete
  rm -f "$feeder.feeder"  # what went through it before
  while IFS= read -r -d '' image; do
    number=$((number + 1))
    ln -s "$image" "$feeder/$(printf '%05d' "$number").${image##*.}"
  done < <(images_of "$2")
}

# images_of DIR: absolute paths, each ended by a zero byte, sorted by name.
images_of() {
  find -L "$(realpath "$1")" -maxdepth 1 -type f \
    -iregex '.*\.\(jpe?g\|png\|tiff?\|pnm\|pgm\|ppm\|pbm\)' -print0 | LC_ALL=C sort -z
}

count_images() { images_of "$1" | tr -dc '\0' | wc -c; }

start_daemon() {
  start mailroomd env SANE_CONFIG_DIR="$scene/sane" LD_LIBRARY_PATH="$build/lib/sane" OMP_THREAD_LIMIT=1 \
    "$build/bin/mailroomd" "${folders[@]}"
  until_true 60 "${scene_pids[-1]}" "$build/bin/mailroomctl" "${folders[@]}" status || {
    show_log "$scene/log/mailroomd.log"
    fail "the daemon does not start"
  }
}

# import_sample_creditors: whoever writes the invoice of the sample stack is known.
import_sample_creditors() {
  "$build/bin/mailroomctl" "${folders[@]}" creditors --import "$root/.ci/sample-creditors.csv" --operator sample \
    >"$scene/log/creditors.log" 2>&1 || {
    show_log "$scene/log/creditors.log"
    fail "the creditors of the sample could not be imported"
  }
}

# stop_scene: everything that was started, last first; a process that does not go is killed.
stop_scene() {
  local index pid deadline
  for ((index = ${#scene_pids[@]} - 1; index >= 0; index--)); do
    pid=${scene_pids[index]}
    kill -TERM "$pid" 2>/dev/null || continue
    deadline=$((SECONDS + 30))
    while is_running "$pid" && ((SECONDS < deadline)); do sleep 0.05; done
    kill -KILL "$pid" 2>/dev/null && say "${scene_names[index]} had to be killed"
    wait "$pid" 2>/dev/null || true
  done
  scene_pids=()
  scene_names=()
  [[ ${runtime:-$scene/runtime} == "$scene/runtime" ]] || rm -rf "$runtime"
}

# keep_logs NAME: the scene's logs outlive the scene; says where they are and how the daemon ended.
keep_logs() {
  local kept=$logs/$1
  rm -rf "$kept"
  cp -r "$scene/log" "$kept"
  say "logs: $kept"
  show_log "$kept/mailroomd.log"
}

# profile_for SOURCE [patch_t]: the first profile that feeds this way, and lets PATCHT act if asked
# for. What a table leaves out has the defaults of config/profiles.toml.
profile_for() {
  awk -v wanted="$1 ${2:-}" '
    function close_table() {
      if (id != "" && found == "" && source " " patch == wanted) found = id
    }
    /^\[/ { close_table(); id = $1; gsub(/[][]/, "", id); source = "feeder_duplex"; patch = "" }
    /^source *=/ { source = $3; gsub(/"/, "", source) }
    /^patch_t *= *true/ { patch = "patch_t" }
    END { close_table(); print found }' "$root/config/profiles.toml"
}
