#include <algorithm>
#include <array>

#include "daemon/invoice/decision/judge.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

constexpr double kSure = 0.85;  ///< what a field that was read needs
constexpr std::array kNeeded{"invoice_number", "invoice_date", "net_amount", "vat_amount", "gross_amount"};

class OutgoingJudge {
 public:
  OutgoingJudge(const PaperInvoice& invoice, const PersonsSay& persons, const InvoiceRules& rules,
                const InvoiceMemory& memory)
      : invoice_(invoice), persons_(persons), rules_(rules), memory_(memory) {}

  Judgement judge() {
    judge_seller();
    judge_fields();
    judge_sums();
    judge_number();
    judge_voucher();
    if (!doubtful_.values.empty()) add_doubtful_fields();
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::optional<PaperField> field(const std::string& name) const {
    if (const auto said = persons_.fields.find(name); said != persons_.fields.end())
      return PaperField{name, said->second, 1, "person", "", {}, true};
    const auto* read = invoice_.field(name);
    return read == nullptr ? std::nullopt : std::optional(*read);
  }

  void doubt(Doubt doubt) {
    if (persons_.confirmed.count(doubt.reason) == 0) result_.doubts.push_back(std::move(doubt));
  }

  void ask_for(const std::string& name) {
    const auto found = field(name);
    doubtful_.values[name] = found ? found->value : "";
    if (found && !found->page.empty()) doubtful_.evidence.emplace_back(found->page, found->box, name);
  }

  void judge_seller() {
    const auto folded = fold(invoice_.seller.name);
    const bool ours = std::any_of(rules_.buyers.begin(), rules_.buyers.end(), [&](const auto& own) {
      const auto wanted = fold(own);
      return !wanted.empty() && (folded.find(wanted) != std::string::npos || nearly_equal(folded, wanted));
    });
    if (!ours) doubt({"invoice_seller", {}, {{"seller", invoice_.seller.name}}, {}});
  }

  void judge_fields() {
    for (const auto* name : kNeeded) {
      const auto found = field(name);
      if (!found || found->confidence < kSure) ask_for(name);
    }
    for (const auto& name : field_names()) {
      const auto found = field(name);
      if (found && !found->value.empty() && found->confidence >= kSure && doubtful_.values.count(name) == 0)
        result_.fields.push_back(*found);
    }
  }

  void judge_sums() {
    std::array<std::optional<std::int64_t>, 3> cents;
    for (std::size_t i = 0; i < cents.size(); ++i) {
      const auto found = field(kNeeded[i + 2]);
      if (found) cents[i] = cents_from(found->value);
    }
    if (cents[0] && cents[1] && cents[2] && *cents[0] + *cents[1] == *cents[2]) return;
    for (std::size_t i = 2; i < kNeeded.size(); ++i) ask_for(kNeeded[i]);
  }

  void judge_number() {
    const auto number = field("invoice_number"), gross = field("gross_amount");
    if (!number || !gross) return;
    const auto key = number_key(number->value);
    for (const auto& earlier : memory_.alike(key, gross->value, 0)) {
      if (number_key(earlier.number) != key || earlier.gross != gross->value) continue;
      return doubt({"invoice_duplicate",
                    {"earlier=" + earlier.document},
                    {{"earlier", earlier.document},
                     {"invoice_number", earlier.number},
                     {"gross_amount", earlier.gross}},
                    {}});
    }
  }

  /// What is paid in comes back under this number: a wrong one is never found again.
  void judge_voucher() {
    const auto voucher = field("voucher_number");
    if (voucher && !is_voucher_number(voucher->value, rules_.voucher_check)) ask_for("voucher_number");
  }

  void add_doubtful_fields() {
    std::string names;
    for (const auto& [name, unused] : doubtful_.values) names += (names.empty() ? "" : ", ") + name;
    doubtful_.reason = "invoice_fields";
    doubtful_.values["fields"] = names;
    std::erase_if(result_.fields, [&](const auto& f) { return doubtful_.values.count(f.name) != 0; });
    result_.doubts.push_back(std::move(doubtful_));
  }

  const PaperInvoice& invoice_;
  const PersonsSay& persons_;
  const InvoiceRules& rules_;
  const InvoiceMemory& memory_;
  Doubt doubtful_;
  Judgement result_;
};

}  // namespace

Judgement judge_outgoing(const PaperInvoice& invoice, const PersonsSay& persons, const InvoiceRules& rules,
                         const InvoiceMemory& memory) {
  return OutgoingJudge(invoice, persons, rules, memory).judge();
}

}  // namespace mailroom::invoice
