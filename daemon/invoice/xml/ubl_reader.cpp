#include "daemon/invoice/xml/ubl_reader.h"

#include <array>

#include "daemon/invoice/xml/fill.h"

namespace mailroom::invoice::xml {
namespace {

constexpr std::string_view kObjectReference = "130";  // UNTDID 1001: invoicing data sheet
constexpr std::string_view kProjectReference = "50";  // in credit notes, which have no ProjectReference
constexpr Attributes kScheme{"schemeID", nullptr};

/// The terms of an address: street, additional street, third line, city, post code, region, country.
void read_address(Group& group, const Element& address, const std::array<int, 7>& terms) {
  Fill(group, address)
      .term(terms[0], "StreetName")
      .term(terms[1], "AdditionalStreetName")
      .term(terms[2], "AddressLine/Line")
      .term(terms[3], "CityName")
      .term(terms[4], "PostalZone")
      .term(terms[5], "CountrySubentity")
      .term(terms[6], "Country/IdentificationCode");
}

/// A category's identifier keeps its tax scheme ("VAT") as the term's scheme.
void read_category(Group& group, const Element& category, int code, int rate) {
  for (const Element& id : category.all("ID")) {
    Term term = term_of(code, id);
    term.scheme = upper(text_at(category, "TaxScheme/ID"));
    group.terms.push_back(std::move(term));
  }
  Fill(group, category).term(rate, "Percent");
}

struct AllowanceTerms {
  int group;
  int amount, base, percent, category, rate, reason, reason_code;
};
constexpr AllowanceTerms kAllowance{20, 92, 93, 94, 95, 96, 97, 98};
constexpr AllowanceTerms kCharge{21, 99, 100, 101, 102, 103, 104, 105};
constexpr AllowanceTerms kLineAllowance{27, 136, 137, 138, 0, 0, 139, 140};
constexpr AllowanceTerms kLineCharge{28, 141, 142, 143, 0, 0, 144, 145};

bool is_charge(const Element& allowance) {
  const std::string indicator = text_at(allowance, "ChargeIndicator");
  return indicator == "true" || indicator == "1";
}

void read_allowance(Group& parent, const Element& element, const AllowanceTerms& terms) {
  Group& group = open(parent, terms.group, element);
  Fill(group, element)
      .amount(terms.amount, "Amount")
      .amount(terms.base, "BaseAmount")
      .term(terms.percent, "MultiplierFactorNumeric")
      .term(terms.reason, "AllowanceChargeReason")
      .term(terms.reason_code, "AllowanceChargeReasonCode");
  if (terms.category == 0) return;
  for (const Element& category : element.all("TaxCategory"))
    read_category(group, category, terms.category, terms.rate);
}

class UblReader {
 public:
  UblReader(const Element& root, Syntax syntax) : root_(root), invoice_{.syntax = syntax, .root = {}} {}

  Invoice read() {
    read_head();
    read_notes();
    read_references();
    read_seller();
    read_buyer();
    read_other_parties();
    read_delivery();
    read_payment();
    for (const Element& element : root_.all("AllowanceCharge"))
      read_allowance(top(), element, is_charge(element) ? kCharge : kAllowance);
    read_totals();
    read_tax_totals();
    for (const Element& element : root_.all("PrepaidPayment")) read_third_party_payment(element);
    for (const Element& element : root_.all(is_credit_note() ? "CreditNoteLine" : "InvoiceLine"))
      read_line(open(top(), 25, element), element);
    return std::move(invoice_);
  }

 private:
  [[nodiscard]] bool is_credit_note() const { return invoice_.syntax == Syntax::ubl_credit_note; }
  Group& top() { return invoice_.root; }

