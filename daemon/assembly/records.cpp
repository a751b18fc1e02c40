#include "daemon/assembly/records.h"

#include <algorithm>

#include "daemon/invoice/model/invoice_json.h"
#include "daemon/invoice/records/own_numbers.h"

namespace mailroom::assembly {
namespace {

using invoice::PaperField;

constexpr double kSure = 0.9;             ///< of a number without check digits
constexpr std::size_t kLinksAtMost = 20;  ///< more fit into no manifest

using RecordOf = RecordLink (*)(const std::string& number);

RecordLink order_record(const std::string& number) {
  return {"voucher", "order-" + record_key(number), "Bestellung " + number};
}

RecordLink asset_record(const std::string& number) {
  return {"asset", record_key(number), number};
}

/// The pages of a document as they can be searched for numbers.
class Text {
 public:
  Text(const AssembledDocument& document, const std::vector<PageFacts>& pages) {
    for (const auto& part : document.pages) {
      const auto page =
          std::find_if(pages.begin(), pages.end(), [&](const auto& fact) { return fact.id == part.page; });
      if (part.role != PageRole::content || page == pages.end() || !page->report) continue;
      if (page->report->file.is_object()) {
        add_file(page->report->file);
      } else {
        scanned_.push_back({page->id, &*page->report});
      }
    }
  }

  /// However surely they were read.
  [[nodiscard]] std::vector<PaperField> numbers(std::string_view field, const std::string& pattern) const {
    auto found = invoice::own_numbers(scanned_, field, pattern);
    for (auto& number : invoice::own_numbers(printed_pages(), field, pattern)) {
      number.page.clear();  // a page of a file is none that the catalogue knows
      found.push_back(std::move(number));
    }
    if (electronic_) {
      for (auto& number : invoice::own_numbers(*electronic_, field, pattern))
        found.push_back(std::move(number));
    }
    return found;
  }

  /// As far as it names an invoice.
  [[nodiscard]] invoice::PaperInvoice paper() const {
    return invoice::read_paper(scanned_.empty() ? printed_pages() : scanned_);
  }

 private:
  void add_file(const nlohmann::json& file) {
    if (auto read = invoice::invoice_from(file.value("invoice", nlohmann::json())))
      electronic_ = std::move(*read);
    for (const auto& page : file.value("pages", nlohmann::json::array())) {
      if (auto report = page_report_from(page)) printed_.push_back(std::move(*report));
    }
  }
  [[nodiscard]] std::vector<invoice::PaperPage> printed_pages() const {
    std::vector<invoice::PaperPage> pages;
    for (const auto& report : printed_) pages.push_back({std::to_string(pages.size() + 1), &report});
    return pages;
  }

  std::vector<invoice::PaperPage> scanned_;
  std::vector<PageReport> printed_;  ///< of a file that shows its content to people only
  std::optional<invoice::Invoice> electronic_;
};

bool is_sure(const PaperField& number) {
  return number.confidence >= kSure;
}

/// Another number, even one in doubt, leaves open which of them it is.
bool is_one_and_sure(const std::vector<PaperField>& found) {
  return found.size() == 1 && is_sure(found.front());
}

void add_link(AssembledDocument& document, RecordLink link) {
  const bool known = std::any_of(document.records.begin(), document.records.end(), [&](const auto& other) {
    return other.kind == link.kind && other.key == link.key;
  });
  if (!known && document.records.size() < kLinksAtMost) document.records.push_back(std::move(link));
}

void add_field(AssembledDocument& document, const PaperField& number) {
  const bool known = std::any_of(document.fields.begin(), document.fields.end(), [&](const auto& field) {
    return field.name == number.name && field.value == number.value;
  });
  if (!known)
    document.fields.push_back({number.name, number.value, number.confidence, number.source, number.page});
}

class Linker {
 public:
  Linker(AssembledDocument& document, const RecordRoom& room)
      : document_(document), room_(room), text_(document, room.pages) {}

  void link_invoice(const AssembledInvoice& read, Reading reading) {
    add_sure(numbers_of_orders(), &order_record);
    // Numbers of somebody who is not known are no key: others use the same.
    const auto whose = reading == Reading::outgoing_invoice ? std::string("own") : read.creditor;
    if (document_.records.empty() && !read.number.empty() && !whose.empty())
      add_link(document_, own_record(whose, read.number));
    add_sure(numbers_of_assets(), &asset_record);
  }

  void link_order(const std::vector<AssembledDocument>& documents,
                  const std::vector<AssembledInvoice>& read) {
    const auto orders = numbers_of_orders();
    if (is_one_and_sure(orders)) return add_sure(orders, &order_record);
    if (orders.empty() && follow_invoice(documents, read)) return;
    ask("order_number", orders, &order_record);
  }

