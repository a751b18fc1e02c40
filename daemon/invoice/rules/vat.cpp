#include <algorithm>
#include <array>
#include <cstdlib>

#include "daemon/invoice/rules/check.h"

namespace mailroom::invoice::rules {
namespace {

/// What a rule family demands of identifiers, rates and reasons.
struct Category {
  std::string_view code;    ///< BT-118 and the like
  std::string_view family;  ///< the middle of the rule ids
  enum Rate { positive, not_negative, zero, none } rate;
  bool has_reason;    ///< an exemption reason must be given; otherwise it must not
  bool rate_splits;   ///< one breakdown per rate
  bool only_vat_ids;  ///< the seller's tax number does not do
  bool needs_buyer_id, needs_buyer_vat_id;
};

constexpr std::array<Category, 9> kCategories{{
    {"S", "S", Category::positive, false, true, false, false, false},
    {"Z", "Z", Category::zero, false, false, false, false, false},
    {"E", "E", Category::zero, true, false, false, false, false},
    {"AE", "AE", Category::zero, true, false, false, true, false},
    {"K", "IC", Category::zero, true, false, true, false, true},
    {"G", "G", Category::zero, true, false, true, false, false},
    {"O", "O", Category::none, true, false, false, false, false},
    {"L", "AF", Category::not_negative, false, true, false, false, false},
    {"M", "AG", Category::not_negative, false, true, false, false, false},
}};

/// A place where a category is used: the group and the terms of category, rate and amount.
struct Use {
  const Group* group;      ///< that holds category and rate
  const Group* amount_of;  ///< that holds the amount
  const Term* category;
  int rate, amount;
};

using Uses = std::vector<Use>;

void add_uses(Uses& uses, const Group& group, const Group& amount_of, int category, int rate, int amount) {
  for (const Term* term : group.all_terms(category)) uses.push_back({&group, &amount_of, term, rate, amount});
}

bool is_of(const Use& use, std::string_view code) {
  return use.category->value == code;
}
bool is_vat(const Use& use) {
  return use.category->scheme == "VAT";
}

Uses of_category(const Uses& all, std::string_view code, bool vat_only) {
  Uses found;
  for (const Use& use : all)
    if (is_of(use, code) && (!vat_only || is_vat(use))) found.push_back(use);
  return found;
}

std::size_t count_vat(const Uses& uses) {
  return std::size_t(std::count_if(uses.begin(), uses.end(), is_vat));
}

bool differs_by_less_than_one(Decimal a, Decimal b) {
  return a - 1 < b && a + 1 > b;
}

/// The same as the UBL rules say it: they take one off in binary floating point, so that a difference of
/// exactly one sometimes passes.
bool differs_by_about_one(const std::string& written, Decimal computed) {
  const double base = std::strtod(written.c_str(), nullptr);
  const long double exact = computed.as_long_double();
  return static_cast<long double>(base - 1)<exact&& static_cast<long double>(base + 1)> exact;
}

class VatRules {
 public:
  explicit VatRules(Check& check) : check_(check) {
    for (const Group* line : check.lines)
      for (const Group* vat : line->all_groups(30)) add_uses(lines_, *vat, *line, 151, 152, 131);
    for (const Group* group : check.root.all_groups(20)) add_uses(allowances_, *group, *group, 95, 96, 92);
    for (const Group* group : check.root.all_groups(21)) add_uses(charges_, *group, *group, 102, 103, 99);
    for (const Group* group : check.root.all_groups(23)) add_uses(breakdown_, *group, *group, 118, 119, 116);
  }

  void run() {
    for (const Category& category : kCategories) check_category(category);
    check_breakdown();
    check_split_payment();
  }

 private:
  [[nodiscard]] static std::string id(const Category& category, const char* number) {
    return "BR-" + std::string(category.family) + "-" + number;
  }
  [[nodiscard]] static std::string named(const Category& category) {
    return "Umsatzsteuerkategorie " + std::string(category.code);
  }
  [[nodiscard]] bool ubl() const { return check_.is_ubl; }

