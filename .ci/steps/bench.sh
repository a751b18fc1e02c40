# shellcheck shell=bash disable=SC2154
# `bench`: the figures. Each is a program tests/bench/NAME.bench that prints lines of four fields
# separated by tabs: figure, value, limit, and "ok", "missed" or "skipped: why".

bench_names() { find "$root/tests/bench" -maxdepth 1 -name '*.bench' -printf '%f\n' | sed 's/\.bench$//' | sort; }

# The figures are those of the programs as they are installed, so the release is what is measured.
build_measures() {
  cmake --build "$build" --target mailroom-bench-recognition mailroom-bench-capture mailroom-bench-commit \
    mailroom-bench-invoice mailroom-bench-invoice-paper >"$logs/build-bench.log" 2>&1 || {
    show_log "$logs/build-bench.log"
    fail "the programs that measure could not be built"
  }
}

bench_command() {
  local wanted=("$@") name lines code=0 all=$logs/bench.tsv
  ((${#wanted[@]})) || mapfile -t wanted < <(bench_names)
  for name in "${wanted[@]}"; do
    bench_names | grep -xF "$name" >/dev/null || fail "there are no figures '$name'; there are: $(bench_names | tr '\n' ' ')"
  done
  need_packages build run test bench
  need_programs release
  build_measures
  printf 'figure\tvalue\tlimit\tok\n' >"$all"
  for name in "${wanted[@]}"; do
    say "Measuring $name"
    if lines=$(MAILROOM_BUILD=$build "$root/tests/bench/$name.bench" 2>"$logs/bench-$name.log"); then
      printf '%s\n' "$lines" >>"$all"
    else
      show_log "$logs/bench-$name.log"
      printf '%s\t\t\tmissed: could not be measured\n' "$name" >>"$all"
    fi
  done
  column -t -s $'\t' "$all"
  ! grep -qP '\tmissed' "$all" || code=1
  return "$code"
}
