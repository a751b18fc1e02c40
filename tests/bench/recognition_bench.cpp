// mailroom-bench-recognition PAGES-FOLDER MAILROOM-PAGE: how well and at what cost pages are read, measured
// in one run against a bare Tesseract loop over the same decoded pages. CPU seconds, because walls are
// shared. Prints one figure a line, "name value unit", and exits 1 when a goal is missed.

#include <tesseract/baseapi.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "daemon/base/durable_file.h"
#include "ocr/codec/decode.h"
#include "ocr/worker/client/page_client.h"

namespace {

using namespace mailroom;
namespace fs = std::filesystem;

struct Page {
  std::string name;
  Bytes bytes;
  std::u32string truth;
};

std::u32string code_points(const std::string& utf8) {
  std::u32string text;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k) {
      point = (point << 6U) | (static_cast<unsigned char>(utf8[i + k]) & 0x3fU);
    }
    text += point;
    i += length;
  }
  return text;
}

std::u32string folded(const std::string& utf8) {
  std::istringstream words(utf8);
  std::string text;
  for (std::string word; words >> word;) text += (text.empty() ? "" : " ") + word;
  return code_points(text);
}

std::size_t edit_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::vector<Page> load_pages(const fs::path& folder) {
  std::vector<Page> pages;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".jpg") continue;
    const auto name = entry.path().stem().string();
    pages.push_back({name, mailroom::read_file(entry.path()).value(),
                     folded(text_of(folder / "truth" / (name + ".txt")))});
  }
  std::sort(pages.begin(), pages.end(), [](const Page& a, const Page& b) { return a.name < b.name; });
  return pages;
}

double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

struct Quality {
  double cpu = 0;
  std::size_t errors = 0;
  std::size_t letters = 0;
  int blanks_right = 0;
  int turned_right = 0;
  [[nodiscard]] double error_rate() const {
    return 100.0 * double(errors) / double(std::max<std::size_t>(letters, 1));
  }
};

/// p07 and p10 lie upside down, a page without printed text is blank (the pages' own description).
int true_rotation(const Page& page) {
  return page.name == "p07" || page.name == "p10" ? 180 : 0;
}

Quality through_the_worker(const std::vector<Page>& pages, ocr::PageWorker& worker) {
  Quality quality;
  const auto before = worker.cpu_time();
  for (const auto& page : pages) {
    const auto report = worker.read_page(page.bytes, {}).value();
    quality.errors += edit_distance(page.truth, folded(report.text));
    quality.letters += page.truth.size();
    quality.blanks_right += report.blank == page.truth.empty() ? 1 : 0;
    quality.turned_right += report.rotation == true_rotation(page) ? 1 : 0;
  }
  quality.cpu = double((worker.cpu_time() - before).count()) / 1000.0;
  return quality;
}

Bytes upright_grey(const Page& page, ocr::Pixels& pixels) {
  pixels = ocr::decode_grey(page.bytes).value().front();
  Bytes data = pixels.data;
  if (true_rotation(page) == 180) std::reverse(data.begin(), data.end());
  return data;
}

/// What the pages with text cost when nothing but Tesseract runs, told which way they lie and which are
/// blank.
Quality bare_tesseract(const std::vector<Page>& pages) {
  tesseract::TessBaseAPI engine;
  if (engine.Init(nullptr, "deu", tesseract::OEM_LSTM_ONLY) != 0) std::exit(2);
  engine.SetPageSegMode(tesseract::PSM_AUTO);
  Quality quality;
  for (const auto& page : pages) {
    if (page.truth.empty()) continue;
    ocr::Pixels shape;
    const Bytes grey = upright_grey(page, shape);
    const double before = cpu_seconds();
    engine.SetImage(grey.data(), shape.width, shape.height, 1, shape.width);
    engine.SetSourceResolution(300);
    const std::unique_ptr<char[]> text(engine.GetUTF8Text());
    quality.cpu += cpu_seconds() - before;
    quality.errors += edit_distance(page.truth, folded(text.get()));
    quality.letters += page.truth.size();
  }
  return quality;
}

void print(const char* name, double value, const char* unit) {
  std::printf("%s %.3f %s\n", name, value, unit);
}

}  // namespace

int main(int argc, char** argv) {
  const char* const limit = std::getenv("OMP_THREAD_LIMIT");
  if (argc != 3 || limit == nullptr || std::string(limit) != "1") {
    std::fputs("usage: OMP_THREAD_LIMIT=1 mailroom-bench-recognition PAGES-FOLDER MAILROOM-PAGE\n", stderr);
    return 64;
  }
  const auto pages = load_pages(argv[1]);
  auto worker = ocr::PageWorker::start({.program = argv[2]}).value();
  const Quality bare = bare_tesseract(pages);
  const Quality ours = through_the_worker(pages, worker);
  const double overhead = 100.0 * (ours.cpu / bare.cpu - 1.0);
  print("recognition.pages", double(pages.size()), "pages");
  print("recognition.character_error_rate", ours.error_rate(), "%");
  print("recognition.character_error_rate_bare_tesseract", bare.error_rate(), "%");
  print("recognition.blank_right", ours.blanks_right, "pages");
  print("recognition.orientation_right", ours.turned_right, "pages");
  print("recognition.cpu_all_pages", ours.cpu, "s");
  print("recognition.cpu_bare_tesseract", bare.cpu, "s");
  print("recognition.overhead_over_bare_tesseract", overhead, "%");
  const bool reached = ours.error_rate() <= 1.2 && overhead <= 30 && ours.blanks_right == int(pages.size()) &&
                       ours.turned_right == int(pages.size());
  print("recognition.goals_reached", reached ? 1 : 0, "bool");
  return reached ? 0 : 1;
}