  void check_category(const Category& category) {
    const Uses lines = of_category(lines_, category.code, false);
    const Uses allowances = of_category(allowances_, category.code, false);
    const Uses charges = of_category(charges_, category.code, false);
    const Uses breakdown = of_category(breakdown_, category.code, false);
    check_pairing(category, lines, allowances.size() + charges.size(), allowances, charges, breakdown);
    check_identifiers(category, "02", lines, "in Positionen");
    check_identifiers(category, "03", allowances, "in Nachlässen");
    check_identifiers(category, "04", charges, "in Zuschlägen");
    check_rates(category, "05", lines);
    check_rates(category, "06", allowances);
    check_rates(category, "07", charges);
    for (const Use& use : breakdown) {
      if (ubl() && !is_vat(use)) continue;
      check_breakdown_of(category, use);
    }
    if (category.code == "K") check_delivery_abroad(breakdown);
    if (category.code == "O") check_nothing_else(breakdown);
  }

  /// Rule 01: what is used must be broken down, and the other way round.
  void check_pairing(const Category& category, const Uses& lines, std::size_t others, const Uses& allowances,
                     const Uses& charges, const Uses& breakdown) {
    bool holds = true;
    if (ubl() && category.rate_splits) {
      const bool all = category.code == "S";
      const auto used =
          all ? lines.size() + others : count_vat(lines) + count_vat(allowances) + count_vat(charges);
      holds = (used > 0) == !breakdown.empty();
    } else if (ubl()) {
      const auto used = count_vat(lines) + count_vat(allowances) + count_vat(charges);
      const auto broken_down = count_vat(breakdown);
      holds = used + broken_down == 0 || broken_down == 1;
    } else if (category.rate_splits) {
      holds = (lines.empty() || lines.size() + breakdown.size() >= 2) &&
              (others == 0 || others + breakdown.size() >= 2);
    } else if (category.code == "O") {
      holds = breakdown.empty() || (breakdown.size() == 1 && lines.size() + others > 0);
    } else {
      holds = lines.size() + others + breakdown.size() == 0 ||
              (breakdown.size() == 1 && lines.size() + others > 0);
    }
    check_.require(holds, id(category, "01"),
                   named(category) +
                       ": verwendete Kategorien und Umsatzsteueraufschlüsselung (BG-23) passen nicht "
                       "zusammen");
  }

  [[nodiscard]] bool has_identifiers(const Category& category) const {
    const Invoice& invoice = check_.invoice;
    const bool seller_vat = invoice.first(31) != nullptr;
    const bool representative = invoice.first(63) != nullptr;
    const bool buyer_vat = invoice.first(48) != nullptr;
    if (category.code == "O") return !seller_vat && !representative && !buyer_vat;
    const bool tax_number = !category.only_vat_ids && invoice.first(32) != nullptr;
    if (!seller_vat && !representative && !tax_number) return false;
    if (category.needs_buyer_vat_id) return buyer_vat;
    return !category.needs_buyer_id || buyer_vat || invoice.first(47) != nullptr;
  }

  void check_identifiers(const Category& category, const char* number, const Uses& uses,
                         const std::string& where) {
    if (count_vat(uses) == 0) return;
    const char* const what = category.code == "O" ? " verträgt keine Umsatzsteuer-Identifikationsnummern"
                                                  : " verlangt die Steuernummern der Beteiligten";
    check_.require(has_identifiers(category), id(category, number), named(category) + " " + where + what);
  }

  [[nodiscard]] bool rate_fits(const Category& category, const Use& use) const {
    if (category.rate == Category::none) return !use.group->has(use.rate);
    const auto rate = use.group->decimal(use.rate);
    if (!rate) return false;
    if (category.rate == Category::positive) return *rate > 0;
    if (category.rate == Category::zero) return rate->is_zero();
    return *rate > 0 || (rate->is_zero() && (ubl() || category.code == "M"));
  }

  void check_rates(const Category& category, const char* number, const Uses& uses) {
    for (const Use& use : uses) {
      if (!is_vat(use)) continue;
      check_.require(rate_fits(category, use), id(category, number),
                     named(category) + ": der Steuersatz passt nicht dazu", *use.amount_of);
    }
  }

  /// Lines, charges and allowances of the category, and of `rate` when given.
  [[nodiscard]] static Decimal sum_of(const Uses& uses, std::string_view code,
                                      const std::optional<Decimal>& rate) {
    Decimal total;
    const Group* counted = nullptr;  // a line with its category twice counts once
    for (const Use& use : uses) {
      if (!is_of(use, code) || (rate && use.group->decimal(use.rate) != rate)) continue;
      if (use.amount_of == counted) continue;
      counted = use.amount_of;
      total += use.amount_of->decimal(use.amount).value_or(Decimal());
    }
    return total;
  }

