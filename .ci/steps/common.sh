# shellcheck shell=bash disable=SC2154
# What all commands share: words to the person at the terminal, packages, the build.
# Sourced by ./mailroom, which sets `root`.

state=$root/.mailroom
logs=$state/log
mkdir -p "$logs"

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf 'mailroom: %s\n' "$*" >&2
  exit 2
}

# show_log FILE: where the log is, and how it ended.
show_log() {
  say "log: $1"
  [[ -s $1 ]] && tail -n 25 "$1" | sed 's/^/  | /' >&2
  return 0
}

# packages_of GROUP...: the names in .ci/packages.
packages_of() {
  awk -v groups=" $* " '/^\[/ { wanted = index(groups, " " substr($0, 2, length($0) - 2) " ") }
    wanted && /^[a-z0-9]/ { print $1 }' "$root/.ci/packages"
}

missing_packages() {
  local names
  mapfile -t names < <(packages_of "$@")
  printf '%s\n' "${names[@]}" | grep -vxF -f <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${names[@]}" 2>/dev/null |
    sed -n 's/ installed$//p') || true
}

# need_packages GROUP...: installs what dpkg does not know as installed.
need_packages() {
  local missing become=() log=$logs/packages.log
  command -v dpkg-query >/dev/null || { say "no dpkg here: taking the packages of .ci/packages for granted"; return 0; }
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "these packages are missing; as root run: apt-get install --no-install-recommends ${missing[*]}"
    become=(sudo)
  fi
  local install=("${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}")
  { "${become[@]}" apt-get update -q && "${install[@]}"; } >"$log" 2>&1 || "${install[@]}" >>"$log" 2>&1 || {
    show_log "$log"
    fail "apt-get could not install the packages"
  }
}

# One compiler takes up to 1.2 GiB.
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/MemAvailable/ { print int($2 / 1258291) }' /proc/meminfo)
  echo $((memory < 1 ? 1 : memory < cores ? memory : cores))
}

# Prints how far a build is, while the process $1 writes the log $2.
follow_build() {
  local seconds=0
  while kill -0 "$1" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    ((seconds % 20)) || say "  $(grep -oE '^\[[0-9]+/[0-9]+\]' "$2" | tail -n 1) after ${seconds} s"
  done
}

# build_preset PRESET: configures and builds build/PRESET, once at a time. Sets `build`.
build_preset() {
  local preset=$1 log=$logs/build-$1.log lock pid
  build=$root/build/$preset
  exec {lock}>"$state/build.lock"
  flock "$lock"
  local launcher=()
  command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  command -v npm >/dev/null || need_packages screens
  say "Building ($preset)"
  (
    cd "$root" || exit
    [[ -e $build/build.ninja ]] || cmake --preset "$preset" "${launcher[@]}" || exit
    cmake --build --preset "$preset" --parallel "$(build_jobs)"
  ) >"$log" 2>&1 {lock}>&- &
  pid=$!
  follow_build "$pid" "$log"
  wait "$pid" || {
    show_log "$log"
    fail "the build failed"
  }
  exec {lock}>&-
}

# need_programs PRESET: makes `build` a folder with all programs in it.
need_programs() {
  if [[ -n ${MAILROOM_BUILD:-} ]]; then
    build=$(cd "$MAILROOM_BUILD" && pwd) || fail "there is no build folder $MAILROOM_BUILD"
    [[ -x $build/bin/mailroomctl ]] || fail "$build holds no bin/mailroomctl: build it first"
    return 0
  fi
  build_preset "$1"
}