  void read_head() {
    Fill(top(), root_)
        .term(1, "ID")
        .term(2, "IssueDate")
        .term(3, is_credit_note() ? "CreditNoteTypeCode" : "InvoiceTypeCode")
        .term(5, "DocumentCurrencyCode")
        .term(6, "TaxCurrencyCode")
        .term(7, "TaxPointDate")
        .term(8, "InvoicePeriod/DescriptionCode")
        .term(9, is_credit_note() ? "PaymentMeans/PaymentDueDate" : "DueDate")
        .term(10, "BuyerReference")
        .term(11, "ProjectReference/ID")
        .term(12, "ContractDocumentReference/ID")
        .term(13, "OrderReference/ID")
        .term(14, "OrderReference/SalesOrderID")
        .term(15, "ReceiptDocumentReference/ID")
        .term(16, "DespatchDocumentReference/ID")
        .term(17, "OriginatorDocumentReference/ID")
        .term(19, "AccountingCost")
        .verbatim(20, "PaymentTerms/Note");
    Fill(top().at(2), root_).term(23, "ProfileID").term(24, "CustomizationID");
  }

  /// "#AAI#text" carries the subject code in front.
  void read_notes() {
    for (const Element& element : root_.all("Note")) {
      Group& group = open(top(), 1, element);
      Term note = term_of(22, element);
      const auto second = note.value.starts_with('#') ? note.value.find('#', 1) : std::string::npos;
      if (second == 4) {
        group.add(21, note.value.substr(1, 3)).line = element.line();
        note.value = note.value.substr(second + 1);
      }
      group.terms.push_back(std::move(note));
    }
  }

  void read_references() {
    for (const Element& element : root_.all("BillingReference"))
      Fill(open(top(), 3, element), element)
          .term(25, "InvoiceDocumentReference/ID")
          .term(26, "InvoiceDocumentReference/IssueDate");
    for (const Element& element : root_.all("AdditionalDocumentReference")) read_document(element);
  }

  void read_document(const Element& element) {
    const std::string type = text_at(element, "DocumentTypeCode");
    if (type == kObjectReference) {
      Fill(top(), element).term(18, "ID", kScheme);
    } else if (type == kProjectReference && is_credit_note()) {
      Fill(top(), element).term(11, "ID");
    } else {
      Group& group = open(top(), 24, element);
      Fill(group, element)
          .term(122, "ID")
          .term(123, "DocumentDescription")
          .term(124, "Attachment/ExternalReference/URI")
          .term(125, "Attachment/EmbeddedDocumentBinaryObject", {"mimeCode", "filename"});
      if (element.has("Attachment/ExternalReference") && !group.has(124)) group.add(124, "");
    }
  }

  /// CompanyID of a PartyTaxScheme for VAT is the VAT identifier, of any other the tax number.
  void read_tax_ids(Group& group, const Element& party, int vat_id, int tax_number) {
    for (const Element& scheme : party.all("PartyTaxScheme")) {
      const bool is_vat = upper(text_at(scheme, "TaxScheme/ID")) == "VAT";
      if (is_vat || tax_number != 0) Fill(group, scheme).term(is_vat ? vat_id : tax_number, "CompanyID");
    }
  }

  /// The creditor identifier of a direct debit (BT-90) stands among the identifiers of seller or payee.
  void read_identifiers(Group& group, const Element& party, int bt) {
    for (const Element& id : party.all("PartyIdentification/ID")) {
      Term term = term_of(bt, id, kScheme);
      if (term.scheme != "SEPA") {
        group.terms.push_back(std::move(term));
      } else {
        creditor_ids_.push_back(std::move(term));
      }
    }
  }

  void read_contact(Group& parent, int bg, const Element& party, int first_term) {
    for (const Element& contact : party.all("Contact"))
      Fill(open(parent, bg, contact), contact)
          .term(first_term, "Name")
          .term(first_term + 1, "Telephone")
          .term(first_term + 2, "ElectronicMail");
  }

