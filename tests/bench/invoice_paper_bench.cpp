// mailroom-bench-invoice-paper CORPUS MAILROOM-PAGE CACHE [DRAWN]: how well paper invoices are read. Prints
// the PDF invoices of CORPUS (einvoice/valid, EXPECTED.tsv is the truth) and DRAWN invoices of our own
// layouts, spoils the pages as scanners do, has them recognised and read, and judges them as the daemon does.
// Page reports are kept in CACHE, so a second run costs no recognition. One figure a line: name, tab, value.

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <numbers>
#include <random>
#include <sstream>

#include "daemon/base/durable_file.h"
#include "daemon/invoice/decision/judge.h"
#include "daemon/invoice/paper/written_values.h"
#include "ocr/paper/canvas.h"
#include "ocr/render/pdf_pages.h"
#include "ocr/worker/client/page_client.h"
#include "tests/invoice/drawn_invoice.h"

namespace {

using namespace mailroom;
using namespace mailroom::invoice;
namespace fs = std::filesystem;

/// A way to spoil a page: resolution, turn, noise.
struct Spoil {
  const char* name;
  int dpi;
  double degrees;
  int noise;     ///< standard deviation of the grain
  int blur;      ///< times a three-pixel mean
  int contrast;  ///< per cent of black that ink keeps
};
constexpr std::array kSpoils = {Spoil{"300", 300, 0, 0, 0, 100}, Spoil{"200", 200, 0, 0, 0, 100},
                                Spoil{"300-askew-noisy", 300, 1.2, 14, 1, 85},
                                Spoil{"200-askew-noisy", 200, -0.9, 10, 1, 80}};

ocr::Pixels grey_of(const ocr::Pixels& page) {
  if (page.channels == 1) return page;
  ocr::Pixels grey{page.width, page.height, page.dpi, 1,
                   Bytes(std::size_t(page.width) * std::size_t(page.height))};
  for (std::size_t i = 0; i < grey.data.size(); ++i)
    grey.data[i] = std::uint8_t(
        (299 * page.data[3 * i] + 587 * page.data[3 * i + 1] + 114 * page.data[3 * i + 2]) / 1000);
  return grey;
}

ocr::Pixels turned(const ocr::Pixels& page, double degrees) {
  if (degrees == 0) return page;
  ocr::Pixels out{page.width, page.height, page.dpi, 1, Bytes(page.data.size(), 255)};
  const double c = std::cos(degrees * std::numbers::pi / 180), s = std::sin(degrees * std::numbers::pi / 180);
  const double mx = page.width / 2.0, my = page.height / 2.0;
  for (int y = 0; y < page.height; ++y) {
    for (int x = 0; x < page.width; ++x) {
      const double u = c * (x - mx) + s * (y - my) + mx, v = -s * (x - mx) + c * (y - my) + my;
      const int i = int(std::floor(u)), j = int(std::floor(v));
      if (i < 0 || j < 0 || i + 1 >= page.width || j + 1 >= page.height) continue;
      const double a = u - i, b = v - j;
      const auto* row = page.data.data() + std::size_t(j) * std::size_t(page.width) + std::size_t(i);
      const auto* next = row + page.width;
      out.data[std::size_t(y) * std::size_t(page.width) + std::size_t(x)] = std::uint8_t(
          (1 - a) * (1 - b) * row[0] + a * (1 - b) * row[1] + (1 - a) * b * next[0] + a * b * next[1]);
    }
  }
  return out;
}

void blur(ocr::Pixels& page) {
  const Bytes before = page.data;
  const auto width = std::size_t(page.width);
  for (std::size_t y = 1; y + 1 < std::size_t(page.height); ++y) {
    for (std::size_t x = 1; x + 1 < width; ++x) {
      const auto at = y * width + x;
      page.data[at] = std::uint8_t(
          (4 * before[at] + before[at - 1] + before[at + 1] + before[at - width] + before[at + width]) / 8);
    }
  }
}

ocr::Pixels spoiled(const ocr::Pixels& clean, const Spoil& spoil, unsigned seed) {
  auto page = turned(grey_of(clean), spoil.degrees);
  for (int i = 0; i < spoil.blur; ++i) blur(page);
  std::minstd_rand random(seed);
  std::normal_distribution<float> grain(0, float(std::max(1, spoil.noise)));
  for (auto& value : page.data) {
    const float lit = 255 - float(255 - value) * float(spoil.contrast) / 100;
    value = std::uint8_t(std::clamp(spoil.noise == 0 ? lit : lit * 0.97F + grain(random), 0.0F, 255.0F));
  }
  return page;
}

Bytes pgm_of(const ocr::Pixels& page) {
  const std::string head =
      "P5\n" + std::to_string(page.width) + " " + std::to_string(page.height) + "\n255\n";
  Bytes bytes(head.begin(), head.end());
  bytes.insert(bytes.end(), page.data.begin(), page.data.end());
  return bytes;
}

/// Reads pages through the worker, or from the cache.
class Reader {
 public:
  Reader(fs::path worker, fs::path cache) : program_(std::move(worker)), cache_(std::move(cache)) {
    fs::create_directories(cache_);
  }

