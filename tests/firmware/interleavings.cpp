#include "tests/firmware/interleavings.h"

#include <random>

#include "tests/firmware/line_bench.h"

namespace mailroom::test {
namespace {

using namespace panel;

void disturb(LineBench& bench, std::mt19937& random) {
  switch (random() % 8) {
    case 0: bench.to_daemon.cut = true; break;
    case 1: bench.to_panel.cut = true; break;
    case 2: bench.to_daemon.cut = bench.to_panel.cut = true; break;
    case 3: bench.to_daemon.noise = bench.to_panel.noise = int(random() % 60); break;
    case 4: bench.reset_panel(); break;
    case 5: bench.kill_daemon(); break;
    default: break;
  }
}

void heal(LineBench& bench, std::mt19937& random, bool all) {
  if (all || random() % 2 == 0) bench.to_daemon.cut = bench.to_panel.cut = false;
  if (all || random() % 2 == 0) bench.to_daemon.noise = bench.to_panel.noise = 0;
  if (all || random() % 2 == 0) {
    bench.kill_daemon();
    bench.start_daemon();
  }
}

std::string judge(const LineBench& bench, std::uint32_t taken) {
  if (!bench.panel().connected() || !bench.daemon_sees_it()) return "the line did not recover";
  if (bench.store().waiting() != 0) return "a press is still waiting";
  if (bench.acted.size() != taken)
    return std::to_string(taken) + " presses were taken, " + std::to_string(bench.acted.size()) + " acted";
  for (std::uint32_t i = 0; i < taken; ++i) {
    if (bench.acted[i].number != i + 1) return "the presses acted out of order";
  }
  return {};
}

}  // namespace

Course run_interleaving(unsigned seed) {
  std::mt19937 random(seed);
  LineBench bench(seed);
  bench.dies_after_recording = 10;
  bench.recording_takes = random() % 400;
  bench.run(800);
  for (int i = 0; i < 8; ++i) {
    if (random() % 3 != 0) disturb(bench, random);
    bench.run(random() % 300);
    bench.press(static_cast<Key>(random() % kKeys), 15 + random() % 1000);
    bench.run(random() % 1500);
    if (random() % 2 == 0) disturb(bench, random);
    bench.run(random() % 3000);
    heal(bench, random, false);
  }
  bench.dies_after_recording = 0;
  heal(bench, random, true);
  bench.run(8000);
  const std::uint32_t taken = bench.store().next_number() - 1;
  return {judge(bench, taken), taken, unsigned(bench.losses), unsigned(bench.connections)};
}

}  // namespace mailroom::test
