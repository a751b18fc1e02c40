#include "daemon/invoice/paper/labels.h"

#include <algorithm>
#include <array>

namespace mailroom::invoice {
namespace {

struct Phrase {
  std::string_view folded;
  LabelKind kind;
};

using K = LabelKind;

/// Folded, words run together. Order does not matter: the longest that fits is taken.
constexpr std::array kPhrases = {
    Phrase{"rechnungsnummer", K::number},
    Phrase{"rechnungsnr", K::number},
    Phrase{"rechnungnr", K::number},
    Phrase{"rechnungnummer", K::number},
    Phrase{"rechnungno", K::number},
    Phrase{"rechnrg", K::number},
    Phrase{"rechnr", K::number},
    Phrase{"rgnr", K::number},
    Phrase{"renr", K::number},
    Phrase{"rechnung", K::number},
    Phrase{"handelsrechnung", K::number},
    Phrase{"rechnungid", K::number},
    Phrase{"handelsrechnungnr", K::number},
    Phrase{"handelsrechnung380nr", K::number},
    Phrase{"gutschriftselbstausgestellterechnung389nr", K::number},
    Phrase{"gutschriftnr", K::number},
    Phrase{"gutschriftsnummer", K::number},
    Phrase{"gutschriftnummer", K::number},
    Phrase{"schlussrechnungnr", K::number},
    Phrase{"teilrechnungnr", K::number},
    Phrase{"abschlagsrechnungnr", K::number},
    Phrase{"schlussrechnung", K::number},
    Phrase{"abschlagsrechnung", K::number},
    Phrase{"teilrechnung", K::number},
    Phrase{"belegnummer", K::number},
    Phrase{"belegnr", K::number},
    Phrase{"rechnungsbelegnr", K::number},
    Phrase{"invoicenumber", K::number},
    Phrase{"invoiceno", K::number},
    Phrase{"invoicenr", K::number},
    Phrase{"invoice", K::number},
    Phrase{"invoiceid", K::number},
    Phrase{"rechnungsbeleg", K::number},

    Phrase{"rechnungsdatum", K::date},
    Phrase{"rechnungdatum", K::date},
    Phrase{"belegdatum", K::date},
    Phrase{"datum", K::date},
    Phrase{"ausstellungsdatum", K::date},
    Phrase{"rechnungvom", K::date},
    Phrase{"invoicedate", K::date},
    Phrase{"dateofinvoice", K::date},
    Phrase{"date", K::date},
    Phrase{"dateofissue", K::date},
    Phrase{"issuedate", K::date},
    Phrase{"rgdatum", K::date},

    Phrase{"bestelldatum", K::other_date},
    Phrase{"bestellungvom", K::other_date},
    Phrase{"auftragsdatum", K::other_date},
    Phrase{"auftragvom", K::other_date},
    Phrase{"angebotvom", K::other_date},
    Phrase{"vertragvom", K::other_date},
    Phrase{"druckdatum", K::other_date},
    Phrase{"orderdate", K::other_date},
    Phrase{"lieferscheinvom", K::other_date},
    Phrase{"geburtsdatum", K::other_date},
    Phrase{"gebdatum", K::other_date},
    Phrase{"valuta", K::other_date},
    Phrase{"ihrschreibenvom", K::other_date},
    Phrase{"ihrenachrichtvom", K::other_date},
    Phrase{"gueltigbis", K::other_date},
    Phrase{"gueltigab", K::other_date},
    Phrase{"gemaess", K::other_date},

    Phrase{"lieferdatum", K::delivery_date},
    Phrase{"leistungsdatum", K::delivery_date},
    Phrase{"lieferundleistungsdatum", K::delivery_date},
    Phrase{"leistungszeitraum", K::delivery_date},
    Phrase{"lieferzeitraum", K::delivery_date},
    Phrase{"liefertermin", K::delivery_date},
    Phrase{"tagderlieferung", K::delivery_date},
    Phrase{"tagderleistung", K::delivery_date},
    Phrase{"deliverydate", K::delivery_date},
    Phrase{"dateofsupply", K::delivery_date},
    Phrase{"abrechnungszeitraum", K::delivery_date},
    Phrase{"ausfuehrungszeitraum", K::delivery_date},

    Phrase{"faelligkeit", K::due_date},
    Phrase{"faelligam", K::due_date},
    Phrase{"faelligbis", K::due_date},
    Phrase{"faelligkeitsdatum", K::due_date},
    Phrase{"zahlbarbis", K::due_date},
    Phrase{"faellig", K::due_date},
    Phrase{"zahlbarbiszum", K::due_date},
    Phrase{"zahlungsziel", K::due_date},
    Phrase{"biszum", K::due_date},
    Phrase{"bisspaetestens", K::due_date},
    Phrase{"nettobis", K::due_date},
    Phrase{"nettobiszum", K::due_date},
    Phrase{"duedate", K::due_date},
    Phrase{"paymentdue", K::due_date},
    Phrase{"payableby", K::due_date},
    Phrase{"spaetestensbis", K::due_date},
    Phrase{"spaetestensam", K::due_date},
    Phrase{"zahlungbis", K::due_date},
    Phrase{"dueon", K::due_date},
    Phrase{"zahlungsterm", K::due_date},

    Phrase{"skontobis", K::skonto_date},
    Phrase{"skontobiszum", K::skonto_date},

    Phrase{"bestellnummer", K::order_number},
    Phrase{"bestellnr", K::order_number},
    Phrase{"ihrebestellung", K::order_number},
    Phrase{"ihrebestellnummer", K::order_number},
    Phrase{"bestellung", K::order_number},
    Phrase{"bestellungnr", K::order_number},
    Phrase{"ihrebestellungnr", K::order_number},
    Phrase{"bestellnummerderstadt", K::order_number},
    Phrase{"auftragsnummer", K::order_number},
    Phrase{"auftragsnr", K::order_number},
    Phrase{"auftragnr", K::order_number},
    Phrase{"ordernumber", K::order_number},
    Phrase{"orderno", K::order_number},
    Phrase{"purchaseorder", K::order_number},
    Phrase{"pono", K::order_number},

    Phrase{"kundennummer", K::customer_number},
    Phrase{"kundennr", K::customer_number},
    Phrase{"kdnr", K::customer_number},
    Phrase{"ihrekundennummer", K::customer_number},
    Phrase{"ihrekundennr", K::customer_number},
    Phrase{"customernumber", K::customer_number},
    Phrase{"customerno", K::customer_number},
    Phrase{"debitorennummer", K::customer_number},
    Phrase{"debitorennr", K::customer_number},
    Phrase{"vertragskonto", K::customer_number},

    Phrase{"leitwegid", K::buyer_reference},
    Phrase{"leitwegeid", K::buyer_reference},
    Phrase{"leitweg", K::buyer_reference},

    Phrase{"kassenzeichen", K::voucher_number},
    Phrase{"buchungszeichen", K::voucher_number},
    Phrase{"kassenzeichennr", K::voucher_number},

    Phrase{"ustidnr", K::vat_id},
    Phrase{"ustid", K::vat_id},
    Phrase{"umsatzsteueridentifikationsnummer", K::vat_id},
    Phrase{"umsatzsteuerid", K::vat_id},
    Phrase{"ustidentnr", K::vat_id},
    Phrase{"uid", K::vat_id},
    Phrase{"vatid", K::vat_id},
    Phrase{"vatno", K::vat_id},
    Phrase{"vatnumber", K::vat_id},
    Phrase{"uidnr", K::vat_id},
    Phrase{"uidnummer", K::vat_id},
    Phrase{"umsatzsteueridnr", K::vat_id},

    Phrase{"steuernummer", K::tax_number},
    Phrase{"steuernr", K::tax_number},
    Phrase{"stnr", K::tax_number},
    Phrase{"taxnumber", K::tax_number},
    Phrase{"taxno", K::tax_number},

    Phrase{"iban", K::iban},
    Phrase{"ibannr", K::iban},
    Phrase{"bic", K::bic},
    Phrase{"swift", K::bic},
    Phrase{"bicswift", K::bic},
    Phrase{"swiftbic", K::bic},
    Phrase{"verkaeuferbic", K::bic},
    Phrase{"swiftcode", K::bic},
    Phrase{"biccode", K::bic},

    Phrase{"verkaeufer", K::seller},
    Phrase{"rechnungsersteller", K::seller},
    Phrase{"rechnungssteller", K::seller},
    Phrase{"lieferant", K::seller},
    Phrase{"absender", K::seller},
    Phrase{"seller", K::seller},
    Phrase{"auftragnehmer", K::seller},
    Phrase{"leistungserbringer", K::seller},
    Phrase{"kaeufer", K::buyer},
    Phrase{"rechnungsempfaenger", K::buyer},
    Phrase{"leistungsempfaenger", K::buyer},
    Phrase{"kaeuferleistungsempfaenger", K::buyer},
    Phrase{"rechnungan", K::buyer},
    Phrase{"billto", K::buyer},
    Phrase{"rechnungsadresse", K::buyer},
    Phrase{"rechnungsanschrift", K::buyer},
    Phrase{"kunde", K::buyer},
    Phrase{"auftraggeber", K::buyer},
    Phrase{"buyer", K::buyer},

    Phrase{"telefon", K::other_number},
    Phrase{"tel", K::other_number},
    Phrase{"fax", K::other_number},
    Phrase{"telefax", K::other_number},
    Phrase{"fon", K::other_number},
    Phrase{"mobil", K::other_number},
    Phrase{"gln", K::other_number},
    Phrase{"gtin", K::other_number},
    Phrase{"ean", K::other_number},
    Phrase{"handelsregisternummer", K::other_number},
    Phrase{"handelsreg", K::other_number},
    Phrase{"hrb", K::other_number},
    Phrase{"hra", K::other_number},
    Phrase{"kontonr", K::other_number},
    Phrase{"kontonummer", K::other_number},
    Phrase{"konto", K::other_number},
    Phrase{"blz", K::other_number},
    Phrase{"lieferscheinnr", K::other_number},
    Phrase{"lieferscheinnummer", K::other_number},
    Phrase{"lieferschein", K::other_number},
    Phrase{"angebotsnr", K::other_number},
    Phrase{"angebotsnummer", K::other_number},
    Phrase{"vertragsnummer", K::other_number},
    Phrase{"vertragsnr", K::other_number},
    Phrase{"projektnummer", K::other_number},
    Phrase{"projektnr", K::other_number},
    Phrase{"artikelnummer", K::other_number},
    Phrase{"artnr", K::other_number},
    Phrase{"artikelnr", K::other_number},
    Phrase{"zaehlernummer", K::other_number},
    Phrase{"zaehlernr", K::other_number},
    Phrase{"lieferantennummer", K::other_number},
    Phrase{"lieferantennr", K::other_number},
    Phrase{"globalenummer", K::other_number},
    Phrase{"glaeubigerid", K::other_number},
    Phrase{"mandatsreferenz", K::other_number},
    Phrase{"seite", K::other_number},
    Phrase{"page", K::other_number},
    Phrase{"anlagennummer", K::other_number},
    Phrase{"inventarnummer", K::other_number},
    Phrase{"personalnr", K::other_number},
    Phrase{"zeichen", K::other_number},
    Phrase{"ihrzeichen", K::other_number},
    Phrase{"unserzeichen", K::other_number},
    Phrase{"aktenzeichen", K::other_number},
};

constexpr std::size_t kWordsAtMost = 6;

const Phrase* phrase_that_is(const std::string& folded) {
  for (const auto& phrase : kPhrases) {
    if (folded == phrase.folded) return &phrase;
  }
  for (const auto& phrase : kPhrases) {
    if (nearly_equal(folded, phrase.folded)) return &phrase;
  }
  return nullptr;
}

/// The longest label that starts at the word `at` of the row; `used` words belong to it.
const Phrase* label_at(const Layout& layout, const TextRow& row, std::size_t at, std::size_t& used) {
  const Phrase* longest = nullptr;
  std::string joined;
  for (std::size_t i = at; i < row.words.size() && i < at + kWordsAtMost; ++i) {
    const auto& word = layout.words[row.words[i]];
    const bool far = i > at && word.left - layout.words[row.words[i - 1]].right > 2.5 * layout.letter_height;
    if (far) break;
    joined += word.folded;
    if (joined.size() > 45) break;
    if (const auto* phrase = word.folded.empty() && i > at ? nullptr : phrase_that_is(joined)) {
      longest = phrase;
      used = i - at + 1;
    }
  }
  return longest;
}

bool holds(std::string_view phrase, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](auto word) { return phrase.find(word) != std::string_view::npos; });
}

}  // namespace

