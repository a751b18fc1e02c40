#include "daemon/assembly/invoice_questions.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <optional>

#include "daemon/invoice/electronic/as_fields.h"
#include "daemon/invoice/model/invoice_json.h"
#include "daemon/invoice/paper/to_invoice.h"

namespace mailroom::assembly {
namespace {

using invoice::Doubt;
using invoice::Judgement;
using invoice::PaperInvoice;
using invoice::PersonsSay;

const PageFacts* page_named(const std::vector<PageFacts>& pages, const std::string& id) {
  const auto found =
      std::find_if(pages.begin(), pages.end(), [&](const auto& page) { return page.id == id; });
  return found == pages.end() ? nullptr : &*found;
}

/// The house's memory and the invoices that lie before this one in the same stack.
class StackMemory : public invoice::InvoiceMemory {
 public:
  StackMemory(const InvoiceMemory& house, const std::vector<AssembledInvoice>& stack,
              const std::vector<PageFacts>& pages)
      : house_(house), stack_(stack), pages_(pages) {}

  std::vector<invoice::EarlierInvoice> alike(const std::string& key, const std::string& gross,
                                             std::uint64_t likeness) const override {
    auto found = house_.alike(key, gross, likeness);
    for (const auto& before : stack_) {
      const auto* page = page_named(pages_, before.document);
      const auto name = "Blatt/sheet " + (page == nullptr ? std::string("?") : std::to_string(page->sheet));
      found.push_back({name, before.creditor, before.number, before.gross, before.likeness});
    }
    return found;
  }
  std::vector<std::string> numbers_of(const std::string& creditor) const override {
    return house_.numbers_of(creditor);
  }
  std::vector<invoice::Anchor> anchors_of(const std::string& creditor) const override {
    return house_.anchors_of(creditor);
  }
  std::string same_file(const std::string& sha256, const std::string& page) const override {
    return house_.same_file(sha256, page);
  }
  std::vector<RecordLink> vouchers_of(const std::string& document) const override {
    return house_.vouchers_of(document);
  }

 private:
  const InvoiceMemory& house_;
  const std::vector<AssembledInvoice>& stack_;
  const std::vector<PageFacts>& pages_;
};

/// One document on the desk.
class InvoiceReader {
 public:
  InvoiceReader(AssembledDocument& document, const InvoiceDesk& desk,
                const std::vector<AssembledInvoice>& before)
      : document_(document), desk_(desk), memory_(desk.room.memory, before, desk.pages) {}

  /// Asks, follows the answers, fills in the fields. `rest`: what a person split off.
  std::optional<AssembledInvoice> read(std::deque<AssembledDocument>& rest) {
    read_paper();
    follow_earlier_answers();
    const auto judgement = judge();
    for (const Doubt& doubt : judgement.doubts) {
      const auto* answer = desk_.findings.answer_to(question(doubt));
      if (answer == nullptr) continue;
      if (answer->kind == "split_here" && printed_.empty()) return split(*answer, rest), std::nullopt;
      if (answer->kind == "set_routing" && leaves(*answer)) return std::nullopt;
    }
    for (const Doubt& doubt : judgement.doubts) {
      // An answer that did not settle its doubt leaves it open: the same person twice, an unknown creditor.
      const auto* answer = desk_.findings.ask(question(doubt));
      if (answer != nullptr && answer->kind != "discard_batch") desk_.findings.reopen(question(doubt));
    }
    if (file_ != nullptr && !is_electronic_) return std::nullopt;  // it is asked about and not released
    deliver(judgement);
    return remembered(judgement);
  }

 private:
  void read_paper() {
    for (const auto& part : document_.pages) {
      subjects_.push_back(part.page);
      const auto* page = page_named(desk_.pages, part.page);
      if (part.role == PageRole::content && page != nullptr && page->report)
        pages_.push_back({part.page, &*page->report});
    }
    if (pages_.size() == 1 && pages_.front().report->file.is_object()) return read_file();
    read_printed();
  }

  void read_file() {
    file_ = &pages_.front().report->file;
    const auto read = invoice::invoice_from(file_->value("invoice", nlohmann::json()));
    if (!read) return read_printed_file();
    paper_ = invoice::as_fields(*read);
    is_electronic_ = true;
  }

  /// A file that shows an invoice to people only: its pages are read as paper is.
  void read_printed_file() {
    for (const auto& page : file_->value("pages", nlohmann::json::array())) {
      if (auto report = page_report_from(page)) printed_.push_back(std::move(*report));
    }
    pages_.clear();
    for (std::size_t i = 0; i < printed_.size(); ++i)
      pages_.push_back({subjects_.front() + "#" + std::to_string(i + 1), &printed_[i]});
    if (pages_.empty()) return;
    file_ = nullptr;
    read_printed();
  }