  template <typename Draw>
  PageReport read(const std::string& name, const Spoil& spoil, Draw draw) {
    const auto file = cache_ / (name + "." + spoil.name + ".json");
    if (std::ifstream in(file); in) {
      auto report = page_report_from(nlohmann::json::parse(in));
      if (report) return std::move(*report);
    }
    const auto pixels = spoiled(draw(spoil.dpi), spoil, unsigned(std::hash<std::string>{}(name)));
    auto report = worker().read_page(pgm_of(pixels), {.recognise = true, .full_search = false});
    if (!report) throw std::runtime_error(name + ": " + report.error().message());
    report->dpi = spoil.dpi;  // PGM does not say it
    std::ofstream(file) << to_json(*report).dump();
    return std::move(*report);
  }

 private:
  ocr::PageWorker& worker() {
    if (!worker_) {
      ocr::PageWorkerOptions options;
      options.program = program_;
      options.page_limit = std::chrono::minutes(5);
      options.start_limit = std::chrono::minutes(2);
      auto started = ocr::PageWorker::start(options);
      if (!started) throw std::runtime_error(started.error().message());
      worker_.emplace(std::move(*started));
    }
    return *worker_;
  }

  fs::path program_, cache_;
  std::optional<ocr::PageWorker> worker_;
};

struct NoMemory : InvoiceMemory {
  std::vector<EarlierInvoice> alike(const std::string&, const std::string&, std::uint64_t) const override {
    return {};
  }
  std::vector<std::string> numbers_of(const std::string&) const override { return {}; }
  std::vector<Anchor> anchors_of(const std::string&) const override { return {}; }
};

double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// The figures of one set of invoices.
class Tally {
 public:
  explicit Tally(std::string name) : name_(std::move(name)) {}

  void count(const std::string& what, const std::vector<PageReport>& pages, const test::Truth& truth,
             const CreditorBook& book, const std::string& buyer) {
    std::vector<PaperPage> given;
    for (std::size_t i = 0; i < pages.size(); ++i) given.push_back({"page" + std::to_string(i), &pages[i]});
    const double before = cpu_milliseconds();
    const auto read = read_paper(given);
    const auto received = iso_date(day_number(truth.at("invoice_date")) + 5);
    const auto judgement = judge(read, {}, {{buyer}}, book, NoMemory{}, received);
    milliseconds_ += cpu_milliseconds() - before;
    pages_ += pages.size();
    ++invoices_;
    for (const auto& [field, value] : truth) {
      ++asked_[field];
      if (read.value(field) == value) {
        ++right_[field];
      } else {
        std::cerr << name_ << "\t" << what << "\t" << field << ": read \"" << read.value(field) << "\" for \""
                  << value << "\"\n";
      }
    }
    if (!judgement.doubts.empty()) {
      if (std::getenv("VERBOSE") != nullptr)
        for (const auto& doubt : judgement.doubts)
          std::cerr << name_ << "\t" << what << "\tasked: " << doubt.reason << " "
                    << (doubt.values.count("fields") ? doubt.values.at("fields") : "") << "\n";
      return;
    }
    ++passed_;
    bool wrong = false;
    for (const auto& field : judgement.fields) {
      const auto meant = truth.find(field.name);
      if (meant == truth.end() || meant->second == field.value) continue;
      wrong = true;
      std::cerr << name_ << "\t" << what << "\tSILENTLY WRONG " << field.name << ": \"" << field.value
                << "\" for \"" << meant->second << "\", confidence " << field.confidence << "\n";
    }
    silently_wrong_ += wrong ? 1 : 0;
  }

