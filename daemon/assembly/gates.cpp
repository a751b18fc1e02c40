#include "daemon/assembly/gates.h"

#include <algorithm>
#include <deque>
#include <set>

#include "daemon/assembly/edits.h"

namespace mailroom::assembly {
namespace {

const DocumentClass& class_of(const AssembledDocument& document, const Configuration& configuration) {
  return configuration.classes.at(document.document_class);
}

class Gates {
 public:
  Gates(const std::vector<PageFacts>& pages, const Configuration& configuration, Findings& findings,
        const std::vector<Edit>& edits)
      : pages_(pages), configuration_(configuration), findings_(findings), edits_(edits) {}

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
  Clarification question(const AssembledDocument& document) const {
    std::vector<std::string> ids;
    for (const auto& part : document.pages) ids.push_back(part.page);
    const auto first =
        std::find_if(pages_.begin(), pages_.end(), [&](const auto& p) { return p.id == ids.front(); });
    return make_clarification(
        class_of(document, configuration_).gate == Gate::review ? "gate_review" : "gate_quality_control", ids,
        {{ids.front()}}, {{"sheet", std::to_string(first->sheet)}});
  }

  /// Joins or splits as a person answered; each answer is used once, so that this ends.
  bool reshape(AssembledDocument& document, std::deque<AssembledDocument>& waiting) {
    if (class_of(document, configuration_).gate == Gate::none) return false;
    const auto asked = question(document);
    const auto* answer = findings_.answer_to(asked);
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

  /// Asks the gate's question; a new class may have another gate, which is asked as well. Classes a
  /// person chose are final for a gate: it is asked once.
  void settle(AssembledDocument& document) {
    std::set<Gate> asked;
    bool give_back = false;
    for (;;) {
      const auto gate = class_of(document, configuration_).gate;
      if (gate == Gate::none || !asked.insert(gate).second) break;
      if (gate == Gate::review && is_confirmed(document)) break;
      const auto its_question = question(document);
      const auto* answer =
          used_.contains(its_question.key) ? ask_again(its_question) : findings_.ask(its_question);
      if (answer == nullptr) break;
      if (answer->kind == "set_routing") route(document, *answer);
      if (answer->kind == "merge_with_previous") ask_again(its_question);  // there is none before it
      if (answer->kind == "return_original") give_back = true;
    }
    const auto& its_class = class_of(document, configuration_);
    document.originals = give_back ? Originals::give_back : its_class.originals;
    document.confidentiality = its_class.confidentiality;
  }

  [[nodiscard]] bool is_confirmed(const AssembledDocument& document) const {
    return std::any_of(edits_.begin(), edits_.end(),
                       [&](const Edit& edit) { return confirms(edit, document); });
  }

  const Resolution* ask_again(const Clarification& clarification) {
    findings_.reopen(clarification);
    return nullptr;
  }

  const std::vector<PageFacts>& pages_;
  const Configuration& configuration_;
  Findings& findings_;
  const std::vector<Edit>& edits_;
  std::vector<AssembledDocument> done_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<AssembledDocument> pass_gates(std::vector<AssembledDocument> documents,
                                          const std::vector<PageFacts>& pages,
                                          const Configuration& configuration, Findings& findings,
                                          const std::vector<Edit>& edits) {
  return Gates(pages, configuration, findings, edits).pass(std::move(documents));
}

}  // namespace mailroom::assembly
