#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/assembly/page_reading.h"

namespace mailroom::assembly {

/// Turns sheets in feed order into documents and pages set aside. Thread-bound.
class DocumentStream {
 public:
  DocumentStream(const BatchFacts& batch, const Profile& profile, Findings& findings);

  void add(const SheetReading& sheet);
  void finish();  ///< the stack is at its end

  std::vector<AssembledDocument> take_documents() { return std::move(documents_); }
  std::vector<SetAside> take_set_aside() { return std::move(set_aside_); }

 private:
  void act(const Act& act, const SheetReading& sheet);
  void start_document(const Act& act, const SheetReading& sheet);
  void begin_batch(const Act& act, const SheetReading& sheet);
  void mark_urgent(const SheetReading& sheet);
  void add_stated_fields(const SideReading& side);
  void add_content(const SideReading& side);
  void add_label(const std::string& reference, const std::string& page);
  AssembledDocument& open_document(const std::string& first_page);
  void end_document();
  void close_pending();
  void ask(const char* reason, const std::string& page, int sheet, const std::string& kind = {});
  void put_aside(const SideReading& side, PageRole role, const std::string& remark = {});

  /// A sheet that waits for content.
  struct Waiting {
    std::string page;
    int sheet = 0;
  };

  const BatchFacts& batch_;
  Findings& findings_;
  std::string class_;               ///< of the next document
  std::string department_;          ///< same
  std::string once_class_;          ///< of the next document only: a closed item
  std::optional<Waiting> pending_;  ///< a document was announced
  std::optional<Waiting> urgent_;
  IndexField reference_;  ///< a reference for the next document
  bool in_document_ = false;
  bool seen_anything_ = false;
  bool envelope_next_ = false;
  bool envelope_now_ = false;
  PageRole role_ = PageRole::content;
  bool said_by_sheet_ = false;
  std::vector<AssembledDocument> documents_;
  std::vector<SetAside> set_aside_;
};

}  // namespace mailroom::assembly