std::vector<Label> find_labels(const Layout& layout) {
  std::vector<Label> labels;
  for (const TextRow& row : layout.rows) {
    for (std::size_t at = 0; at < row.words.size();) {
      std::size_t used = 1;
      if (const auto* phrase = label_at(layout, row, at, used))
        labels.push_back({phrase->kind, row.words[at], row.words[at + used - 1]});
      at += used;
    }
  }
  return labels;
}

AmountRole amount_role(std::string_view p) {
  if (holds(p, {"skonto", "rabatt", "nachlass", "abschlaege", "zuschlaege", "zuabschlag", "versandkosten",
                "gutschein", "saeumnis", "mahngeb", "einzelpreis", "verzugs", "discount"}))
    return AmountRole::adjustment;
  if (holds(p, {"anzahlung", "vorauszahlung", "abschlagszahlung", "bereitsgezahlt", "bereitsbezahlt",
                "erhaltenezahlung", "geleistetezahlung", "prepaid", "amountpaid"}))
    return AmountRole::prepaid;
  if (holds(p, {"zahlbetrag", "zuzahlen", "zahlender", "zuueberweisen", "ueberweisungsbetrag", "restbetrag",
                "offenerbetrag", "amountdue", "balancedue", "faelligerbetrag", "restzahlung"}))
    return AmountRole::payable;
  if (holds(p, {"positionssumme", "summepositionen", "zeilensumme"})) return AmountRole::line_total;
  if (holds(p, {"brutto", "inkl", "incl", "einschl"})) return AmountRole::gross;
  const bool tax =
      holds(p, {"mwst", "ust", "umsatzsteuer", "mehrwertsteuer", "steuerbetrag", "steuer", "vat", "tax"});
  if (holds(p, {"ohneust", "ohnemwst", "ohneumsatzsteuer", "exkl", "excl", "zwischensumme", "warenwert",
                "subtotal", "netamount", "nettotal", "totalnet", "nettosumme", "basisbetrag", "steuerbasis",
                "bemessungsgrundlage"}))
    return AmountRole::net;
  if (holds(p, {"netto"}) &&
      !(tax && holds(p, {"betrag", "gesamt"}) && holds(p, {"mwstbetrag", "ustbetrag"})))
    return AmountRole::net;
  if (tax) return AmountRole::vat;
  if (holds(p, {"gesamt", "rechnungsbetrag", "endbetrag", "endsumme", "rechnungssumme", "total", "summe",
                "betrageur", "forderung", "gesamtpreis"}))
    return AmountRole::gross;
  return AmountRole::none;
}

}  // namespace mailroom::invoice
