#include "daemon/invoice/decision/judge.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "daemon/invoice/check_digits.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

constexpr double kSure = 0.85;                  ///< what a field without check digits needs
constexpr double kSureOptional = 0.9;           ///< below it an optional field is left out
constexpr std::int64_t kSmallInvoice = 250'00;  ///< § 33 UStDV: gross, euro cents
constexpr long kOldestDays = 400;
constexpr long kLongestTerm = 190;

/// Digits become 9, letters A: "RE-2026/17" has the shape "A-9/9".
std::string shape_of(const std::string& number) {
  std::string shape;
  for (const char c : number) {
    const char kind = c >= '0' && c <= '9' ? '9' : std::isalpha(static_cast<unsigned char>(c)) != 0 ? 'A' : c;
    if (shape.empty() || shape.back() != kind) shape += kind;
  }
  return shape;
}

/// A number with four digits that are one digit off the year of the invoice, which it does not have itself:
/// the same misreading at every place where it stands would bear itself out.
bool has_misread_year(const std::string& number, const std::string& date) {
  if (date.size() < 4 || number.find(date.substr(0, 4)) != std::string::npos) return false;
  for (std::size_t at = 0; at < number.size();) {
    std::size_t end = at;
    while (end < number.size() && number[end] >= '0' && number[end] <= '9') ++end;
    if (end - at == 4) {
      int differing = 0;
      for (std::size_t i = 0; i < 4; ++i) differing += number[at + i] != date[i] ? 1 : 0;
      if (differing == 1) return true;
    }
    at = end + 1;
  }
  return false;
}

class Judge {
 public:
  Judge(const PaperInvoice& invoice, const PersonsSay& persons, const InvoiceRules& rules,
        const CreditorBook& book, const InvoiceMemory& memory, const std::string& received)
      : invoice_(invoice),
        persons_(persons),
        rules_(rules),
        book_(book),
        memory_(memory),
        received_(received) {}

  Judgement judge() {
    find_creditor();
    judge_kind();
    judge_starts();
    judge_buyer();
    judge_number();
    judge_date();
    judge_amounts();
    judge_tax_identity();
    if (!is_debited()) judge_account();
    judge_code();
    judge_creditor();
    judge_earlier();
    deliver_options();
    add_doubtful_fields();
    return std::move(result_);
  }

 private:
  /// The value as it counts now: a person's word before the paper's.
  [[nodiscard]] std::optional<PaperField> field(const std::string& name) const {
    if (const auto said = persons_.fields.find(name); said != persons_.fields.end())
      return PaperField{name, said->second, 1, "person", "", {}};
    const auto* read = invoice_.field(name);
    return read == nullptr ? std::nullopt : std::optional(*read);
  }
  [[nodiscard]] std::string value(const std::string& name) const {
    const auto found = field(name);
    return found ? found->value : std::string();
  }
  [[nodiscard]] bool said(const std::string& name) const { return persons_.fields.count(name) != 0; }

  void deliver(PaperField field) { result_.fields.push_back(std::move(field)); }

  void doubt(Doubt doubt) {
    if (persons_.confirmed.count(doubt.reason) == 0) result_.doubts.push_back(std::move(doubt));
  }

  void ask_for(const std::string& name) {
    const auto* read = invoice_.field(name);
    doubtful_.values[name] = value(name);
    if (read != nullptr && !read->page.empty()) doubtful_.evidence.emplace_back(read->page, read->box, name);
  }

  void find_creditor() {
    match_ = book_.match(invoice_);
    if (const auto* chosen = book_.find(persons_.creditor)) match_ = {chosen, MatchedBy::person, false};
    if (!match_.certain()) return;
    result_.creditor = match_.creditor->id;
    result_.matched_by = match_.by;
  }

  void judge_kind() {
    if (invoice_.kind == PaperKind::invoice && invoice_.kind_confidence >= 0.8) return;
    doubt({"invoice_kind", {}, {{"kind", std::string(name_of(invoice_.kind))}}, {}});
  }

  void judge_starts() {
    if (invoice_.starts.empty()) return;
    Doubt several{"invoice_several", {}, {{"page", invoice_.starts.front()}}, {}};
    for (const auto& page : invoice_.starts) several.evidence.emplace_back(page, Box{});
    doubt(std::move(several));
  }

  void judge_buyer() {
    const auto& name = invoice_.buyer.folded;
    const bool ours = std::any_of(rules_.buyers.begin(), rules_.buyers.end(), [&](const auto& buyer) {
      const auto wanted = fold(buyer);
      if (wanted.empty()) return false;
      return !name.empty() ? name.find(wanted) != std::string::npos || nearly_equal(name, wanted)
                           : invoice_.folded_text.find(wanted) != std::string::npos;
    });
    if (ours) return;
    Doubt stranger{"invoice_buyer", {}, {{"buyer", invoice_.buyer.name}}, {}};
    if (!invoice_.buyer.page.empty()) stranger.evidence.emplace_back(invoice_.buyer.page, invoice_.buyer.box);
    doubt(std::move(stranger));
  }