  [[nodiscard]] static bool any_of_rate(const Uses& uses, std::string_view code, const Decimal& rate) {
    return std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
      return is_of(use, code) && use.group->decimal(use.rate) == rate;
    });
  }

  [[nodiscard]] bool base_fits_ubl(const Category& category, const Group& group) const {
    const auto base = group.decimal(116);
    const auto rate = group.decimal(119);
    if (category.rate_splits) {
      if (!group.has(119)) return true;
      if (!base || !rate) return false;
      const Decimal others = sum_of(charges_, category.code, rate) - sum_of(allowances_, category.code, rate);
      const Decimal with_lines = others + sum_of(lines_, category.code, rate);
      if (category.code != "S")
        return !check_.lines.empty() && differs_by_about_one(group.value(116), with_lines);
      const bool others_use_it =
          any_of_rate(charges_, category.code, *rate) || any_of_rate(allowances_, category.code, *rate);
      const bool lines_use_it = any_of_rate(lines_, category.code, *rate);
      return ((lines_use_it || others_use_it) && differs_by_about_one(group.value(116), with_lines)) ||
             (others_use_it && differs_by_about_one(group.value(116), others));
    }
    const Decimal computed = sum_of(lines_, category.code, {}) + sum_of(charges_, category.code, {}) -
                             sum_of(allowances_, category.code, {});
    return !check_.lines.empty() && base && *base == computed;
  }

  [[nodiscard]] bool base_fits_cii(const Category& category, const Group& group) const {
    if (category.code == "L" || category.code == "M") return true;
    const auto base = group.decimal(116);
    std::optional<Decimal> rate;
    if (category.rate_splits) {
      rate = group.decimal(119);
      if (!rate) return true;
    }
    const Decimal computed = sum_of(lines_, category.code, rate).rounded() +
                             sum_of(charges_, category.code, rate).rounded() -
                             sum_of(allowances_, category.code, rate).rounded();
    if (!base) return false;
    const bool is_exact = category.rate_splits || category.code == "O";
    return is_exact ? *base == computed : differs_by_less_than_one(*base, computed);
  }

  [[nodiscard]] bool tax_fits(const Category& category, const Group& group) const {
    const auto tax = group.decimal(117);
    if (!category.rate_splits) return tax && tax->is_zero();
    if (!ubl() && category.code != "S") return true;
    const auto base = group.decimal(116);
    const auto rate = group.decimal(119);
    if (!tax || !base || !rate) return false;
    return differs_by_less_than_one(tax->abs(), base->abs().percent(*rate).rounded());
  }

  void check_breakdown_of(const Category& category, const Use& use) {
    const Group& group = *use.group;
    const bool base_fits = ubl() ? base_fits_ubl(category, group) : base_fits_cii(category, group);
    check_.require(base_fits, id(category, "08"),
                   named(category) +
                       ": der Steuerbasisbetrag (BT-116) ist nicht die Summe aus Positionen, Zuschlägen "
                       "und Nachlässen",
                   group);
    check_.require(tax_fits(category, group), id(category, "09"),
                   named(category) + ": der Steuerbetrag (BT-117) passt nicht zu Basisbetrag und Satz",
                   group);
    const bool has_reason = group.has(120) || group.has(121);
    check_.require(has_reason == category.has_reason, id(category, "10"),
                   named(category) + (category.has_reason ? " braucht" : " verträgt keinen") +
                       std::string(" Grund der Steuerbefreiung (BT-120, BT-121)"),
                   group);
  }

  void check_delivery_abroad(const Uses& breakdown) {
    if (breakdown.empty() || (ubl() && count_vat(breakdown) == 0)) return;
    const Invoice& invoice = check_.invoice;
    const bool delivered = ubl() ? invoice.value(72).size() > 1 : invoice.first(72) != nullptr;
    const bool has_period = invoice.first(73) != nullptr || invoice.first(74) != nullptr ||
                            (ubl() && invoice.first(8) != nullptr);
    check_.require(delivered || has_period, "BR-IC-11",
                   "Eine innergemeinschaftliche Lieferung braucht Lieferdatum oder Abrechnungszeitraum");
    const bool has_country = ubl() ? invoice.value(80).size() > 1 : invoice.first(80) != nullptr;
    check_.require(has_country, "BR-IC-12",
                   "Eine innergemeinschaftliche Lieferung braucht das Land der Lieferanschrift");
  }

  [[nodiscard]] bool all_not_taxed(const Uses& uses) const {
    return std::all_of(uses.begin(), uses.end(),
                       [&](const Use& use) { return is_of(use, "O") || (ubl() && !is_vat(use)); });
  }

