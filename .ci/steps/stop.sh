# shellcheck shell=bash disable=SC2154
# `stop`: ends what `run` started, here or in another terminal.

stop_command() {
  # shellcheck source=.ci/steps/run.sh
  source "$root/.ci/steps/run.sh"
  [[ -e $(running_file) ]] || {
    say "Nothing is running."
    return 0
  }
  local pids pid deadline=$((SECONDS + 60))
  mapfile -t pids < <(tac "$(running_file)")
  for pid in "${pids[@]}"; do is_ours "$pid" && kill -TERM "$pid" 2>/dev/null; done
  for pid in "${pids[@]}"; do
    while is_ours "$pid" && ((SECONDS < deadline)); do sleep 0.1; done
    is_ours "$pid" && kill -KILL "$pid" 2>/dev/null
  done
  rm -f "$(running_file)" "$state/scene"
  say "Stopped."
}