  void print() const {
    for (const auto& [field, all] : asked_) {
      const auto right = right_.count(field) != 0 ? right_.at(field) : 0;
      std::printf("%s.%s\t%.1f\t%d of %d\n", name_.c_str(), field.c_str(), 100.0 * right / all, right, all);
    }
    std::printf("%s.passed\t%d\tof %d\n", name_.c_str(), passed_, invoices_);
    std::printf("%s.silently_wrong\t%d\n", name_.c_str(), silently_wrong_);
    std::printf("%s.milliseconds_a_page\t%.2f\n", name_.c_str(),
                milliseconds_ / double(std::max<std::size_t>(1, pages_)));
  }

 private:
  std::string name_;
  std::map<std::string, int> asked_, right_;
  int invoices_ = 0, passed_ = 0, silently_wrong_ = 0;
  double milliseconds_ = 0;
  std::size_t pages_ = 0;
};

struct Printed {
  std::string name;
  test::Truth truth;
  std::string seller, vat_id, buyer;
};

std::string money(const std::string& text) {
  const auto cents = cents_from(text.find('.') == std::string::npos ? text + ".00"
                                : text.size() - text.find('.') == 2 ? text + "0"
                                                                    : text);
  return cents ? decimal(*cents) : text;
}

/// The rows of EXPECTED.tsv about valid PDF invoices.
std::vector<Printed> expected(const fs::path& corpus) {
  std::vector<Printed> found;
  std::ifstream in(corpus / "EXPECTED.tsv");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("einvoice/valid/", 0) != 0) continue;
    const auto tab = line.find('\t');
    const auto file = line.substr(0, tab);
    if (file.size() < 4 || file.substr(file.size() - 4) != ".pdf") continue;
    Printed printed;
    printed.name = file.substr(15);
    std::istringstream terms(line.substr(tab + 1));
    for (std::string term; std::getline(terms, term, ';');) {
      const auto at = term.find('=');
      if (at == std::string::npos) continue;
      const auto name = term.substr(term.find_first_not_of(' '), at - term.find_first_not_of(' '));
      auto value = term.substr(at + 1);
      if (name == "BT-1") printed.truth["invoice_number"] = value;
      if (name == "BT-2") printed.truth["invoice_date"] = value;
      if (name == "BT-109") printed.truth["net_amount"] = money(value);
      if (name == "BT-110") printed.truth["vat_amount"] = money(value);
      if (name == "BT-112") printed.truth["gross_amount"] = money(value);
      if (name == "BT-84") {
        std::erase(value, ' ');
        printed.truth["iban"] = value;
      }
      if (name == "BT-27") printed.seller = value;
      if (name == "BT-31") printed.vat_id = value;
      if (name == "BT-44") printed.buyer = value;
    }
    found.push_back(std::move(printed));
  }
  return found;
}

