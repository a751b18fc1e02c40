# shellcheck shell=bash disable=SC2154
setup_command() {
  need_packages build run
  need_programs release
  say "Built in $build"
}
