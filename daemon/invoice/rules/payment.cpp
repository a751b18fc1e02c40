#include "daemon/invoice/rules/check.h"

namespace mailroom::invoice::rules {
namespace {

bool is_transfer(const Group& payment) {
  return payment.value(81) == "30" || payment.value(81) == "58";
}

void check_transfer(Check& check, const Group& payment) {
  if (!is_transfer(payment)) return;
  bool has_account = false;
  for (const Group* account : payment.all_groups(17)) {
    if (account->line == 0) continue;
    const bool given = check.is_ubl ? account->filled(84) : account->has(84);
    check.require(given, "BR-50", "Der Überweisung fehlt die IBAN (BT-84)", *account);
    if (!check.is_ubl)
      check.require(account->has(84), "BR-61", "Der Überweisung fehlt die IBAN (BT-84)", *account);
    has_account = has_account || account->has(84);
  }
  if (check.is_ubl) check.require(has_account, "BR-61", "Der Überweisung fehlt die IBAN (BT-84)", payment);
}

void check_card_number(Check& check, const Group& card) {
  if (card.value(87).size() > 10)
    check.report(check.is_ubl ? Severity::warning : Severity::fatal, "BR-51",
                 "Von der Kartennummer (BT-87) dürfen höchstens zehn Stellen gezeigt werden", card);
}

/// Several payment instructions must be of one kind.
void check_one_kind(Check& check) {
  const Groups payments = check.payments();
  for (const Group* payment : payments) {
    if (payment->value(81) == payments.front()->value(81)) continue;
    check.report(Severity::fatal, check.is_ubl ? "UBL-SR-47" : "CII-SR-467",
                 "Mehrere Zahlungsangaben müssen dieselbe Zahlungsart haben", *payment);
  }
}

}  // namespace

void check_payment(Check& check) {
  check_one_kind(check);
  for (const Group* payment : check.payments()) {
    check.require_term(*payment, 81, "BR-49");
    check_transfer(check, *payment);
    for (const Group* card : payment->all_groups(18)) {
      if (card->has(87)) check_card_number(check, *card);
    }
  }
}

}  // namespace mailroom::invoice::rules
