#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "daemon/archive/catalogue.h"
#include "daemon/archive/content_store.h"
#include "daemon/base/uuid.h"
#include "daemon/crypto/digest.h"

/// What it costs to make one document of 500 KB durable: its contents in the store, then rows, audit
/// and outbox in one transaction, as the daemon does it when a document is sealed. The time that the
/// kernel takes for fsync is measured apart, by standing in its way.
namespace {

using namespace mailroom;
using SteadyClock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int kDocuments = 101;
constexpr std::size_t kPdfBytes = 500'000, kNoteBytes = 3'000, kSignatureBytes = 2'000,
                      kManifestBytes = 16'000;

SteadyClock::duration in_fsync{};

int timed_sync(int fd) {
  const auto begin = SteadyClock::now();
  const int outcome = int(::syscall(SYS_fsync, fd));
  in_fsync += SteadyClock::now() - begin;
  return outcome;
}

template <typename T>
T must(Result<T> outcome) {
  if (!outcome) throw std::runtime_error(outcome.error().message());
  return std::move(*outcome);
}
void must(const Result<void>& outcome) {
  if (!outcome) throw std::runtime_error(outcome.error().message());
}

archive::Batch open_batch(archive::Catalogue& catalogue, const Clock& clock) {
  archive::Batch batch;
  batch.id = new_uuid(clock);
  batch.scanner = batch.operator_id = batch.profile = "bench";
  batch.config_digest = std::string(64, '0');
  batch.received = {to_iso_date(clock.now()), Channel::letter};
  must(catalogue.batches().keep_configuration(batch.config_digest, "{}", clock.now()));
  batch.number = must(catalogue.batches().insert(batch, clock.now()));
  return batch;
}

archive::DocumentRow release_document(archive::Catalogue& catalogue, const archive::Batch& batch, int number,
                                      const Clock& clock) {
  archive::DocumentRow row;
  row.id = new_uuid(clock);
  row.batch = batch.id;
  row.key = std::to_string(number);
  row.number = batch.number + "-" + row.key;
  row.state = DocumentState::released;
  row.document_class = "letter";
  row.department = "poststelle";
  row.received = batch.received;
  must(catalogue.documents().insert(row, clock.now()));
  return row;
}

void commit(archive::Catalogue& catalogue, archive::ContentStore& store, const archive::DocumentRow& document,
            const std::vector<std::pair<std::string, Bytes>>& contents, const Clock& clock) {
  std::vector<archive::ContentRow> rows;
  for (const auto& [name, bytes] : contents) {
    const auto digest = must(store.put(bytes));
    rows.push_back({document.id, "", name, "document", "application/pdf", bytes.size(), digest});
  }
  auto transaction = must(catalogue.database().begin());
  must(catalogue.documents().step(document.id, DocumentState::sealed, clock.now()));
  for (const auto& row : rows) must(catalogue.documents().insert_content(row));
  (void)must(archive::append_audit(transaction, clock.now(),
                                   {"daemon",
                                    "document.sealed",
                                    {document.id, document.batch},
                                    nlohmann::json::object()}));
  archive::DeliveryRow delivery;
  delivery.id = new_uuid(clock);
  delivery.document = document.id;
  delivery.recipient = "ecm";
  delivery.manifest = std::string(kManifestBytes, 'm');
  must(catalogue.deliveries().insert(delivery, clock.now()));
  must(catalogue.documents().step(document.id, DocumentState::owed, clock.now()));
  must(transaction.commit());
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(values.size() / 2), values.end());
  return values[values.size() / 2];
}

/// Median milliseconds of a commit: in all, and without fsync.
std::pair<double, double> measure(const std::filesystem::path& folder) {
  const SystemClock clock;
  auto store = must(archive::ContentStore::open(folder / "content"));
  auto catalogue = must(archive::Catalogue::open(folder / "catalogue.db"));
  const auto batch = open_batch(catalogue, clock);
  std::vector<double> all, beyond;
  for (int i = 1; i <= kDocuments; ++i) {
    const auto document = release_document(catalogue, batch, i, clock);
    const std::vector<std::pair<std::string, Bytes>> contents = {
        {"document.pdf", random_bytes(kPdfBytes)},
        {"transfer-note.json", random_bytes(kNoteBytes)},
        {"transfer-note.p7s", random_bytes(kSignatureBytes)}};
    in_fsync = {};
    const auto begin = SteadyClock::now();
    commit(catalogue, store, document, contents, clock);
    const auto took = SteadyClock::now() - begin;
    all.push_back(Milliseconds(took).count());
    beyond.push_back(Milliseconds(took - in_fsync).count());
  }
  return {median(all), median(beyond)};
}

}  // namespace

extern "C" {
int bench_fsync(int fd) __asm__("fsync") __attribute__((visibility("default"), used));
int bench_fdatasync(int fd) __asm__("fdatasync") __attribute__((visibility("default"), used));
int bench_fsync(int fd) {
  return timed_sync(fd);
}
int bench_fdatasync(int fd) {
  return timed_sync(fd);
}
}

int main(int argc, char** argv) try {
  if (argc != 2) throw std::invalid_argument("give an empty folder on the disk to be measured");
  const auto [all, beyond] = measure(argv[1]);
  std::printf("%.2f\t%.2f\n", all, beyond);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "mailroom-bench-commit: " << error.what() << '\n';
  return 1;
}