  void link_asset() {
    if (!document_.reference.empty()) return add_link(document_, asset_record(document_.reference));
    const auto assets = numbers_of_assets();
    if (is_one_and_sure(assets)) return add_sure(assets, &asset_record);
    if (!room_.configuration.asset_numbers.empty()) ask("asset_number", assets, &asset_record);
  }

 private:
  [[nodiscard]] std::vector<PaperField> numbers_of_orders() const {
    return text_.numbers("order_number", room_.configuration.order_numbers);
  }

  [[nodiscard]] std::vector<PaperField> numbers_of_assets() const {
    return text_.numbers("asset_number", room_.configuration.asset_numbers);
  }

  void add_sure(const std::vector<PaperField>& numbers, RecordOf record) {
    for (const auto& number : numbers) {
      if (!is_sure(number)) continue;
      add_link(document_, record(number.value));
      add_field(document_, number);
    }
  }

  /// An invoice without an order of ours: creditor and number name its record.
  static RecordLink own_record(const std::string& whose, const std::string& number) {
    return {"voucher", "invoice-" + record_key(whose) + "-" + record_key(number), "Rechnung " + number};
  }

  /// The record of the one invoice whose number and amount stand here; true when there is one.
  bool follow_invoice(const std::vector<AssembledDocument>& documents,
                      const std::vector<AssembledInvoice>& read) {
    const auto paper = text_.paper();
    const auto *number = paper.field("invoice_number"), *gross = paper.field("gross_amount");
    if (number == nullptr || gross == nullptr || number->confidence < kSure || gross->confidence < kSure)
      return false;
    const auto key = invoice::number_key(number->value);
    std::vector<std::vector<RecordLink>> found;
    for (const auto& earlier : room_.invoices.memory.alike(key, gross->value, 0)) {
      if (invoice::number_key(earlier.number) == key && earlier.gross == gross->value)
        found.push_back(room_.invoices.memory.vouchers_of(earlier.document));
    }
    for (const auto& invoice : read) {
      if (invoice::number_key(invoice.number) != key || invoice.gross != gross->value) continue;
      for (const auto& document : documents) {
        if (document.key == invoice.document) found.push_back(document.records);
      }
    }
    if (found.size() != 1) return false;
    for (auto& link : found.front()) {
      if (link.kind == "voucher") add_link(document_, std::move(link));
    }
    return !document_.records.empty();
  }

  void ask(const std::string& field, const std::vector<PaperField>& found, RecordOf record) {
    std::vector<std::string> subjects;
    for (const auto& part : document_.pages) subjects.push_back(part.page);
    std::map<std::string, std::string> values = {{"sheet", sheet_of(subjects.front())}, {field, ""}};
    std::vector<Evidence> evidence = {{subjects.front()}};
    std::string names;
    for (const auto& number : found) {
      names += (names.empty() ? "" : ", ") + number.value;
      if (!number.page.empty()) evidence.push_back({number.page, number.box, number.name});
    }
    values["found"] = names.empty() ? "–" : names;
    const auto question =
        make_clarification(field + "_open", std::move(subjects), std::move(evidence), std::move(values));
    const auto* answer = room_.findings.ask(question);
    if (answer == nullptr || answer->kind != "set_fields") return;
    const auto said = argument(*answer, field.c_str());
    if (said.empty()) return room_.findings.reopen(question);
    add_link(document_, record(said));
    add_field(document_, {field, said, 1, "person", "", {}});
  }

  [[nodiscard]] std::string sheet_of(const std::string& id) const {
    const auto page =
        std::find_if(room_.pages.begin(), room_.pages.end(), [&](const auto& fact) { return fact.id == id; });
    return page == room_.pages.end() ? "?" : std::to_string(page->sheet);
  }

  AssembledDocument& document_;
  const RecordRoom& room_;
  Text text_;
};

}  // namespace

std::string record_key(const std::string& text) {
  std::string key;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9', small = c >= 'a' && c <= 'z', large = c >= 'A' && c <= 'Z';
    key += digit || small ? c : large ? char(c - 'A' + 'a') : '-';
  }
  return key;
}

void link_records(std::vector<AssembledDocument>& documents, const std::vector<AssembledInvoice>& read,
                  const RecordRoom& room) {
  const auto reading_of = [&](const AssembledDocument& document) {
    const auto& its_class = room.configuration.classes.at(document.document_class);
    return document.confidentiality == Confidentiality::high ? Reading::none : its_class.reading;
  };
  for (const auto& invoice : read) {
    for (auto& document : documents) {
      if (document.key == invoice.document && reading_of(document) != Reading::none)
        Linker(document, room).link_invoice(invoice, reading_of(document));
    }
  }
  for (auto& document : documents) {
    if (reading_of(document) == Reading::order) Linker(document, room).link_order(documents, read);
    if (reading_of(document) == Reading::asset) Linker(document, room).link_asset();
  }
}

}  // namespace mailroom::assembly