  [[nodiscard]] bool is_small() const {
    const auto gross = cents_from(value("gross_amount"));
    return gross && *gross <= kSmallInvoice && *gross > 0;
  }

  void judge_number() {
    const auto number = field("invoice_number");
    if (!number) {
      if (!is_small()) ask_for("invoice_number");
      return;
    }
    if (!said("invoice_number") &&
        (number->confidence < kSure || !number->witnessed ||
         (number->source != "xml" &&
          (has_strange_shape(number->value) || has_misread_year(number->value, value("invoice_date")))))) {
      ask_for("invoice_number");
    } else {
      deliver(*number);
    }
  }

  /// A known creditor's numbers look alike; one that does not may be misread.
  [[nodiscard]] bool has_strange_shape(const std::string& number) const {
    if (said("invoice_number") || match_.creditor == nullptr) return false;
    const auto before = memory_.numbers_of(match_.creditor->id);
    return !before.empty() && std::none_of(before.begin(), before.end(), [&](const auto& known) {
      return shape_of(known) == shape_of(number);
    });
  }

  void judge_date() {
    const auto date = field("invoice_date");
    const bool sound = date && (said("invoice_date") || (date->confidence >= kSure && date->witnessed &&
                                                         lies_before_receipt(date->value)));
    if (sound) {
      deliver(*date);
    } else {
      ask_for("invoice_date");
    }
  }

  [[nodiscard]] bool lies_before_receipt(const std::string& date) const {
    if (received_.empty()) return true;
    const long age = day_number(received_) - day_number(date);
    return age >= 0 && age <= kOldestDays;
  }

  void judge_amounts() {
    const bool by_person = said("net_amount") && said("vat_amount") && said("gross_amount");
    const auto net = cents_from(value("net_amount")), vat = cents_from(value("vat_amount")),
               gross = cents_from(value("gross_amount"));
    const bool closes = net && vat && gross && *net + *vat == *gross;
    if (!closes || (!by_person && !proven_by_print(*net, *vat, *gross))) {
      for (const auto* name : {"net_amount", "vat_amount", "gross_amount"}) ask_for(name);
      return;
    }
    for (const auto* name :
         {"net_amount", "vat_amount", "gross_amount", "prepaid_amount", "payable_amount"}) {
      const auto amount = field(name);
      if (!amount) continue;
      const bool of_print = std::string(name).rfind("pr", 0) == 0 || std::string(name).rfind("pa", 0) == 0;
      if (of_print && by_person && !said(name)) continue;
      deliver(*amount);
    }
    if (!by_person && invoice_.field("vat_rates") != nullptr) deliver(*invoice_.field("vat_rates"));
    const auto currency = field("currency");
    if (!currency || currency->value != "EUR" || (!invoice_.other_currencies.empty() && !said("currency"))) {
      ask_for("currency");
    } else {
      deliver(*currency);
    }
  }

  /// Person's values must be those of the print or all three his own.
  [[nodiscard]] bool proven_by_print(std::int64_t net, std::int64_t vat, std::int64_t gross) const {
    const Totals& totals = invoice_.totals;
    if (!totals.net || !totals.vat || !totals.gross || totals.contradicted || !totals.sums_close)
      return false;
    if (totals.net->cents != net || totals.vat->cents != vat || totals.gross->cents != gross) return false;
    if (totals.net->corrected || totals.vat->corrected || totals.gross->corrected) return false;
    if (gross <= 0) return false;
    const bool code_says_so = invoice_.payment_codes.size() == 1 && totals.payable &&
                              invoice_.payment_codes.front().cents == totals.payable->cents;
    if (vat == 0) return code_says_so || !invoice_.lines.empty();
    return totals.rates_close && (totals.printed || code_says_so);
  }

  void judge_tax_identity() {
    const auto vat_id = field("seller_vat_id");
    const auto tax_number = field("seller_tax_number");
    if (vat_id && (said("seller_vat_id") || is_vat_id(vat_id->value))) {
      deliver(*vat_id);
    } else if (vat_id && !vat_id->value.empty()) {
      ask_for("seller_vat_id");
    } else if (!tax_number && !is_small()) {
      ask_for("seller_tax_number");
    }
    if (tax_number && (said("seller_tax_number") || tax_number->confidence >= kSureOptional))
      deliver(*tax_number);
  }

  /// The creditor takes the money himself (UNTDID 4461: 49 direct debit, 59 SEPA direct debit): nobody is
  /// paid.
  [[nodiscard]] bool is_debited() const {
    const auto means = value("payment_means");
    return means == "49" || means == "59";
  }