  void read_seller() {
    for (const Element& element : root_.all("AccountingSupplierParty")) {
      Group& seller = open(top(), 4, element);
      for (const Element& party : element.all("Party")) {
        Fill(seller, party)
            .term(27, "PartyLegalEntity/RegistrationName")
            .term(28, "PartyName/Name")
            .term(30, "PartyLegalEntity/CompanyID", kScheme)
            .term(33, "PartyLegalEntity/CompanyLegalForm")
            .term(34, "EndpointID", kScheme);
        read_identifiers(seller, party, 29);
        read_tax_ids(seller, party, 31, 32);
        for (const Element& address : party.all("PostalAddress"))
          read_address(open(seller, 5, address), address, {35, 36, 162, 37, 38, 39, 40});
        read_contact(seller, 6, party, 41);
      }
    }
  }

  void read_buyer() {
    for (const Element& element : root_.all("AccountingCustomerParty")) {
      Group& buyer = open(top(), 7, element);
      for (const Element& party : element.all("Party")) {
        Fill(buyer, party)
            .term(44, "PartyLegalEntity/RegistrationName")
            .term(45, "PartyName/Name")
            .term(46, "PartyIdentification/ID", kScheme)
            .term(47, "PartyLegalEntity/CompanyID", kScheme)
            .term(49, "EndpointID", kScheme);
        read_tax_ids(buyer, party, 48, 0);
        for (const Element& address : party.all("PostalAddress"))
          read_address(open(buyer, 8, address), address, {50, 51, 163, 52, 53, 54, 55});
        read_contact(buyer, 9, party, 56);
      }
    }
  }

  void read_other_parties() {
    for (const Element& element : root_.all("PayeeParty")) {
      Group& payee = open(top(), 10, element);
      Fill(payee, element).term(59, "PartyName/Name").term(61, "PartyLegalEntity/CompanyID", kScheme);
      read_identifiers(payee, element, 60);
    }
    for (const Element& element : root_.all("TaxRepresentativeParty")) {
      Group& representative = open(top(), 11, element);
      Fill(representative, element).term(62, "PartyName/Name");
      read_tax_ids(representative, element, 63, 0);
      for (const Element& address : element.all("PostalAddress"))
        read_address(open(representative, 12, address), address, {64, 65, 164, 66, 67, 68, 69});
    }
  }

  void read_delivery() {
    for (const Element& element : root_.all("Delivery")) {
      Group& delivery = open(top(), 13, element);
      Fill(delivery, element)
          .term(70, "DeliveryParty/PartyName/Name")
          .term(71, "DeliveryLocation/ID", kScheme)
          .term(72, "ActualDeliveryDate");
      for (const Element& address : element.all("DeliveryLocation/Address"))
        read_address(open(delivery, 15, address), address, {75, 76, 165, 77, 78, 79, 80});
    }
    for (const Element& period : root_.all("InvoicePeriod"))
      Fill(open(top().at(13), 14, period), period).term(73, "StartDate").term(74, "EndDate");
  }

  void read_payment() {
    for (const Element& element : root_.all("PaymentMeans")) {
      Group& payment = open(top(), 16, element);
      Fill(payment, element)
          .term(81, "PaymentMeansCode")
          .attribute(82, "PaymentMeansCode", "name")
          .term(83, "PaymentID");
      for (const Element& account : element.all("PayeeFinancialAccount"))
        Fill(open(payment, 17, account), account)
            .term(84, "ID")
            .term(85, "Name")
            .term(86, "FinancialInstitutionBranch/ID");
      for (const Element& card : element.all("CardAccount"))
        Fill(open(payment, 18, card), card).term(87, "PrimaryAccountNumberID").term(88, "HolderName");
      for (const Element& mandate : element.all("PaymentMandate"))
        Fill(open(payment, 19, mandate), mandate).term(89, "ID").term(91, "PayerFinancialAccount/ID");
    }
    for (Term& id : creditor_ids_) {
      id.number = 90;
      top().at(16).at(19).terms.push_back(std::move(id));
    }
  }

  void read_totals() {
    for (const Element& element : root_.all("LegalMonetaryTotal"))
      Fill(open(top(), 22, element), element)
          .amount(106, "LineExtensionAmount")
          .amount(107, "AllowanceTotalAmount")
          .amount(108, "ChargeTotalAmount")
          .amount(109, "TaxExclusiveAmount")
          .amount(112, "TaxInclusiveAmount")
          .amount(113, "PrepaidAmount")
          .amount(114, "PayableRoundingAmount")
          .amount(115, "PayableAmount");
  }