  /// With "not subject to VAT" nothing else may stand in the invoice.
  void check_nothing_else(const Uses& breakdown) {
    if (count_vat(breakdown) == 0) return;
    const bool lines = all_not_taxed(lines_), others = all_not_taxed(breakdown_);
    const bool allowances = all_not_taxed(allowances_), charges = all_not_taxed(charges_);
    const std::string text =
        "Nicht steuerbare Rechnungen (Kategorie O) dürfen keine andere Kategorie enthalten";
    check_.require(ubl() ? others : lines && others, "BR-O-11", text);
    check_.require(ubl() ? lines : lines && others, "BR-O-12", text);
    check_.require(ubl() ? allowances : allowances && charges, "BR-O-13", text);
    check_.require(ubl() ? charges : allowances && charges, "BR-O-14", text);
  }

  /// CII: a group of category O, L or M is judged by its family alone.
  [[nodiscard]] bool family_alone(const Group& group) const {
    const Term* category = group.term(118);
    return !ubl() && category != nullptr && category->scheme == "VAT" &&
           (category->value == "O" || category->value == "L" || category->value == "M");
  }

  [[nodiscard]] bool tax_is_base_times_rate(const Group& group, const Term* category) const {
    const auto tax = group.decimal(117);
    const bool is_vat_group = category != nullptr && category->scheme.find("VAT") != std::string::npos;
    const auto rate = is_vat_group ? group.decimal(119) : std::nullopt;
    if (!tax) return false;
    if (!rate || rate->rounded_to_whole().is_zero()) return tax->rounded_to_whole().is_zero();
    const auto base = group.decimal(116);
    if (!base) return false;
    const Decimal computed = base->abs().percent(*rate).rounded();
    if (ubl()) return differs_by_less_than_one(tax->abs(), computed);
    return tax->abs() - 1 <= computed && tax->abs() + 1 >= computed;
  }

  void check_breakdown() {
    const Groups groups = check_.root.all_groups(23);
    check_.require(!groups.empty(), "BR-CO-18", "Die Umsatzsteueraufschlüsselung (BG-23) fehlt");
    for (const Group* group : groups) {
      if (family_alone(*group)) continue;
      check_.require_term(*group, 116, "BR-45");
      check_.require_term(*group, 117, "BR-46");
      const Term* category = group->term(118);
      const bool has_category = category != nullptr && category->scheme == "VAT";
      check_.require(has_category, "BR-47", term_label(118) + " fehlt", *group);
      const bool not_taxed = has_category && category->value == "O";
      const bool has_rate = group->has(119) && (category == nullptr || has_category);
      check_.require(has_rate || not_taxed, "BR-48", term_label(119) + " fehlt", *group);
      check_.require(tax_is_base_times_rate(*group, category == nullptr ? &kVat : category), "BR-CO-17",
                     "Der Steuerbetrag (BT-117) ist nicht Basisbetrag mal Satz", *group);
    }
  }

  /// Category B, split payment, is for invoices within Italy.
  void check_split_payment() {
    const auto uses = [](const Uses& all, std::string_view code) {
      return std::any_of(all.begin(), all.end(), [&](const Use& use) { return is_of(use, code); });
    };
    if (!uses(lines_, "B") && !uses(allowances_, "B") && !uses(charges_, "B") && !uses(breakdown_, "B"))
      return;
    bool all_italian = true;
    each_term(check_.root, [&](const Group&, const Term& term) {
      const bool is_country =
          term.number == 40 || term.number == 55 || term.number == 69 || term.number == 80;
      if (is_country || (ubl() && term.number == 159)) all_italian = all_italian && term.value == "IT";
    });
    check_.require(all_italian, "BR-B-01",
                   "Die Umsatzsteuerkategorie B gilt nur für Rechnungen innerhalb Italiens");
    const bool has_standard = uses(lines_, "S") || uses(allowances_, "S") || uses(charges_, "S") ||
                              (!ubl() && uses(breakdown_, "S"));
    check_.require(!has_standard, "BR-B-02", "Die Umsatzsteuerkategorien B und S schließen einander aus");
  }

  static const Term kVat;

  Check& check_;
  Uses lines_, allowances_, charges_, breakdown_;
};

const Term VatRules::kVat{.number = 118, .scheme = "VAT"};

}  // namespace

void check_vat(Check& check) {
  VatRules(check).run();
}

}  // namespace mailroom::invoice::rules
