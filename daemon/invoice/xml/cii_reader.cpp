#include "daemon/invoice/xml/cii_reader.h"

#include <array>

#include "daemon/invoice/xml/fill.h"

namespace mailroom::invoice::xml {
namespace {

/// The element names that differ between ZUGFeRD 1.0 and D16B.
struct Names {
  const char *context, *document, *transaction;
  const char *agreement, *delivery, *settlement, *summation, *percent;
  const char *line_agreement, *line_delivery, *line_settlement, *line_summation;
};

constexpr Names kD16b{"ExchangedDocumentContext",
                      "ExchangedDocument",
                      "SupplyChainTradeTransaction",
                      "ApplicableHeaderTradeAgreement",
                      "ApplicableHeaderTradeDelivery",
                      "ApplicableHeaderTradeSettlement",
                      "SpecifiedTradeSettlementHeaderMonetarySummation",
                      "RateApplicablePercent",
                      "SpecifiedLineTradeAgreement",
                      "SpecifiedLineTradeDelivery",
                      "SpecifiedLineTradeSettlement",
                      "SpecifiedTradeSettlementLineMonetarySummation"};
constexpr Names kZugferd1{
    "SpecifiedExchangedDocumentContext",         "HeaderExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction",      "ApplicableSupplyChainTradeAgreement",
    "ApplicableSupplyChainTradeDelivery",        "ApplicableSupplyChainTradeSettlement",
    "SpecifiedTradeSettlementMonetarySummation", "ApplicablePercent",
    "SpecifiedSupplyChainTradeAgreement",        "SpecifiedSupplyChainTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement",       "SpecifiedTradeSettlementMonetarySummation"};

constexpr std::string_view kObjectReference = "130";  // UNTDID 1001
constexpr std::string_view kTenderReference = "50";
constexpr Attributes kScheme{"schemeID", nullptr};

/// The terms of an address: first, second and third line, city, post code, region, country.
void read_address(Group& group, const Element& address, const std::array<int, 7>& terms) {
  Fill(group, address)
      .term(terms[0], "LineOne")
      .term(terms[1], "LineTwo")
      .term(terms[2], "LineThree")
      .term(terms[3], "CityName")
      .term(terms[4], "PostcodeCode")
      .term(terms[5], "CountrySubDivisionName")
      .term(terms[6], "CountryID");
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
  const std::string indicator = text_at(allowance, "ChargeIndicator/Indicator");
  return indicator == "true" || indicator == "1";
}

class CiiReader {
 public:
  CiiReader(const Element& root, Syntax syntax)
      : root_(root),
        names_(syntax == Syntax::zugferd_1 ? kZugferd1 : kD16b),
        invoice_{.syntax = syntax, .root = {}} {}

  Invoice read() {
    for (const Element& context : root_.all(names_.context))
      Fill(top().at(2), context)
          .term(23, "BusinessProcessSpecifiedDocumentContextParameter/ID")
          .term(24, "GuidelineSpecifiedDocumentContextParameter/ID");
    for (const Element& document : root_.all(names_.document)) read_document(document);
    for (const Element& transaction : root_.all(names_.transaction)) read_transaction(transaction);
    return std::move(invoice_);
  }

 private:
  Group& top() { return invoice_.root; }

  void read_document(const Element& document) {
    Fill(top(), document).term(1, "ID").term(3, "TypeCode").cii_date(2, "IssueDateTime");
    for (const Element& note : document.all("IncludedNote"))
      Fill(open(top(), 1, note), note).term(21, "SubjectCode").term(22, "Content");
  }

  void read_transaction(const Element& transaction) {
    for (const Element& agreement : transaction.all(names_.agreement)) read_agreement(agreement);
    for (const Element& delivery : transaction.all(names_.delivery)) read_delivery(delivery);
    for (const Element& settlement : transaction.all(names_.settlement)) read_settlement(settlement);
    for (const Element& line : transaction.all("IncludedSupplyChainTradeLineItem"))
      read_line(open(top(), 25, line), line);
  }

  void read_agreement(const Element& agreement) {
    Fill(top(), agreement)
        .term(10, "BuyerReference")
        .term(11, "SpecifiedProcuringProject/ID")
        .term(12, "ContractReferencedDocument/IssuerAssignedID")
        .term(13, "BuyerOrderReferencedDocument/IssuerAssignedID")
        .term(14, "SellerOrderReferencedDocument/IssuerAssignedID");
    if (invoice_.syntax == Syntax::zugferd_1)
      Fill(top(), agreement)
          .term(12, "ContractReferencedDocument/ID")
          .term(13, "BuyerOrderReferencedDocument/ID");
    for (const Element& party : agreement.all("SellerTradeParty")) read_seller(party);
    for (const Element& party : agreement.all("BuyerTradeParty")) read_buyer(party);
    for (const Element& party : agreement.all("SellerTaxRepresentativeTradeParty"))
      read_representative(party);
    for (const Element& document : agreement.all("AdditionalReferencedDocument")) read_reference(document);
  }

