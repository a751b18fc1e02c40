# shellcheck shell=bash disable=SC2154
# `ctl`: mailroomctl on the data of `run`, started or not.

ctl_command() {
  need_packages build run
  if [[ -n ${MAILROOM_BUILD:-} || ! -x $root/build/release/bin/mailroomctl ]]; then
    need_programs release
  else
    build=$root/build/release
  fi
  # shellcheck source=.ci/steps/scene.sh
  source "$root/.ci/steps/scene.sh"
  scene=$state
  if [[ -e $state/scene ]]; then
    # shellcheck disable=SC1091
    source "$state/scene"
  else
    prepare_scene ""
    folder_options
  fi
  local word=${1:-}
  case $word in
    '' | read | setup | -*) ;;
    *) [[ -e $state/data/identities/routing.key ]] || "$build/bin/mailroomctl" "${folders[@]}" setup >/dev/null ;;
  esac
  exec "$build/bin/mailroomctl" "${folders[@]}" "$@"
}
