#include "ocr/worker/client/read_files.h"

#include <atomic>
#include <future>
#include <memory>
#include <ostream>
#include <string>
#include <thread>

#include "daemon/base/durable_file.h"

namespace mailroom::ocr {
namespace {

using nlohmann::json;

constexpr std::size_t kFileLimit = std::size_t{512} << 20U;

/// All lines about one file.
struct Lines {
  std::string text;
  bool failed = false;

  void add(const json& line) { text += line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"; }
  void add_error(const std::filesystem::path& file, const Error& error, int page = 0) {
    json line = {{"file", file.string()},
                 {"error", {{"code", name_of(error.code)}, {"text", error.message()}}}};
    if (page > 0) line["page"] = page;
    add(line);
    failed = true;
  }
};

json barcode(const Code& code) {
  return {{"symbology", code.symbology},
          {"text", code.text},
          {"bytes", code.bytes},
          {"box", {code.box.x, code.box.y, code.box.width, code.box.height}},
          {"engines", code.engines}};
}

json line_of(const std::filesystem::path& file, int page, const PageReport& report) {
  json barcodes = json::array();
  for (const auto& code : report.codes) barcodes.push_back(barcode(code));
  return {{"file", file.string()},       {"page", page},
          {"width", report.width},       {"height", report.height},
          {"dpi", report.dpi},           {"blank", report.blank},
          {"rotation", report.rotation}, {"skew_degrees", report.skew_degrees},
          {"barcodes", barcodes},        {"patch", report.patch},
          {"text", report.text}};
}

/// One worker and the files it takes from the common list.
class Reader {
 public:
  explicit Reader(const ReadOptions& options) : options_(options) {}

  Lines read(const std::filesystem::path& file) {
    Lines lines;
    if (auto done = read_into(file, lines); !done) lines.add_error(file, done.error());
    return lines;
  }

 private:
  Result<void> read_into(const std::filesystem::path& file, Lines& lines) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
      return fail(Errc::invalid_input, "this is a folder, not a file");
    MAILROOM_TRY(const Bytes bytes, mailroom::read_file(file, kFileLimit));
    auto outcome = attempt(file, bytes, lines);
    if (outcome || (outcome.error().code != Errc::crashed && outcome.error().code != Errc::timed_out))
      return outcome;
    lines = {};  // a worker may die by no fault of the page: once more from the start
    return attempt(file, bytes, lines);
  }

  Result<void> attempt(const std::filesystem::path& file, const Bytes& bytes, Lines& lines) {
    MAILROOM_TRY_VOID(have_worker());
    const auto on_page = [&](int page, Result<PageReport> report) {
      if (report) {
        lines.add(line_of(file, page, *report));
      } else {
        lines.add_error(file, report.error(), page);
      }
    };
    MAILROOM_TRY_VOID(worker_->read_file(bytes, options_.request, on_page));
    return {};
  }

  Result<void> have_worker() {
    if (!worker_) {
      MAILROOM_TRY(auto started, PageWorker::start(options_.worker));
      worker_ = std::make_unique<PageWorker>(std::move(started));
    }
    if (worker_->alive()) return {};
    return worker_->restart();
  }

  const ReadOptions& options_;
  std::unique_ptr<PageWorker> worker_;
};

}  // namespace

int read_files(const std::vector<std::filesystem::path>& files, std::ostream& out,
               const ReadOptions& options) {
  std::vector<std::promise<Lines>> results(files.size());
  std::atomic<std::size_t> next{0};
  const auto take_files = [&] {
    Reader reader(options);
    for (auto i = next++; i < files.size(); i = next++) results[i].set_value(reader.read(files[i]));
  };
  std::vector<std::jthread> threads;
  const auto wanted = std::min(files.size(), std::size_t(std::max(1, options.workers)));
  for (std::size_t i = 0; i < wanted; ++i) threads.emplace_back(take_files);
  bool failed = false;
  for (auto& result : results) {
    const Lines lines = result.get_future().get();
    out << lines.text << std::flush;
    failed = failed || lines.failed;
  }
  return failed ? 1 : 0;
}

}  // namespace mailroom::ocr