  void read_tax_ids(Group& group, const Element& party, int vat_id, int tax_number) {
    for (const Element& id : party.all("SpecifiedTaxRegistration/ID")) {
      const std::string scheme = id.attribute("schemeID").value_or("");
      if (scheme == "VA" || scheme == "VAT") group.terms.push_back(term_of(vat_id, id, kScheme));
      if (scheme == "FC" && tax_number != 0) group.terms.push_back(term_of(tax_number, id, kScheme));
    }
  }

  void read_contact(Group& parent, int bg, const Element& party, int first_term) {
    for (const Element& contact : party.all("DefinedTradeContact"))
      Fill(open(parent, bg, contact), contact)
          .term(first_term, "PersonName")
          .term(first_term, "DepartmentName")
          .term(first_term + 1, "TelephoneUniversalCommunication/CompleteNumber")
          .term(first_term + 2, "EmailURIUniversalCommunication/URIID");
  }

  void read_seller(const Element& party) {
    Group& seller = open(top(), 4, party);
    Fill(seller, party)
        .term(27, "Name")
        .term(28, "SpecifiedLegalOrganization/TradingBusinessName")
        .term(29, "ID", kScheme)
        .term(29, "GlobalID", kScheme, "global")
        .term(30, "SpecifiedLegalOrganization/ID", kScheme)
        .term(33, "Description")
        .term(34, "URIUniversalCommunication/URIID", kScheme);
    if (party.has("URIUniversalCommunication") && !seller.has(34)) seller.add(34, "");
    read_tax_ids(seller, party, 31, 32);
    for (const Element& address : party.all("PostalTradeAddress"))
      read_address(open(seller, 5, address), address, {35, 36, 162, 37, 38, 39, 40});
    read_contact(seller, 6, party, 41);
  }

  void read_buyer(const Element& party) {
    Group& buyer = open(top(), 7, party);
    Fill(buyer, party)
        .term(44, "Name")
        .term(45, "SpecifiedLegalOrganization/TradingBusinessName")
        .term(46, "ID", kScheme)
        .term(46, "GlobalID", kScheme, "global")
        .term(47, "SpecifiedLegalOrganization/ID", kScheme)
        .term(49, "URIUniversalCommunication/URIID", kScheme);
    if (party.has("URIUniversalCommunication") && !buyer.has(49)) buyer.add(49, "");
    read_tax_ids(buyer, party, 48, 0);
    for (const Element& address : party.all("PostalTradeAddress"))
      read_address(open(buyer, 8, address), address, {50, 51, 163, 52, 53, 54, 55});
    read_contact(buyer, 9, party, 56);
  }

  void read_representative(const Element& party) {
    Group& representative = open(top(), 11, party);
    Fill(representative, party).term(62, "Name");
    read_tax_ids(representative, party, 63, 0);
    for (const Element& address : party.all("PostalTradeAddress"))
      read_address(open(representative, 12, address), address, {64, 65, 164, 66, 67, 68, 69});
  }

  void read_reference(const Element& document) {
    const std::string type = text_at(document, "TypeCode");
    if (type == kTenderReference) {
      Fill(top(), document).term(17, "IssuerAssignedID");
    } else if (type == kObjectReference) {
      Fill(top(), document).term(18, "IssuerAssignedID");
      if (Term* object = top().last(18)) object->scheme = text_at(document, "ReferenceTypeCode");
    } else {
      Fill(open(top(), 24, document), document)
          .term(122, "IssuerAssignedID")
          .term(123, "Name")
          .term(124, "URIID")
          .term(125, "AttachmentBinaryObject", {"mimeCode", "filename"});
    }
  }

  void read_delivery(const Element& element) {
    Group& delivery = open(top(), 13, element);
    Fill(delivery, element)
        .term(70, "ShipToTradeParty/Name")
        .term(71, "ShipToTradeParty/ID", kScheme)
        .term(71, "ShipToTradeParty/GlobalID", kScheme)
        .cii_date(72, "ActualDeliverySupplyChainEvent/OccurrenceDateTime");
    for (const Element& address : element.all("ShipToTradeParty/PostalTradeAddress"))
      read_address(open(delivery, 15, address), address, {75, 76, 165, 77, 78, 79, 80});
    Fill(top(), element)
        .term(15, "ReceivingAdviceReferencedDocument/IssuerAssignedID")
        .term(16, "DespatchAdviceReferencedDocument/IssuerAssignedID");
  }