  /// The account to pay to: the printed one, when it is the creditor's; his only one, when none is printed.
  void judge_account() {
    const auto iban = field("iban");
    const Creditor* creditor = match_.certain() ? match_.creditor : nullptr;
    if (creditor == nullptr) {
      if (iban && is_iban(iban->value) && iban->confidence >= kSure) {
        deliver(*iban);
      } else {
        ask_for("iban");
      }
      return;
    }
    if (!said("iban")) {
      for (const auto& printed : invoice_.ibans) {
        if (const auto* account = creditor->account(printed)) return pay_to(*account, iban);
      }
      if (!iban) {
        if (creditor->accounts.size() != 1) return ask_for("iban");
        return deliver({"iban", creditor->accounts.front().iban, 1, "creditor", "", {}});
      }
    } else if (const auto* account = creditor->account(iban->value)) {
      return pay_to(*account, iban);
    }
    if (!is_iban(iban->value) || iban->confidence < kSure) return ask_for("iban");
    changed_account(*iban, *creditor);
  }

  void pay_to(const CreditorAccount& account, const std::optional<PaperField>& printed) {
    PaperField field = printed ? *printed : PaperField{};
    field.name = "iban";
    field.source = printed && printed->value == account.iban ? field.source : "text";
    field.value = account.iban;
    field.confidence = 1;
    deliver(std::move(field));
    if (!account.bic.empty()) deliver({"bic", account.bic, 1, "creditor", "", {}});
  }

  void changed_account(const PaperField& iban, const Creditor& creditor) {
    deliver(iban);
    for (const auto* reason : {"invoice_iban_changed", "invoice_iban_second"}) {
      Doubt changed{reason, {"iban=" + iban.value}, {{"iban", iban.value}, {"creditor", creditor.name}}, {}};
      if (!creditor.accounts.empty()) changed.values["known"] = creditor.accounts.front().iban;
      if (!iban.page.empty()) changed.evidence.emplace_back(iban.page, iban.box, "iban");
      doubt(std::move(changed));
    }
  }

  /// A code stuck over the printed one pays somebody else.
  void judge_code() {
    for (const auto& code : invoice_.payment_codes) {
      const auto iban = value("iban");
      const bool other_account =
          !code.iban.empty() &&
          std::find(invoice_.ibans.begin(), invoice_.ibans.end(), code.iban) == invoice_.ibans.end() &&
          !invoice_.ibans.empty();
      const auto payable = cents_from(value("payable_amount")), gross = cents_from(value("gross_amount"));
      const bool other_amount =
          code.cents && code.cents != payable && code.cents != gross && (payable || gross);
      const bool unknown_account = match_.certain() && match_.creditor->account(code.iban) == nullptr &&
                                   !iban.empty() && iban != code.iban;
      if (!other_account && !other_amount && !unknown_account) continue;
      Doubt differs{"invoice_code_differs",
                    {"code=" + code.iban},
                    {{"code_iban", code.iban},
                     {"code_amount", code.cents ? decimal(*code.cents) : ""},
                     {"iban", iban},
                     {"payable_amount", value("payable_amount")}},
                    {{code.page, code.box}}};
      doubt(std::move(differs));
    }
  }

  void judge_creditor() {
    if (match_.certain()) return;
    Doubt stranger{"invoice_creditor", {}, {{"seller", invoice_.seller.name}}, {}};
    if (match_.creditor != nullptr)
      stranger.values["creditor"] = match_.creditor->id + " " + match_.creditor->name;
    if (!invoice_.seller.page.empty())
      stranger.evidence.emplace_back(invoice_.seller.page, invoice_.seller.box);
    doubt(std::move(stranger));
  }

  void judge_earlier() {
    const auto key = number_key(value("invoice_number"));
    const auto gross = value("gross_amount");
    const auto likeness = likeness_of(invoice_);
    for (const auto& earlier : memory_.alike(key, gross, likeness)) {
      const bool creditors_may_be_one =
          earlier.creditor.empty() || result_.creditor.empty() || earlier.creditor == result_.creditor;
      const bool same_number = !key.empty() && number_key(earlier.number) == key && earlier.gross == gross;
      // Every month's rent looks like the last one: the words count only where a number is missing.
      const bool no_number = key.empty() || earlier.number.empty();
      const bool same_paper =
          no_number && earlier.gross == gross && invoice::alike(earlier.likeness, likeness);
      if (!(same_number && creditors_may_be_one) && !same_paper) continue;
      doubt({"invoice_duplicate",
             {"earlier=" + earlier.document},
             {{"earlier", earlier.document},
              {"invoice_number", earlier.number},
              {"gross_amount", earlier.gross}},
             {}});
      return;
    }
  }

