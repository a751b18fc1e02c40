#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "daemon/delivery/manifest.h"
#include "daemon/delivery/outbox.h"

namespace mailroom::test {

/// The outbox's contract kept in memory. Thread-safe.
class MemoryOutbox final : public delivery::Outbox {
 public:
  struct Row {
    std::string recipient;
    std::string manifest;
    Priority priority = Priority::ordinary;
    int attempts = 0;
    Timestamp next_due = {};
    std::string state = "owed";
    std::string record = {};
    std::string reason = {};
    std::map<std::string, Bytes> contents = {};
    std::map<std::int64_t, std::string> progress = {};
    int receipts = 0;  ///< how often one was accepted
  };

  void owe(const std::string& id, Row row) {
    const std::lock_guard lock(mutex_);
    rows_[id] = std::move(row);
  }

  std::map<std::string, Row> rows() const {
    const std::lock_guard lock(mutex_);
    return rows_;
  }

  int count(const std::string& state) const {
    const std::lock_guard lock(mutex_);
    int found = 0;
    for (const auto& [id, row] : rows_) found += row.state == state ? 1 : 0;
    return found;
  }

  std::vector<delivery::DeadLetter> letters() const {
    const std::lock_guard lock(mutex_);
    return letters_;
  }

  int most_unreceipted() const { return most_unreceipted_; }

  Result<std::vector<delivery::OwedManifest>> due(const std::string& recipient, Timestamp now,
                                                  int fresh) override {
    const std::lock_guard lock(mutex_);
    std::vector<delivery::OwedManifest> list;
    for (const auto priority : {Priority::deadline, Priority::urgent, Priority::ordinary}) {
      for (const auto& [id, row] : rows_) {
        if (row.recipient != recipient || row.state != "owed" || row.priority != priority) continue;
        if (row.attempts > 0 ? row.next_due > now : fresh-- <= 0) continue;
        list.push_back({id, row.manifest, row.attempts});
      }
    }
    return list;
  }

  Result<std::optional<Timestamp>> next_due(const std::string& recipient) override {
    const std::lock_guard lock(mutex_);
    std::optional<Timestamp> earliest;
    for (const auto& [id, row] : rows_) {
      if (row.recipient != recipient || row.state != "owed" || row.attempts == 0) continue;
      if (!earliest || row.next_due < *earliest) earliest = row.next_due;
    }
    return earliest;
  }

  Result<int> unreceipted(const std::string& recipient) override {
    const std::lock_guard lock(mutex_);
    int found = 0;
    for (const auto& [id, row] : rows_) {
      found += row.recipient == recipient && row.state == "owed" && row.attempts > 0 ? 1 : 0;
    }
    most_unreceipted_ = std::max(most_unreceipted_, found);
    return found;
  }

  Result<void> record_attempt(const std::string& id, Timestamp, Timestamp next_due) override {
    const std::lock_guard lock(mutex_);
    auto& row = rows_.at(id);
    ++row.attempts;
    row.next_due = next_due;
    return {};
  }

  Result<delivery::ReceiptOutcome> record_receipt(const std::string& recipient,
                                                  const delivery::Receipt& receipt, Timestamp) override {
    using delivery::ReceiptOutcome;
    using delivery::ReceiptStatus;
    const std::lock_guard lock(mutex_);
    const auto found = rows_.find(receipt.id);
    if (found == rows_.end() || found->second.recipient != recipient) return ReceiptOutcome::unknown_id;
    auto& row = found->second;
    if (receipt.status == ReceiptStatus::stored && !delivery::digests_agree(row.manifest, receipt)) {
      return ReceiptOutcome::digest_mismatch;
    }
    if (row.state != "owed") return ReceiptOutcome::duplicate;
    row.state = receipt.status == ReceiptStatus::stored     ? "stored"
                : receipt.status == ReceiptStatus::rejected ? "rejected"
                                                            : "returned";
    row.record = receipt.record;
    row.reason = receipt.reason;
    ++row.receipts;
    return ReceiptOutcome::accepted;
  }

  Result<bool> record_reply(const std::string&, const delivery::Reply&, Timestamp) override { return false; }
  Result<bool> record_progress(const std::string& recipient, const delivery::Progress& progress,
                               Timestamp) override {
    const std::lock_guard lock(mutex_);
    const auto found = rows_.find(progress.id);
    if (found == rows_.end() || found->second.recipient != recipient) return false;
    found->second.progress.try_emplace(progress.seq, progress.step);
    return true;
  }

  Result<void> dead_letter(const delivery::DeadLetter& letter) override {
    const std::lock_guard lock(mutex_);
    letters_.push_back(letter);
    return {};
  }

  Result<std::optional<std::uint64_t>> content_size(const std::string& recipient, const std::string& id,
                                                    const std::string& sha256) override {
    const std::lock_guard lock(mutex_);
    const auto* bytes = content(recipient, id, sha256);
    if (bytes == nullptr) return std::optional<std::uint64_t>();
    return std::optional<std::uint64_t>(bytes->size());
  }

  Result<Bytes> content_block(const std::string& recipient, const std::string& id, const std::string& sha256,
                              std::uint64_t offset, std::size_t length) override {
    const std::lock_guard lock(mutex_);
    const auto* bytes = content(recipient, id, sha256);
    if (bytes == nullptr || offset > bytes->size()) return fail(Errc::not_found, "no such content");
    const auto end = std::min<std::uint64_t>(bytes->size(), offset + length);
    return Bytes(bytes->begin() + std::ptrdiff_t(offset), bytes->begin() + std::ptrdiff_t(end));
  }

 private:
  const Bytes* content(const std::string& recipient, const std::string& id, const std::string& sha256) const {
    const auto row = rows_.find(id);
    if (row == rows_.end() || row->second.recipient != recipient) return nullptr;
    const auto found = row->second.contents.find(sha256);
    return found == row->second.contents.end() ? nullptr : &found->second;
  }

  mutable std::mutex mutex_;
  std::map<std::string, Row> rows_;
  std::vector<delivery::DeadLetter> letters_;
  int most_unreceipted_ = 0;
};

}  // namespace mailroom::test