  void read_settlement(const Element& settlement) {
    Fill(top(), settlement)
        .term(5, "InvoiceCurrencyCode")
        .term(6, "TaxCurrencyCode")
        .term(8, "ApplicableTradeTax/DueDateTypeCode")
        .term(19, "ReceivableSpecifiedTradeAccountingAccount/ID")
        .verbatim(20, "SpecifiedTradePaymentTerms/Description")
        .cii_date(7, "ApplicableTradeTax/TaxPointDate")
        .cii_date(9, "SpecifiedTradePaymentTerms/DueDateDateTime");
    for (const Element& party : settlement.all("PayeeTradeParty"))
      Fill(open(top(), 10, party), party)
          .term(59, "Name")
          .term(60, "ID", kScheme)
          .term(60, "GlobalID", kScheme, "global")
          .term(61, "SpecifiedLegalOrganization/ID", kScheme);
    read_payment(settlement);
    for (const Element& tax : settlement.all("ApplicableTradeTax")) read_breakdown(tax);
    for (const Element& period : settlement.all("BillingSpecifiedPeriod"))
      Fill(open(top().at(13), 14, period), period).cii_date(73, "StartDateTime").cii_date(74, "EndDateTime");
    for (const Element& allowance : settlement.all("SpecifiedTradeAllowanceCharge"))
      read_allowance(top(), allowance, is_charge(allowance) ? kCharge : kAllowance);
    for (const Element& summation : settlement.all(names_.summation)) read_totals(summation);
    for (const Element& document : settlement.all("InvoiceReferencedDocument"))
      Fill(open(top(), 3, document), document)
          .term(25, "IssuerAssignedID")
          .cii_date(26, "FormattedIssueDateTime");
  }

  void read_payment(const Element& settlement) {
    for (const Element& means : settlement.all("SpecifiedTradeSettlementPaymentMeans")) {
      Group& payment = open(top(), 16, means);
      Fill(payment, means).term(81, "TypeCode").term(82, "Information");
      for (const Element& account : means.all("PayeePartyCreditorFinancialAccount"))
        Fill(open(payment, 17, account), account)
            .term(84, "IBANID")
            .term(84, "ProprietaryID")
            .term(85, "AccountName");
      if (means.has("PayeeSpecifiedCreditorFinancialInstitution/BICID"))
        Fill(payment.at(17), means).term(86, "PayeeSpecifiedCreditorFinancialInstitution/BICID");
      for (const Element& card : means.all("ApplicableTradeSettlementFinancialCard"))
        Fill(open(payment, 18, card), card).term(87, "ID").term(88, "CardholderName");
      if (means.has("PayerPartyDebtorFinancialAccount/IBANID"))
        Fill(payment.at(19), means).term(91, "PayerPartyDebtorFinancialAccount/IBANID");
    }
    if (settlement.has("PaymentReference")) Fill(top().at(16), settlement).term(83, "PaymentReference");
    if (settlement.has("SpecifiedTradePaymentTerms/DirectDebitMandateID"))
      Fill(top().at(16).at(19), settlement).term(89, "SpecifiedTradePaymentTerms/DirectDebitMandateID");
    if (settlement.has("CreditorReferenceID"))
      Fill(top().at(16).at(19), settlement).term(90, "CreditorReferenceID");
  }

  /// A category's code keeps its tax type ("VAT") as the term's scheme.
  void read_category(Group& group, const Element& tax, int code, int rate) {
    for (const Element& category : tax.all("CategoryCode")) {
      Term term = term_of(code, category);
      const auto type = tax.first("TypeCode");
      term.scheme = type ? upper(type->text()) : std::string();
      group.terms.push_back(std::move(term));
    }
    Fill(group, tax).term(rate, names_.percent);
  }

  void read_breakdown(const Element& tax) {
    Group& group = open(top(), 23, tax);
    Fill(group, tax)
        .amount(116, "BasisAmount")
        .amount(117, "CalculatedAmount")
        .term(120, "ExemptionReason")
        .term(121, "ExemptionReasonCode");
    read_category(group, tax, 118, 119);
  }