  void deliver_options() {
    const auto issued = value("invoice_date");
    for (const auto* name :
         {"delivery_date", "due_date", "skonto_date", "skonto_percent", "order_number", "buyer_reference",
          "customer_number", "voucher_number", "payment_means", "payment_reference"}) {
      const auto found = field(name);
      if (!found || found->value.empty()) continue;
      if (std::string(name) == "voucher_number" && !is_voucher_number(found->value, rules_.voucher_check))
        continue;
      const bool date = std::string(name).find("_date") != std::string::npos;
      const bool payment =
          std::string(name).rfind("skonto", 0) == 0 || (date && std::string(name) != "delivery_date");
      const auto* until = std::string(name) == "skonto_percent" ? invoice_.field("skonto_date") : &*found;
      if (payment && !said(name) && (until == nullptr || !until->witnessed)) continue;
      if (!said(name) && found->confidence < (found->source == "computed" ? kSure : kSureOptional)) continue;
      if (payment && date && !issued.empty()) {
        const long days = day_number(found->value) - day_number(issued);
        if (days < 0 || days > kLongestTerm) continue;
      }
      deliver(*found);
    }
    if (match_.certain()) {
      deliver({"seller_name", match_.creditor->name, 1, "creditor", "", {}});
    } else if (said("seller_name")) {
      deliver(*field("seller_name"));
    }
  }

  void add_doubtful_fields() {
    if (doubtful_.values.empty()) return;
    std::string names;
    for (const auto& [name, unused] : doubtful_.values) names += (names.empty() ? "" : ", ") + name;
    doubtful_.reason = "invoice_fields";
    doubtful_.values["fields"] = names;
    result_.doubts.push_back(std::move(doubtful_));
  }

  const PaperInvoice& invoice_;
  const PersonsSay& persons_;
  const InvoiceRules& rules_;
  const CreditorBook& book_;
  const InvoiceMemory& memory_;
  const std::string& received_;
  CreditorMatch match_;
  Doubt doubtful_;
  Judgement result_;
};

std::uint64_t hash_of(std::string_view word) {
  std::uint64_t hash = 1469598103934665603ULL;  // FNV-1a, 64 bits
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace

std::string number_key(std::string_view number) {
  std::string key;
  for (char c : fold(number)) {
    if (c == 'o' || c == 'q') c = '0';
    if (c == 'i' || c == 'l') c = '1';
    key += c;
  }
  return key;
}

std::uint64_t likeness_of(const PaperInvoice& invoice) {
  // Simhash over overlapping pieces of the text (Charikar 2002).
  constexpr std::size_t kPiece = 8;
  const auto& text = invoice.folded_text;
  if (text.size() < 10 * kPiece) return 0;
  std::array<int, 64> balance{};
  for (std::size_t i = 0; i + kPiece <= text.size(); ++i) {
    const auto hash = hash_of(std::string_view(text).substr(i, kPiece));
    for (std::size_t bit = 0; bit < balance.size(); ++bit) balance[bit] += ((hash >> bit) & 1U) != 0 ? 1 : -1;
  }
  std::uint64_t likeness = 0;
  for (std::size_t bit = 0; bit < balance.size(); ++bit) {
    if (balance[bit] > 0) likeness |= std::uint64_t{1} << bit;
  }
  return likeness;
}

bool alike(std::uint64_t one, std::uint64_t other) {
  return one != 0 && other != 0 && std::popcount(one ^ other) <= 2;
}

Judgement judge(const PaperInvoice& invoice, const PersonsSay& persons, const InvoiceRules& rules,
                const CreditorBook& book, const InvoiceMemory& memory, const std::string& received) {
  return Judge(invoice, persons, rules, book, memory, received).judge();
}

Result<void> check_field(const std::string& name, const std::string& value) {
  const auto& known = field_names();
  if (std::find(known.begin(), known.end(), name) == known.end() || name == "vat_rates")
    return fail(Errc::invalid_input, "there is no field `" + name + "` of an invoice");
  if (value.empty() || value.size() > 200)
    return fail(Errc::invalid_input, "the field `" + name + "` needs a value of at most 200 bytes");
  const bool date = name.size() > 5 && name.compare(name.size() - 5, 5, "_date") == 0;
  const bool amount = name.size() > 7 && name.compare(name.size() - 7, 7, "_amount") == 0;
  if (date && read_date(value) != value)
    return fail(Errc::invalid_input, "the field `" + name + "` needs a date such as 2026-11-23");
  if (amount && (!cents_from(value) || decimal(*cents_from(value)) != value))
    return fail(Errc::invalid_input, "the field `" + name + "` needs an amount such as 1530.00");
  if (name == "iban" && !is_iban(value))
    return fail(Errc::invalid_input, "the check digits of the IBAN do not hold", {},
                "compare it with the paper");
  return {};
}

}  // namespace mailroom::invoice
