#include "ocr/worker/client/read_invoices.h"

#include <ostream>

#include "daemon/base/bytes.h"
#include "daemon/base/durable_file.h"
#include "ocr/worker/client/paper_line.h"

namespace mailroom::ocr {
namespace {

using nlohmann::json;

constexpr std::size_t kFileLimit = std::size_t{64} << 20U;
constexpr std::chrono::seconds kInvoiceLimit{20};
constexpr std::size_t kMemoryMib = 1024;

json unreadable(const Error& error) {
  return {{"syntax", "unknown"},
          {"terms", json::object()},
          {"lines", 0},
          {"findings",
           {{{"rule", "MR-UNREADABLE"},
             {"severity", "fatal"},
             {"text", "Die Datei ist nicht lesbar: " + error.message()}}}},
          {"verdict", "unknown"},
          {"decision", "clarify"}};
}

/// Neither XML nor PDF: an image perhaps. Electronic invoices are looked for first.
bool may_be_paper(const json& line, const Bytes& bytes) {
  const auto& findings = line["findings"];
  const bool none = findings.size() == 1 && findings[0]["rule"] == "MR-NO-INVOICE";
  return none && as_text(bytes).substr(0, 1024).find("%PDF-") == std::string_view::npos;
}

/// One file; a worker that died on it is replaced and tried once more.
json line_about(PageWorker& worker, const std::filesystem::path& file) {
  const auto bytes = read_file(file, kFileLimit);
  if (!bytes) return unreadable(bytes.error());
  auto answer = worker.read_invoice(*bytes);
  for (int again = 0; again < 1 && !answer && !worker.alive(); ++again) {
    if (auto restarted = worker.restart(); !restarted) return unreadable(restarted.error());
    answer = worker.read_invoice(*bytes);
  }
  if (!answer && !worker.alive())
    static_cast<void>(worker.restart());  // for the next file, which says if it failed
  if (!answer) return unreadable(answer.error());
  json line = (*answer)["line"];
  if (!may_be_paper(line, *bytes)) return line;
  if (auto paper = paper_line(worker, *bytes)) return std::move(*paper);
  if (!worker.alive()) static_cast<void>(worker.restart());
  return line;
}

}  // namespace

int read_invoices(const std::vector<std::filesystem::path>& files, std::ostream& out,
                  PageWorkerOptions options) {
  options.page_limit = kInvoiceLimit;
  options.memory_mib = kMemoryMib;
  auto worker = PageWorker::start(options);
  for (const auto& file : files) {
    json line = worker ? line_about(*worker, file) : unreadable(worker.error());
    line["file"] = file.string();
    out << line.dump(-1, ' ', false, json::error_handler_t::replace) << '\n' << std::flush;
  }
  return worker ? 0 : 1;
}

}  // namespace mailroom::ocr