  void read_allowance(Group& parent, const Element& element, const AllowanceTerms& terms) {
    Group& group = open(parent, terms.group, element);
    Fill(group, element)
        .amount(terms.amount, "ActualAmount")
        .amount(terms.base, "BasisAmount")
        .term(terms.percent, "CalculationPercent")
        .term(terms.reason, "Reason")
        .term(terms.reason_code, "ReasonCode");
    if (terms.category == 0) return;
    for (const Element& tax : element.all("CategoryTradeTax"))
      read_category(group, tax, terms.category, terms.rate);
  }

  void read_totals(const Element& summation) {
    Group& totals = open(top(), 22, summation);
    Fill(totals, summation)
        .amount(106, "LineTotalAmount")
        .amount(107, "AllowanceTotalAmount")
        .amount(108, "ChargeTotalAmount")
        .amount(109, "TaxBasisTotalAmount")
        .amount(112, "GrandTotalAmount")
        .amount(113, "TotalPrepaidAmount")
        .amount(114, "RoundingAmount")
        .amount(115, "DuePayableAmount");
    for (const Element& amount : summation.all("TaxTotalAmount")) {
      const std::string currency = amount.attribute("currencyID").value_or("");
      const bool is_main = currency.empty() || currency != top().value(6) || currency == top().value(5);
      totals.terms.push_back(term_of(is_main ? 110 : 111, amount, {"currencyID", nullptr}));
    }
  }

  void read_line(Group& line, const Element& element) {
    const std::string settlement = names_.line_settlement;
    Fill(line, element)
        .term(126, "AssociatedDocumentLineDocument/LineID")
        .term(127, "AssociatedDocumentLineDocument/IncludedNote/Content")
        .term(9004, "AssociatedDocumentLineDocument/ParentLineID")
        .term(129, names_.line_delivery + std::string("/BilledQuantity"))
        .attribute(130, names_.line_delivery + std::string("/BilledQuantity"), "unitCode")
        .amount(131, settlement + "/" + names_.line_summation + "/LineTotalAmount")
        .term(132, names_.line_agreement + std::string("/BuyerOrderReferencedDocument/LineID"))
        .term(133, settlement + "/ReceivableSpecifiedTradeAccountingAccount/ID");
    for (const Element& inner : element.all(settlement)) read_line_settlement(line, inner);
    for (const Element& agreement : element.all(names_.line_agreement)) read_price(line, agreement);
    for (const Element& product : element.all("SpecifiedTradeProduct"))
      read_product(open(line, 31, product), product);
  }

  void read_line_settlement(Group& line, const Element& settlement) {
    for (const Element& document : settlement.all("AdditionalReferencedDocument")) {
      if (text_at(document, "TypeCode") != kObjectReference) continue;
      Fill(line, document).term(128, "IssuerAssignedID");
      if (Term* object = line.last(128)) object->scheme = text_at(document, "ReferenceTypeCode");
    }
    for (const Element& period : settlement.all("BillingSpecifiedPeriod"))
      Fill(open(line, 26, period), period).cii_date(134, "StartDateTime").cii_date(135, "EndDateTime");
    for (const Element& allowance : settlement.all("SpecifiedTradeAllowanceCharge"))
      read_allowance(line, allowance, is_charge(allowance) ? kLineCharge : kLineAllowance);
    for (const Element& tax : settlement.all("ApplicableTradeTax"))
      read_category(open(line, 30, tax), tax, 151, 152);
  }

  void read_price(Group& line, const Element& agreement) {
    Group& price = open(line, 29, agreement);
    Fill(price, agreement)
        .amount(146, "NetPriceProductTradePrice/ChargeAmount")
        .amount(147, "GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualAmount")
        .amount(148, "GrossPriceProductTradePrice/ChargeAmount");
    for (const char* const quantity :
         {"NetPriceProductTradePrice/BasisQuantity", "GrossPriceProductTradePrice/BasisQuantity"})
      Fill(price, agreement).term(149, quantity).attribute(150, quantity, "unitCode");
  }

  static void read_product(Group& group, const Element& product) {
    Fill(group, product)
        .term(153, "Name")
        .term(154, "Description")
        .term(155, "SellerAssignedID")
        .term(156, "BuyerAssignedID")
        .term(157, "GlobalID", kScheme)
        .term(158, "DesignatedProductClassification/ClassCode", {"listID", "listVersionID"})
        .term(159, "OriginTradeCountry/ID");
    for (const Element& property : product.all("ApplicableProductCharacteristic"))
      Fill(open(group, 32, property), property).term(160, "Description").term(161, "Value");
  }

  const Element& root_;
  const Names& names_;
  Invoice invoice_;
};

}  // namespace

Invoice read_cii(const Element& root, Syntax syntax) {
  return CiiReader(root, syntax).read();
}

}  // namespace mailroom::invoice::xml