  void read_printed() {
    paper_ = invoice::read_paper(pages_);
    const auto match = desk_.room.book.match(paper_);
    if (!match.certain()) return;
    const auto anchors = memory_.anchors_of(match.creditor->id);
    if (!anchors.empty()) paper_ = invoice::read_paper(pages_, anchors);
  }

  Judgement judge() const {
    if (file_ != nullptr && !is_electronic_) return {{*form_doubt()}, {}, {}, invoice::MatchedBy::nothing};
    const invoice::InvoiceRules rules{desk_.configuration.invoice_buyers,
                                      invoice::voucher_check_from(desk_.configuration.voucher_check)};
    auto judgement =
        desk_.configuration.classes.at(document_.document_class).reading == Reading::outgoing_invoice
            ? invoice::judge_outgoing(paper_, persons_, rules, memory_)
            : invoice::judge(paper_, persons_, rules, desk_.room.book, memory_, document_.received.date);
    if (file_ != nullptr) add_doubts_about_file(judgement);
    return judgement;
  }

  std::optional<Doubt> form_doubt() const {
    auto doubt = invoice::doubt_about_form(file_->value("line", nlohmann::json::object()));
    if (!is_electronic_ && !doubt) doubt = Doubt{"invoice_missing", {}, {{"why", "nicht lesbar"}}, {}};
    return doubt;
  }

  void add_doubts_about_file(Judgement& judgement) const {
    auto form = form_doubt();
    if (form && persons_.confirmed.count(form->reason) == 0)
      judgement.doubts.insert(judgement.doubts.begin(), std::move(*form));
    const auto* page = page_named(desk_.pages, subjects_.front());
    const auto earlier = memory_.same_file(page->sha256, page->id);
    const bool known = std::any_of(judgement.doubts.begin(), judgement.doubts.end(),
                                   [](const Doubt& doubt) { return doubt.reason == "invoice_duplicate"; });
    if (earlier.empty() || known || persons_.confirmed.count("invoice_duplicate") != 0) return;
    judgement.doubts.push_back({"invoice_duplicate",
                                {"earlier=" + earlier},
                                {{"earlier", earlier},
                                 {"invoice_number", paper_.value("invoice_number")},
                                 {"gross_amount", paper_.value("gross_amount")}},
                                {}});
  }

  Clarification question(const Doubt& doubt) const {
    auto subjects = subjects_;
    subjects.insert(subjects.end(), doubt.subjects.begin(), doubt.subjects.end());
    auto values = doubt.values;
    values["sheet"] = sheet_of(subjects_.front());
    if (values.count("page") != 0) values["second"] = sheet_of(values["page"]);
    std::vector<Evidence> evidence;
    for (const auto& place : doubt.evidence) {
      // A page of a file is none that the catalogue knows: it is a part of its one side.
      const auto mark = place.page.find('#');
      const bool of_file = !printed_.empty() && mark != std::string::npos;
      if (printed_.empty() || of_file)
        evidence.push_back({place.page.substr(0, mark), place.box, place.field,
                            of_file ? std::stoi(place.page.substr(mark + 1)) : 0});
    }
    if (evidence.empty()) evidence.push_back({subjects_.front()});
    return make_clarification(doubt.reason, std::move(subjects), std::move(evidence), std::move(values));
  }

  /// Within the document; a page of a file is none that the catalogue knows.
  std::vector<std::string> page_names() const {
    if (printed_.empty()) return subjects_;
    std::vector<std::string> names;
    for (const auto& page : pages_) names.push_back(page.id);
    return names;
  }

  std::string sheet_of(const std::string& id) const {
    if (!printed_.empty() && id.find('#') != std::string::npos) return id.substr(id.find('#') + 1);
    const auto* page = page_named(desk_.pages, id);
    return page == nullptr ? "?" : std::to_string(page->sheet);
  }

  /// Answers open the next doubt or settle one, so they are followed until nothing changes.
  void follow_earlier_answers() {
    constexpr int kRounds = 12;  // more than there are reasons
    for (int round = 0; round < kRounds; ++round) {
      bool changed = false;
      for (const Doubt& doubt : judge().doubts) changed = follow(doubt) || changed;
      if (!changed) return;
    }
  }

  bool follow(const Doubt& doubt) {
    const auto* answer = desk_.findings.answer_to(question(doubt));
    if (answer == nullptr) return false;
    if (answer->kind == "set_fields") return take_fields(*answer);
    if (answer->kind == "set_creditor") {
      const auto creditor = argument(*answer, "creditor");
      if (persons_.creditor == creditor || desk_.room.book.find(creditor) == nullptr) return false;
      persons_.creditor = creditor;
      return true;
    }
    if (answer->kind != "confirm") return false;
    if (doubt.reason == "invoice_iban_changed") first_person_ = answer->person;
    if (doubt.reason == "invoice_iban_second" && (first_person_.empty() || answer->person == first_person_))
      return false;
    return persons_.confirmed.insert(doubt.reason).second;
  }