/// Each way to spoil them apart, and all print-outs together: seven files a way are too few for a percentage.
void measure_corpus(const fs::path& corpus, Reader& reader) {
  Tally all("corpus");
  for (const Spoil& spoil : kSpoils) {
    Tally tally(std::string("corpus.") + spoil.name);
    for (const auto& printed : expected(corpus)) {
      const auto bytes =
          mailroom::read_file(corpus / "einvoice/valid" / printed.name, std::size_t{64} << 20U);
      if (!bytes) throw std::runtime_error(bytes.error().message());
      auto pdf = ocr::PdfPages::open(*bytes);
      if (!pdf) throw std::runtime_error(pdf.error().message());
      std::vector<PageReport> pages;
      for (int number = 1; number <= pdf->count(); ++number)
        pages.push_back(reader.read(printed.name + "-" + std::to_string(number), spoil, [&](int dpi) {
          auto pixels = pdf->page(number, dpi);
          if (!pixels) throw std::runtime_error(pixels.error().message());
          return std::move(*pixels);
        }));
      const auto iban = printed.truth.count("iban") != 0 ? printed.truth.at("iban") : std::string();
      Creditor creditor{"1", printed.seller, "", "", "", printed.vat_id, "", {}};
      if (!iban.empty()) creditor.accounts.push_back({iban, ""});
      const CreditorBook book({creditor});
      tally.count(printed.name, pages, printed.truth, book, printed.buyer);
      all.count(printed.name, pages, printed.truth, book, printed.buyer);
    }
    tally.print();
  }
  all.print();
}

ocr::Pixels drawn(const PageReport& page, int dpi) {
  auto pixels = ocr::draw_pixels(
      [&](ocr::Canvas& canvas) {
        for (const auto& word : page.words) {
          const double scale = 25.4 / page.dpi;
          canvas.text(word.box.x * scale, (word.box.y + word.box.height) * scale, word.text,
                      {.size = word.box.height * scale / 0.72 * 72 / 25.4});
        }
      },
      dpi);
  if (!pixels) throw std::runtime_error(pixels.error().message());
  return std::move(*pixels);
}

void measure_drawn(int count, Reader& reader) {
  const auto creditors = creditors_from_csv(test::creditors_csv());
  if (!creditors) throw std::runtime_error(creditors.error().message());
  const CreditorBook book(*creditors);
  for (std::size_t way = 2; way < kSpoils.size(); ++way) {
    Tally tally(std::string("drawn.") + kSpoils[way].name);
    for (int i = 0; i < count; ++i) {
      const auto invoice = test::draw_invoice(std::uint32_t(i));
      std::vector<PageReport> pages;
      for (std::size_t page = 0; page < invoice.pages.size(); ++page)
        pages.push_back(reader.read("drawn-" + std::to_string(i) + "-" + std::to_string(page), kSpoils[way],
                                    [&](int dpi) { return drawn(invoice.pages[page], dpi); }));
      tally.count("drawn-" + std::to_string(i), pages, invoice.truth, book, test::kDrawnBuyer);
    }
    tally.print();
  }
}

/// Errors by chance on recognised words: far more than recognition makes, to provoke what must not pass.
void measure_misread() {
  const auto creditors = creditors_from_csv(test::creditors_csv());
  const CreditorBook book(*creditors);
  for (const auto& [name, rate] :
       {std::pair("misread.0.2%", 0.002), std::pair("misread.1%", 0.01), std::pair("misread.3%", 0.03)}) {
    Tally tally(name);
    for (std::uint32_t i = 0; i < 2000; ++i) {
      auto invoice = test::draw_invoice(i);
      test::misread(invoice, rate, i + 77);
      tally.count("seed " + std::to_string(i), invoice.pages, invoice.truth, book, test::kDrawnBuyer);
    }
    tally.print();
  }
}

}  // namespace

int main(int count, char** words) {
  if (count < 4) {
    std::cerr << "usage: mailroom-bench-invoice-paper CORPUS MAILROOM-PAGE CACHE [DRAWN]\n";
    return 2;
  }
  try {
    Reader reader(words[2], words[3]);
    measure_misread();
    if (fs::exists(words[1])) measure_corpus(words[1], reader);
    measure_drawn(count > 4 ? std::atoi(words[4]) : 40, reader);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
