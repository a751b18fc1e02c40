#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/crypto/digest.h"
#include "daemon/intake/batch_flow.h"
#include "tests/intake/samples.h"
#include "tests/support/temporary_folder.h"

namespace mailroom::test {

inline PageReport read_as(bool blank = false) {
  PageReport report;
  report.width = 160;
  report.height = 200;
  report.dpi = 300;
  report.blank = blank;
  report.engines = {"tesseract 5.3.0"};
  return report;
}

/// What the flow has asked of the other rooms.
struct Asked {
  std::vector<std::string> read;    ///< ids of pages
  std::vector<std::string> sealed;  ///< ids of documents
  int delivered = 0;
};

/// A mailroom in a temporary folder up to the edges of the flow: real catalogue, spool, contents,
/// keys and configuration; the other rooms are the test.
class House {
 public:
  House() { restart(); }

  /// The daemon ends and starts again on the same data.
  void restart() {
    flow.reset();
    catalogue.reset();
    contents.reset();
    contents.emplace(archive::ContentStore::open(path() / "content").value());
    catalogue.emplace(archive::Catalogue::open(path() / "catalogue.db").value());
    asked = {};
    const intake::FlowRequests requests{
        [this](const archive::Batch&, const archive::Page& page) { asked.read.push_back(page.id); },
        [this](const std::string& document) { asked.sealed.push_back(document); },
        [this] { ++asked.delivered; },
        [] {},
        {},
        [this](const std::string& recipient, const std::string& event) {
          told.emplace_back(recipient, event);
        }};
    flow.emplace(intake::FlowRooms{*catalogue, spool, *contents, configuration, routing_keys, appliance(),
                                   clock, path() / "unowned", "mailroomd", path()},
                 requests);
  }

  archive::Batch open(int declared = 1, const std::string& profile = "post") {
    return flow->open({"virtual:one", profile, "mm", declared, "", {}, "uid:7"}).value();
  }

  void take(const archive::Batch& batch, int sheet, Side side, int shade = 0) {
    const auto image =
        captured(sheet, side, shade > 0 ? shade : 20 + 10 * sheet + (side == Side::back ? 5 : 0));
    REQUIRE(spool.store({batch.id, sheet, side, image.format}, image.bytes));
    REQUIRE(flow->take(batch.id, image, image.bytes.size()));
  }
  void take_sheets(const archive::Batch& batch, int sheets) {
    for (int sheet = 1; sheet <= sheets; ++sheet) {
      take(batch, sheet, Side::front);
      take(batch, sheet, Side::back);
    }
  }

  static drivers::FeedSummary feed_of(int sheets, drivers::FeedEnd end = drivers::FeedEnd::feeder_empty) {
    drivers::FeedSummary summary;
    summary.end = end;
    summary.sheets = sheets;
    summary.images = 2 * sheets;
    summary.count = {sheets, false, false};
    summary.device = {"virtual:one", "Mailroom", "Virtual feeder", "virtual device"};
    return summary;
  }
  static drivers::FeedSummary jam_after(int sheets) {
    auto summary = feed_of(sheets, drivers::FeedEnd::fault);
    summary.fault = FeedFault{FaultKind::paper_jam, sheets + 1, Side::front, PaperAt::feeder,
                              Error{Errc::paper_jam, "paper jam"}};
    summary.count = {sheets, true, false};
    return summary;
  }

  void read_all(const archive::Batch& batch, bool blank_backs = true) {
    for (const auto& page : pages(batch)) {
      const bool blank = blank_backs && page.image.side == Side::back;
      REQUIRE(flow->record_reading(page.id, read_as(blank)));
    }
  }

  /// A batch of `sheets` sheets whose one document of the profile's class is released.
  archive::Batch released(int sheets = 1, const std::string& profile = "post") {
    const auto batch = open(sheets, profile);
    take_sheets(batch, sheets);
    REQUIRE(flow->end_feed(batch.id, feed_of(sheets)));
    read_all(batch);
    return now(batch);
  }

  intake::SealedDocument seal(const std::string& document) {
    intake::Sealing sealing(configuration, appliance(), certificates(), spool, *contents);
    const auto order = flow->seal_order(document).value();
    auto sealed = sealing.seal(order);
    if (!sealed) FAIL(sealed.error().message());
    REQUIRE(flow->record_sealed(*sealed));
    return *sealed;
  }

  /// Seals all that was asked for.
  void seal_asked() {
    const auto documents = std::exchange(asked.sealed, {});
    for (const auto& document : documents) seal(document);
  }

  static const intake::RecipientCertificates& certificates() {
    static const intake::RecipientCertificates all = [] {
      intake::RecipientCertificates made;
      made.emplace("hr", Certificate::read(identities() / "hr.pem").value());
      return made;
    }();
    return all;
  }

  [[nodiscard]] archive::Batch now(const archive::Batch& batch) {
    return catalogue->batches().get(batch.id).value();
  }
  [[nodiscard]] std::vector<archive::Page> pages(const archive::Batch& batch) {
    return catalogue->pages().of_batch(batch.id).value();
  }
  [[nodiscard]] std::vector<archive::DocumentRow> documents(const archive::Batch& batch) {
    return catalogue->documents().of_batch(batch.id).value();
  }
  [[nodiscard]] std::vector<archive::DeliveryRow> deliveries(const std::string& document) {
    return catalogue->deliveries().of_document(document).value();
  }
  [[nodiscard]] std::vector<archive::ClarificationRow> open_questions() {
    return catalogue->clarifications().open().value();
  }
  [[nodiscard]] std::vector<std::string> reasons() {  ///< of the open questions, sorted
    std::vector<std::string> names;
    for (const auto& question : open_questions()) names.push_back(question.reason);
    std::sort(names.begin(), names.end());
    return names;
  }
  [[nodiscard]] std::vector<std::string> actions(const std::string& subject) {
    std::vector<std::string> names;
    const auto entries = archive::read_audit(catalogue->database(), subject).value();
    for (const auto& entry : entries) names.push_back(entry.record.action);
    return names;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;

 public:
  Configuration configuration = without_invoices(shipped());
  std::vector<RoutingKey> routing_keys{new_routing_key()};
  ManualClock clock{SystemClock().now()};
  intake::Spool spool{folder_.path() / "spool"};
  Asked asked;
  std::vector<std::pair<std::string, std::string>> told;  ///< recipient and event
  std::optional<archive::ContentStore> contents;
  std::optional<archive::Catalogue> catalogue;
  std::optional<intake::BatchFlow> flow;
};

/// What a recipient answers that has stored all of `delivery`.
inline delivery::Receipt receipt_for(const archive::DeliveryRow& delivery,
                                     delivery::ReceiptStatus status = delivery::ReceiptStatus::stored) {
  delivery::Receipt receipt;
  receipt.id = delivery.id;
  receipt.status = status;
  if (status != delivery::ReceiptStatus::stored) {
    receipt.reason = "wrong department";
    return receipt;
  }
  receipt.record = "A-1";
  const auto manifest = delivery::read_manifest(delivery.manifest).value();
  for (const auto& content : manifest.contents) receipt.contents.push_back({content.role, content.sha256});
  return receipt;
}

}  // namespace mailroom::test
