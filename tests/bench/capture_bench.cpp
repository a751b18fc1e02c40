// mailroom-bench-capture SCRATCH MAILROOM-SCAN SANE-FOLDER: two virtual scanners at once, 300 colour images a
// minute each at 300 dpi, captured, encoded and spooled durably. Says what it cost and where: encoding,
// copying, fsync. Prints one figure a line, "name value". The stand-in scanners' own work (reading the paper
// from files) is measured apart.

#include <sys/resource.h>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "daemon/intake/spool.h"
#include "drivers/scanner/client/scan_process.h"
#include "drivers/virtual/paper.h"
#include "ocr/codec/encode.h"

namespace {

using namespace mailroom;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr int kWidth = 2480, kHeight = 3508, kDpi = 300;
constexpr int kSides = 100;  // of each scanner
constexpr double kPace = 300;
constexpr int kQuality = 85;

double seconds(const timeval& time) {
  return double(time.tv_sec) + double(time.tv_usec) / 1e6;
}

double cpu_of(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double thread_cpu() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

/// A letter on coloured paper with the noise of a sensor, as a PPM file: reading it costs the stand-in
/// little.
Bytes drawn_page(unsigned seed) {
  Bytes pixels(std::size_t(kWidth) * kHeight * 3);
  std::minstd_rand random(seed);
  for (int y = 0; y < kHeight; ++y) {
    const bool text_line = y > 400 && y < 3100 && y % 70 < 32;
    bool ink = false;
    for (int x = 0; x < kWidth; ++x) {
      if (x % 9 == 0) ink = text_line && x > 250 && x < 2230 && random() % 3 == 0;
      const auto noise = std::uint8_t(random() % 7);
      std::uint8_t* pixel = &pixels[(std::size_t(y) * kWidth + std::size_t(x)) * 3];
      pixel[0] = std::uint8_t((ink ? 40 : 238) + noise);
      pixel[1] = std::uint8_t((ink ? 40 : 236) + noise);
      pixel[2] = std::uint8_t((ink ? 50 : 226) + noise);
    }
  }
  return pixels;
}

void write_stack(const fs::path& root, const std::vector<Bytes>& pages) {
  for (std::size_t i = 0; i < pages.size(); ++i) {
    std::ofstream file(root / ("page-" + std::to_string(i) + ".ppm"), std::ios::binary);
    file << "P6\n" << kWidth << ' ' << kHeight << "\n255\n";
    file.write(reinterpret_cast<const char*>(pages[i].data()), std::streamsize(pages[i].size()));
  }
  std::ofstream config(root / "mailroomfeeder.conf");
  std::ofstream(root / "dll.conf") << "mailroomfeeder\n";
  for (const std::string name : {"left", "right"}) {
    fs::create_directories(root / name);
    for (int side = 0; side < kSides; ++side) {
      const auto page = root / ("page-" + std::to_string(std::size_t(side) % pages.size()) + ".ppm");
      fs::create_hard_link(page, root / name / (std::to_string(10'000 + side) + ".ppm"));
    }
    config << "device " << name << "\nfolder = " << (root / name).string() << "\npace = " << kPace
           << "\nresolutions = 300\n";
  }
}

/// What one scanner's feed gave.
struct Feed {
  int sides = 0;
  int out_of_order = 0;
  double first = 0, last = 0;  ///< seconds since the start
  double storing = 0;          ///< wall seconds of making durable
  double storing_cpu = 0;
  std::uint64_t bytes = 0;
  std::string problem;
};

Feed run(const std::string& name, const drivers::ScanOptions& options, const fs::path& program,
         const intake::Spool& spool, Clock::time_point start) {
  Feed feed;
  const auto since = [start] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  auto process = drivers::ScanProcess::start(program, options);
  if (!process) return feed.problem = process.error().message(), feed;
  drivers::FeedRequest wanted{"mailroomfeeder:" + name, {}};
  wanted.settings.mode = drivers::ColourMode::colour;
  wanted.settings.jpeg_quality = kQuality;
  const auto taken = [&](CapturedImage&& image) -> Result<void> {
    const int expected = feed.sides / 2 + 1;
    if (image.sheet != expected) ++feed.out_of_order;
    const auto before = since();
    const double cpu = thread_cpu();
    MAILROOM_TRY_VOID(spool.store({name, image.sheet, image.side, image.format}, image.bytes));
    feed.storing_cpu += thread_cpu() - cpu;
    feed.last = since();
    feed.storing += feed.last - before;
    if (feed.sides++ == 0) feed.first = feed.last;
    feed.bytes += image.bytes.size();
    return {};
  };
  const auto summary = process->feed(wanted, taken);
  if (!summary) feed.problem = summary.error().message();
  if (summary && summary->fault) feed.problem = summary->fault->error.message();
  return feed;
}

/// CPU seconds of one call.
template <typename Work>
double cost_of(Work work) {
  const double before = thread_cpu();
  constexpr int kRounds = 4;
  for (int i = 0; i < kRounds; ++i) work();
  return (thread_cpu() - before) / kRounds;
}

void print(const char* name, double value) {
  std::printf("capture.%s %.3f\n", name, value);
}

int measure(const fs::path& scratch, const fs::path& program, const std::string& sane) {
  const std::vector<Bytes> pages = {drawn_page(1), drawn_page(2), drawn_page(3)};
  write_stack(scratch, pages);
  const double encoding = cost_of([&] {
    const ocr::RawImage raw{kWidth, kHeight, kDpi, 3, 8, kWidth * 3, pages[0]};
    if (!ocr::encode_capture(raw, kQuality)) std::abort();
  });
  const double paper = cost_of([&] {
    if (!drivers::feeder::load_side(scratch / "page-0.ppm", drivers::ColourMode::colour, kDpi)) std::abort();
  });
  drivers::ScanOptions options;
  options.progress_limit = std::chrono::minutes(2);  // a busy machine is no hung scanner
  options.environment = {{"SANE_CONFIG_DIR", scratch.string()}, {"LD_LIBRARY_PATH", sane}};
  const intake::Spool spool(scratch / "spool");
  const double own_before = cpu_of(RUSAGE_SELF);
  Feed left, right;
  const auto start = Clock::now();
  std::thread other([&] { right = run("right", options, program, spool, start); });
  left = run("left", options, program, spool, start);
  other.join();
  const double own = cpu_of(RUSAGE_SELF) - own_before, helpers = cpu_of(RUSAGE_CHILDREN);
  for (const Feed* feed : {&left, &right}) {
    if (!feed->problem.empty()) std::cerr << feed->problem << '\n';
  }
  const int sides = left.sides + right.sides;
  print("sides", sides);
  print("out_of_order", left.out_of_order + right.out_of_order);
  print("nominal_seconds", (kSides - 1) * 60 / kPace);
  print("seconds", std::max(left.last - left.first, right.last - right.first));
  print("encoding_cpu_seconds", encoding * sides);
  print("paper_cpu_seconds", paper * sides);
  print("copying_cpu_seconds",
        std::max(0.0, helpers - (encoding + paper) * sides) + own - left.storing_cpu - right.storing_cpu);
  print("storing_cpu_seconds", left.storing_cpu + right.storing_cpu);
  print("storing_wall_seconds", left.storing + right.storing);
  print("mib_written", double(left.bytes + right.bytes) / (1 << 20));
  return sides == 2 * kSides && left.problem.empty() && right.problem.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "mailroom-bench-capture SCRATCH MAILROOM-SCAN SANE-FOLDER\n";
    return 64;
  }
  try {
    return measure(argv[1], argv[2], argv[3]);
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
  }
}
