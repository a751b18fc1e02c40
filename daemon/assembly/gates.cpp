#include "daemon/assembly/gates.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>

#include "daemon/assembly/edits.h"
#include "daemon/crypto/digest.h"

namespace mailroom::assembly {
namespace {

const DocumentClass& class_of(const AssembledDocument& document, const Configuration& configuration) {
  return configuration.classes.at(document.document_class);
}

/// Chosen by the batch and the document's first page: whoever asks again gets the same sample.
bool is_in_sample(const std::string& batch, const AssembledDocument& document, int percent) {
  if (percent <= 0) return false;
  const auto digest = sha256(as_bytes(batch + "/" + document.key));
  return (digest[0] * 256 + digest[1]) % 100 < percent;
}

bool is_about(const QualityResult& result, const AssembledDocument& document) {
  return std::equal(result.pages.begin(), result.pages.end(), document.pages.begin(), document.pages.end(),
                    [](const std::string& page, const auto& part) { return page == part.page; });
}

class Gates {
 public:
  explicit Gates(const GateRoom& room) : room_(room) {}

  std::vector<AssembledDocument> pass(std::vector<AssembledDocument> documents) {
    std::deque<AssembledDocument> waiting(documents.begin(), documents.end());
    while (!waiting.empty()) {
      auto document = std::move(waiting.front());
      waiting.pop_front();
      if (!reshape(document, waiting)) done_.push_back(std::move(document));
    }
    for (auto& document : done_) settle(document);
    return std::move(done_);
  }

 private:
  /// What a person does before this document is released, in this order.
  std::vector<Gate> gates_of(const AssembledDocument& document) const {
    std::vector<Gate> gates;
    const auto& its_class = class_of(document, room_.configuration);
    if (its_class.gate == Gate::review) gates.push_back(Gate::review);
    if (its_class.gate == Gate::quality_control ||
        is_in_sample(room_.batch, document, its_class.quality_percent)) {
      gates.push_back(Gate::quality_control);
    }
    return gates;
  }

  Clarification question(const AssembledDocument& document, Gate gate) const {
    std::vector<std::string> ids;
    for (const auto& part : document.pages) ids.push_back(part.page);
    const auto first = std::find_if(room_.pages.begin(), room_.pages.end(),
                                    [&](const auto& page) { return page.id == ids.front(); });
    return make_clarification(gate == Gate::review ? "gate_review" : "gate_quality_control", ids,
                              {{ids.front()}}, {{"sheet", std::to_string(first->sheet)}});
  }

  bool reshape(AssembledDocument& document, std::deque<AssembledDocument>& waiting) {
    const auto gates = gates_of(document);
    return std::any_of(gates.begin(), gates.end(),
                       [&](Gate gate) { return reshape_at(gate, document, waiting); });
  }

  /// Joins or splits as a person answered; each answer is used once, so that this ends.
  bool reshape_at(Gate gate, AssembledDocument& document, std::deque<AssembledDocument>& waiting) {
    const auto asked = question(document, gate);
    const auto* answer = room_.findings.answer_to(asked);
    if (answer == nullptr || used_.contains(asked.key)) return false;
    if (answer->kind == "merge_with_previous" && !done_.empty()) {
      used_.insert(asked.key);
      auto before = std::move(done_.back());
      done_.pop_back();
      before.pages.insert(before.pages.end(), document.pages.begin(), document.pages.end());
      before.priority = std::max(before.priority, document.priority);
      before.remarks.push_back("merged_by_person");
      waiting.push_front(std::move(before));
      return true;
    }
    if (answer->kind != "split_here") return false;
    used_.insert(asked.key);
    auto [head, tail] = parted(document, *answer);
    waiting.push_front(std::move(tail));
    waiting.push_front(std::move(head));
    return true;
  }

  std::pair<AssembledDocument, AssembledDocument> parted(const AssembledDocument& document,
                                                         const Resolution& answer) const {
    const auto at = argument(answer, "page");
    AssembledDocument head = document, tail = document;
    const auto cut = std::find_if(document.pages.begin(), document.pages.end(),
                                  [&](const auto& part) { return part.page == at; });
    head.pages.assign(document.pages.begin(), cut);
    tail.pages.assign(cut, document.pages.end());
    tail.key = at;
    tail.reference.clear();
    std::erase_if(tail.fields, [](const auto& field) { return field.name == "reference"; });
    route(tail, answer);
    return {std::move(head), std::move(tail)};
  }

  static void route(AssembledDocument& document, const Resolution& answer) {
    const auto document_class = argument(answer, "class"), department = argument(answer, "department");
    if (!document_class.empty()) document.document_class = document_class;
    if (!department.empty()) document.department = department;
    for (auto& field : document.fields) {
      const bool changed = (field.name == "class" && !document_class.empty()) ||
                           (field.name == "department" && !department.empty());
      if (changed) field = {field.name, field.name == "class" ? document_class : department, 1, "person", ""};
    }
  }

  /// Asks what the gates demand; a new class may have other gates, which are asked as well. Classes a
  /// person chose are final for a gate: it is asked once.
  void settle(AssembledDocument& document) {
    std::set<Gate> asked;
    bool give_back = false;
    while (const auto gate = next_gate(document, asked)) {
      asked.insert(*gate);
      if (is_passed(*gate, document)) continue;
      const auto its_question = question(document, *gate);
      const auto* answer =
          used_.contains(its_question.key) ? ask_again(its_question) : room_.findings.ask(its_question);
      if (answer == nullptr) continue;
      if (*gate == Gate::quality_control) note_quality(document, true, answer->person);
      if (answer->kind == "set_routing") route(document, *answer);
      if (answer->kind == "merge_with_previous") ask_again(its_question);  // there is none before it
      if (answer->kind == "return_original") give_back = true;
    }
    const auto& its_class = class_of(document, room_.configuration);
    document.originals = give_back ? Originals::give_back : its_class.originals;
    document.confidentiality = its_class.confidentiality;
  }

  std::optional<Gate> next_gate(const AssembledDocument& document, const std::set<Gate>& asked) const {
    const auto gates = gates_of(document);
    const auto next =
        std::find_if(gates.begin(), gates.end(), [&](Gate gate) { return !asked.contains(gate); });
    return next == gates.end() ? std::nullopt : std::optional(*next);
  }

  /// Whether persons did at the station what the gate's question would ask for.
  bool is_passed(Gate gate, AssembledDocument& document) const {
    if (gate == Gate::review) {
      return std::any_of(room_.work.edits.begin(), room_.work.edits.end(),
                         [&](const Edit& edit) { return confirms(edit, document); });
    }
    document.quality = Quality::waits;
    for (const auto& result : room_.work.quality) {
      if (is_about(result, document)) note_quality(document, result.accepted, result.person);
    }
    return document.quality == Quality::accepted;
  }

  static void note_quality(AssembledDocument& document, bool accepted, const std::string& person) {
    document.quality = accepted ? Quality::accepted : Quality::rejected;
    document.checked_by = person;
  }

  const Resolution* ask_again(const Clarification& clarification) {
    room_.findings.reopen(clarification);
    return nullptr;
  }

  const GateRoom& room_;
  std::vector<AssembledDocument> done_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<AssembledDocument> pass_gates(std::vector<AssembledDocument> documents, const GateRoom& room) {
  return Gates(room).pass(std::move(documents));
}

}  // namespace mailroom::assembly