  bool take_fields(const Resolution& answer) {
    bool changed = false;
    for (const auto& [name, value] : answer.arguments.items()) {
      if (name == "note" || !value.is_string()) continue;
      const auto [at, fresh] = persons_.fields.emplace(name, value.get<std::string>());
      changed = changed || fresh;
    }
    return changed;
  }

  void split(const Resolution& answer, std::deque<AssembledDocument>& rest) {
    const auto at = argument(answer, "page");
    const auto cut = std::find_if(document_.pages.begin(), document_.pages.end(),
                                  [&](const auto& part) { return part.page == at; });
    AssembledDocument tail = document_;
    tail.pages.assign(cut, document_.pages.end());
    tail.key = at;
    tail.reference.clear();
    document_.pages.erase(cut, document_.pages.end());
    rest.push_front(std::move(tail));
    rest.push_front(document_);
    document_.pages.clear();
  }

  /// True when the document is no invoice any more.
  bool leaves(const Resolution& answer) {
    const auto document_class = argument(answer, "class"), department = argument(answer, "department");
    if (!department.empty()) document_.department = department;
    if (document_class.empty()) return false;
    document_.document_class = document_class;
    const auto& its_class = desk_.configuration.classes.at(document_class);
    document_.originals = its_class.originals;
    document_.confidentiality = its_class.confidentiality;
    return !its_class.is_read_as_invoice();
  }

  void deliver(const Judgement& judgement) {
    for (const auto& field : judgement.fields)
      document_.fields.push_back({field.name, field.value, field.confidence, field.source,
                                  printed_.empty() ? field.page : std::string()});
    if (!judgement.creditor.empty())
      document_.fields.push_back(
          {"creditor", judgement.creditor, 1, std::string(name_of(judgement.matched_by)), ""});
  }

  /// What a file says stays as it is; what a person said otherwise stands beside it.
  nlohmann::json corrected(nlohmann::json model) const {
    auto corrections = nlohmann::json::array();
    for (const auto& [name, value] : persons_.fields) {
      if (paper_.value(name) == value) continue;
      nlohmann::json correction = {{"field", name}, {"value", value}};
      for (const auto& [field, term] : invoice::field_terms()) {
        if (field == name) correction["term"] = "BT-" + std::to_string(term);
      }
      corrections.push_back(std::move(correction));
    }
    if (!corrections.empty()) model["corrections"] = std::move(corrections);
    return model;
  }

  AssembledInvoice remembered(const Judgement& judgement) const {
    AssembledInvoice invoice;
    invoice.document = document_.key;
    invoice.creditor = judgement.creditor;
    invoice.likeness = invoice::likeness_of(paper_);
    invoice.model = file_ != nullptr
                        ? corrected(file_->at("invoice"))
                        : invoice::to_json(invoice::to_invoice(paper_, judgement.fields, page_names()));
    for (const auto& field : judgement.fields) {
      if (field.name == "invoice_number") invoice.number = field.value;
      if (field.name == "gross_amount") invoice.gross = field.value;
      if (field.name == "payable_amount") invoice.payable = field.value;
      if (field.name == "due_date") invoice.due_date = field.value;
      if (field.name == "skonto_date") invoice.skonto_date = field.value;
      if (field.name == "iban" && persons_.confirmed.count("invoice_iban_second") != 0)
        invoice.new_iban = field.value;
    }
    for (const auto& [name, value] : persons_.fields) {
      if (file_ != nullptr || paper_.value(name) == value) continue;
      for (const auto& page : pages_) {
        auto anchor = invoice::learn_anchor(page, name, value);
        if (!anchor) continue;
        invoice.anchors.push_back(std::move(*anchor));
        break;
      }
    }
    return invoice;
  }

  AssembledDocument& document_;
  const InvoiceDesk& desk_;
  StackMemory memory_;
  std::vector<std::string> subjects_;
  std::vector<invoice::PaperPage> pages_;
  PaperInvoice paper_;
  const nlohmann::json* file_ = nullptr;  ///< what was read from a received file; null: it came on paper
  bool is_electronic_ = false;
  std::vector<PageReport> printed_;  ///< of the pages of such a file
  PersonsSay persons_;
  std::string first_person_;
};

}  // namespace

std::vector<AssembledDocument> read_invoices(std::vector<AssembledDocument> documents,
                                             const InvoiceDesk& desk,
                                             std::vector<AssembledInvoice>& invoices) {
  std::deque<AssembledDocument> waiting(std::make_move_iterator(documents.begin()),
                                        std::make_move_iterator(documents.end()));
  std::vector<AssembledDocument> done;
  while (!waiting.empty()) {
    auto document = std::move(waiting.front());
    waiting.pop_front();
    if (desk.configuration.classes.at(document.document_class).is_read_as_invoice()) {
      if (auto read = InvoiceReader(document, desk, invoices).read(waiting))
        invoices.push_back(std::move(*read));
    }
    if (!document.pages.empty()) done.push_back(std::move(document));
  }
  return done;
}

}  // namespace mailroom::assembly
