#pragma once

#include <fstream>
#include <map>
#include <string>

#include "drivers/scanner/client/scan_process.h"
#include "ocr/codec/decode.h"
#include "tests/support/places.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

/// Virtual scanners on stacks of small pages, seen through the real libsane and the real mailroom-scan.
/// Page n of a stack is evenly grey with the value 8 * n, so that an image tells which page it is.
class VirtualStation {
 public:
  /// A scanner with `pages` pages; `more` are further lines of its configuration.
  void add_scanner(const std::string& name, int pages, const std::string& more = "") {
    std::filesystem::create_directories(stack(name));
    for (int page = 1; page <= pages; page++) add_page(name, page);
    std::filesystem::create_directories(config());
    std::ofstream(config() / "dll.conf") << "mailroomfeeder\n";
    std::ofstream(config() / "mailroomfeeder.conf", std::ios::app)
        << "device " << name << "\nfolder = " << stack(name).string() << "\n"
        << more << "\n";
  }

  void add_page(const std::string& name, int page, int width = 160, int height = 200) {
    const std::string number = std::to_string(1000 + page);
    std::ofstream(stack(name) / (number + ".pgm"), std::ios::binary)
        << "P5\n"
        << width << ' ' << height << "\n255\n"
        << std::string(std::size_t(width) * std::size_t(height), char(8 * page));
  }

  [[nodiscard]] std::filesystem::path stack(const std::string& name) const {
    return folder_.path() / "stacks" / name;
  }
  [[nodiscard]] std::filesystem::path config() const { return folder_.path() / "config"; }

  [[nodiscard]] drivers::ScanOptions options() const {
    drivers::ScanOptions options;
    options.progress_limit = std::chrono::seconds(15);
    options.environment = {{"SANE_CONFIG_DIR", config().string()},
                           {"LD_LIBRARY_PATH", build_path("lib/sane")},
                           {drivers::kQuirksVariable, source_path("config/scanners")}};
    return options;
  }

  [[nodiscard]] drivers::ScanProcess start() const { return start(options()); }
  [[nodiscard]] static drivers::ScanProcess start(drivers::ScanOptions options) {
    return drivers::ScanProcess::start(build_path("bin/mailroom-scan"), std::move(options)).value();
  }

 private:
  TemporaryFolder folder_;
};

inline drivers::FeedRequest request(const std::string& name,
                                    drivers::Source source = drivers::Source::feeder_duplex,
                                    drivers::ColourMode mode = drivers::ColourMode::grey) {
  return {"mailroomfeeder:" + name, {source, mode}};
}

/// The images of a feed as they came, and which page of the stack each shows.
struct Pile {
  std::vector<CapturedImage> images;

  drivers::OnImage taker() {
    return [this](CapturedImage&& image) -> Result<void> {
      images.push_back(std::move(image));
      return {};
    };
  }

  [[nodiscard]] static int page_of(const CapturedImage& image) {
    return (ocr::decode_grey(image.bytes).value().at(0).data.at(0) + 4) / 8;
  }

  [[nodiscard]] std::vector<int> pages() const {
    std::vector<int> numbers;
    for (const auto& image : images) numbers.push_back(page_of(image));
    return numbers;
  }
};

}  // namespace mailroom::test
