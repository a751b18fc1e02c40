# shellcheck shell=bash disable=SC2154
# `soak`: the long runs. Each is a program tests/soak/NAME that takes --build DIR and --minutes N,
# shows how far it is, ends with a table, and with a non-zero exit code on any violation.

soak_names() { find "$root/tests/soak" -maxdepth 1 -type f -perm -u+x -printf '%f\n' 2>/dev/null | sort; }

soak_command() {
  local name=${1:-} minutes=60
  if [[ -z $name ]]; then
    say "There are: $(soak_names | tr '\n' ' ')"
    return 0
  fi
  shift
  while (($#)); do
    [[ $1 == --minutes && ${2:-} =~ ^[1-9][0-9]*$ ]] || fail "soak takes --minutes N, not '$*'"
    minutes=$2
    shift 2
  done
  soak_names | grep -xF "$name" >/dev/null || fail "there is no long run '$name'; there are: $(soak_names | tr '\n' ' ')"
  need_packages build run test
  if [[ $name == fuzz ]]; then
    # Built by another compiler, into a folder of its own.
    need_packages fuzz
    build=''
  else
    need_programs dev
  fi
  exec "$root/tests/soak/$name" --build "$build" --minutes "$minutes"
}