  /// The TaxTotal in the invoice's currency carries BT-110 and the breakdown, another one BT-111.
  void read_tax_totals() {
    for (const Element& total : root_.all("TaxTotal")) {
      const auto subtotals = total.all("TaxSubtotal");
      const auto amount = total.first("TaxAmount");
      const std::string currency = amount ? amount->attribute("currencyID").value_or("") : "";
      const bool is_main = !subtotals.empty() || currency == top().value(5);
      Fill(top().at(22), total).amount(is_main ? 110 : 111, "TaxAmount");
      for (const Element& subtotal : subtotals) {
        Group& group = open(top(), 23, subtotal);
        Fill(group, subtotal)
            .amount(116, "TaxableAmount")
            .amount(117, "TaxAmount")
            .term(120, "TaxCategory/TaxExemptionReason")
            .term(121, "TaxCategory/TaxExemptionReasonCode");
        for (const Element& category : subtotal.all("TaxCategory")) read_category(group, category, 118, 119);
      }
    }
  }

  void read_third_party_payment(const Element& element) {
    Fill(open(top(), 9009, element), element)
        .term(9001, "ID")
        .amount(9002, "PaidAmount")
        .term(9003, "InstructionID");
  }

  void read_line(Group& line, const Element& element) {
    const char* const quantity = is_credit_note() ? "CreditedQuantity" : "InvoicedQuantity";
    Fill(line, element)
        .term(126, "ID")
        .term(127, "Note")
        .term(129, quantity)
        .attribute(130, quantity, "unitCode")
        .amount(131, "LineExtensionAmount")
        .term(132, "OrderLineReference/LineID")
        .term(133, "AccountingCost");
    for (const Element& reference : element.all("DocumentReference")) {
      if (text_at(reference, "DocumentTypeCode") == kObjectReference)
        Fill(line, reference).term(128, "ID", kScheme);
    }
    for (const Element& period : element.all("InvoicePeriod"))
      Fill(open(line, 26, period), period).term(134, "StartDate").term(135, "EndDate");
    for (const Element& allowance : element.all("AllowanceCharge"))
      read_allowance(line, allowance, is_charge(allowance) ? kLineCharge : kLineAllowance);
    for (const Element& price : element.all("Price")) read_price(open(line, 29, price), price);
    for (const Element& item : element.all("Item")) read_item(line, item);
    for (const Element& inner : element.all("SubInvoiceLine")) read_line(open(line, 9001, inner), inner);
  }

  static void read_price(Group& group, const Element& price) {
    Fill(group, price)
        .amount(146, "PriceAmount")
        .amount(147, "AllowanceCharge/Amount")
        .amount(148, "AllowanceCharge/BaseAmount")
        .term(149, "BaseQuantity")
        .attribute(150, "BaseQuantity", "unitCode");
  }

  static void read_item(Group& line, const Element& item) {
    for (const Element& category : item.all("ClassifiedTaxCategory"))
      read_category(open(line, 30, category), category, 151, 152);
    Group& group = open(line, 31, item);
    Fill(group, item)
        .term(153, "Name")
        .term(154, "Description")
        .term(155, "SellersItemIdentification/ID")
        .term(156, "BuyersItemIdentification/ID")
        .term(157, "StandardItemIdentification/ID", kScheme)
        .term(158, "CommodityClassification/ItemClassificationCode", {"listID", "listVersionID"})
        .term(159, "OriginCountry/IdentificationCode");
    for (const Element& property : item.all("AdditionalItemProperty"))
      Fill(open(group, 32, property), property).term(160, "Name").term(161, "Value");
  }

  const Element& root_;
  Invoice invoice_;
  std::vector<Term> creditor_ids_;
};

}  // namespace

Invoice read_ubl(const Element& root, Syntax syntax) {
  return UblReader(root, syntax).read();
}

}  // namespace mailroom::invoice::xml
