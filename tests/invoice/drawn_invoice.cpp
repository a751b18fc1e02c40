#include "tests/invoice/drawn_invoice.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/base/bytes.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::test {
namespace {

constexpr double kDotsPerMillimetre = 300 / 25.4;
constexpr double kMillimetresPerPoint = 25.4 / 72;

std::size_t letters_of(const std::string& text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

double width_of(const std::string& text, double size) {
  return double(letters_of(text)) * 0.5 * size * kMillimetresPerPoint;
}

struct Seller {
  const char* id;
  const char* name;
  const char* street;
  const char* postcode;
  const char* city;
  const char* vat_id;
  const char* tax_number;
  const char* iban;
  const char* bic;
};

constexpr std::array<Seller, 6> kSellers{{
    {"70001", "Gärtnerei Müßiggang GmbH", "Gewerbepark Süd 7", "35999", "Lahnfels", "DE136695976",
     "031 234 56789", "DE89370400440532013000", "COBADEFFXXX"},
    {"70002", "Bürobedarf Kranz KG", "Industriestraße 44", "35037", "Marburg", "DE129273398", "020/345/61234",
     "DE02120300000000202051", "BYLADEM1001"},
    {"70003", "Elektro Sommer e.K.", "Am Bahnhof 3", "35392", "Gießen", "DE811193231", "026 812 00417",
     "DE02500105170137075030", "INGDDEFFXXX"},
    {"70004", "Stadtwerke Lahntal AG", "Uferweg 120", "35043", "Marburg", "DE118571235", "031 220 40012",
     "DE88200800000970375700", "COBADEFFXXX"},
    {"70005", "Druckhaus Öhler GmbH & Co. KG", "Römerstraße 9", "60311", "Frankfurt", "DE143454214",
     "045 231 77120", "DE02100500000054540402", "BELADEBEXXX"},
    {"70006", "Reinigung Blank UG", "Hinterm Deich 1", "26121", "Oldenburg", "DE200000005", "064/110/22334",
     "DE02300209000106531065", "CMCIDEDDXXX"},
}};

/// "1.530,00" or "1530.00".
std::string written(std::int64_t cents, bool english) {
  const auto plain = invoice::decimal(cents);
  if (english) return plain;
  std::string whole = plain.substr(0, plain.size() - 3), out;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i > 0 && (whole.size() - i) % 3 == 0 && whole[i - 1] != '-') out += '.';
    out += whole[i];
  }
  return out + "," + plain.substr(plain.size() - 2);
}

std::string german_date(const std::string& iso, int style) {
  static constexpr std::array<const char*, 12> kMonths{"Januar",    "Februar", "März",     "April",
                                                       "Mai",       "Juni",    "Juli",     "August",
                                                       "September", "Oktober", "November", "Dezember"};
  const auto year = iso.substr(0, 4), month = iso.substr(5, 2), day = iso.substr(8, 2);
  if (style == 1) return day + ". " + kMonths[std::size_t(std::stoi(month)) - 1] + " " + year;
  if (style == 2) return iso;
  return day + "." + month + "." + year;
}

class Draughtsman {
 public:
  explicit Draughtsman(std::uint32_t seed) : random_(seed), seller_(kSellers[below(kSellers.size())]) {}

  DrawnInvoice draw() {
    invent();
    const auto layout = below(4);
    if (layout == 0) letter();
    if (layout == 1) form();
    if (layout == 2) modern();
    if (layout == 3) two_pages();
    invoice_.creditor = seller_.id;
    for (auto& page : pages_) invoice_.pages.push_back(page.report());
    return std::move(invoice_);
  }

 private:
  std::size_t below(std::size_t bound) { return std::size_t(random_() % bound); }
  std::string money(std::int64_t cents) { return written(cents, false) + (euro_sign_ ? " €" : ""); }

  void invent() {
    euro_sign_ = below(2) == 0;
    date_style_ = int(below(3));
    const long issued = invoice::day_number("2026-01-05") + long(below(320));
    date_ = invoice::iso_date(issued);
    due_ = invoice::iso_date(issued + 14 + long(below(3)) * 8);
    number_ = std::string(below(2) == 0 ? "RE-" : "") + date_.substr(0, 4) + (below(2) == 0 ? "-" : "/") +
              std::to_string(1000 + below(9000));
    two_rates_ = below(3) == 0;
    const auto count = 1 + below(5);
    for (std::size_t i = 0; i < count; ++i) {
      const auto quantity = std::int64_t(1 + below(40));
      const auto price = std::int64_t(100 + below(20000));
      items_.push_back({quantity, price, two_rates_ && i % 2 == 1 ? 700 : 1900});
    }
    for (const auto& item : items_) (item.rate == 700 ? net_low_ : net_high_) += item.quantity * item.price;
    vat_low_ = (net_low_ * 700 + 5000) / 10000;
    vat_high_ = (net_high_ * 1900 + 5000) / 10000;
    auto& truth = invoice_.truth;
    truth["invoice_number"] = number_;
    truth["invoice_date"] = date_;
    truth["due_date"] = due_;
    truth["net_amount"] = invoice::decimal(net());
    truth["vat_amount"] = invoice::decimal(vat());
    truth["gross_amount"] = invoice::decimal(net() + vat());
    truth["iban"] = seller_.iban;
  }
  [[nodiscard]] std::int64_t net() const { return net_low_ + net_high_; }
  [[nodiscard]] std::int64_t vat() const { return vat_low_ + vat_high_; }

  [[nodiscard]] std::string spaced_iban() const {
    std::string out;
    for (std::size_t i = 0; seller_.iban[i] != '\0'; ++i) {
      if (i > 0 && i % 4 == 0) out += ' ';
      out += seller_.iban[i];
    }
    return out;
  }

  DrawnPage& add_page() { return pages_.emplace_back(); }

  void address(DrawnPage& page) {
    page.text(
        25, 45,
        std::string(seller_.name) + " · " + seller_.street + " · " + seller_.postcode + " " + seller_.city,
        7);
    page.text(25, 52, "Stadt Lahnfels").text(25, 57, "Fachdienst Finanzen").text(25, 62, "Rathausplatz 1");
    page.text(25, 67, "35999 Lahnfels");
  }

  double items(DrawnPage& page, double y) {
    page.text(25, y, "Pos", 9).text(38, y, "Bezeichnung", 9).right(120, y, "Menge", 9);
    page.right(152, y, "Einzelpreis", 9).right(190, y, "Gesamt", 9);
    static constexpr std::array<const char*, 5> kThings{"Rasen mähen", "Kopierpapier A4", "Leuchtmittel LED",
                                                        "Prüfung der Anlage", "Anfahrt und Geräte"};
    for (std::size_t i = 0; i < items_.size(); ++i) {
      y += 6;
      page.text(25, y, std::to_string(i + 1)).text(38, y, kThings[i]);
      page.right(120, y, std::to_string(items_[i].quantity)).right(152, y, money(items_[i].price));
      page.right(190, y, money(items_[i].quantity * items_[i].price));
    }
    return y + 9;
  }

  double totals(DrawnPage& page, double y, double from) {
    page.text(from, y, "Summe netto").right(190, y, money(net()));
    if (net_high_ != 0) {
      y += 5;
      page.text(from, y, "zzgl. 19 % MwSt aus " + written(net_high_, false)).right(190, y, money(vat_high_));
    }
    if (net_low_ != 0) {
      y += 5;
      page.text(from, y, "zzgl. 7 % MwSt aus " + written(net_low_, false)).right(190, y, money(vat_low_));
    }
    y += 6;
    page.text(from, y, "Rechnungsbetrag", 11).right(190, y, money(net() + vat()), 11);
    return y + 10;
  }

  void foot(DrawnPage& page) {
    page.text(25, 275, std::string(seller_.name), 7).text(75, 275, "IBAN: " + spaced_iban(), 7);
    page.text(140, 275, std::string("USt-IdNr.: ") + seller_.vat_id, 7);
    page.text(25, 279, std::string(seller_.street), 7).text(75, 279, std::string("BIC: ") + seller_.bic, 7);
    page.text(140, 279, std::string("Steuernummer: ") + seller_.tax_number, 7);
    page.text(25, 283, std::string(seller_.postcode) + " " + seller_.city, 7);
  }

  void letter() {
    auto& page = add_page();
    page.text(25, 20, seller_.name, 16);
    address(page);
    page.text(130, 85,
              std::string(seller_.city) + ", " + (date_style_ == 1 ? "" : "den ") +
                  german_date(date_, date_style_));
    page.text(25, 97, "Rechnung Nr. " + number_, 14);
    page.text(25, 106, "Sehr geehrte Damen und Herren, wir berechnen Ihnen:");
    const auto y = totals(page, items(page, 116), 110);
    page.text(
        25, y,
        "Bitte überweisen Sie den Betrag bis zum " + german_date(due_, 0) + " ohne Abzug unter Angabe von:");
    page.text(25, y + 6, "Rechnung " + number_ + " vom " + german_date(date_, 0));
    invoice_.repeats = true;
    foot(page);
  }

  void form() {
    auto& page = add_page();
    page.text(130, 20, seller_.name, 13);
    address(page);
    page.text(25, 85, "RECHNUNG", 15);
    page.text(120, 85, "Rechnungsnummer:").text(160, 85, number_);
    page.text(120, 90, "Rechnungsdatum:").text(160, 90, german_date(date_, date_style_));
    page.text(120, 95, "Kundennummer:").text(160, 95, std::to_string(10000 + below(90000)));
    page.text(120, 100, "Fällig am:").text(160, 100, german_date(due_, 0));
    const auto y = totals(page, items(page, 112), 100);
    const long days = invoice::day_number(due_) - invoice::day_number(date_);
    page.text(25, y, "Zahlbar innerhalb " + std::to_string(days) + " Tagen. Verwendungszweck: " + number_);
    invoice_.repeats = true;
    foot(page);
  }

  void modern() {
    auto& page = add_page();
    address(page);
    page.text(25, 86, "Rechnung", 18);
    page.text(25, 97, "Rechnungsnr.", 7).text(70, 97, "Datum", 7).text(110, 97, "Fällig bis", 7);
    page.text(25, 101, number_)
        .text(70, 101, german_date(date_, date_style_))
        .text(110, 101, german_date(due_, 0));
    const auto y = totals(page, items(page, 113), 120);
    page.text(25, y, "Zahlbar ohne Abzug auf das unten genannte Konto.");
    foot(page);
  }

  void two_pages() {
    auto& first = add_page();
    first.text(25, 20, seller_.name, 16);
    address(first);
    first.text(25, 90, "Rechnung " + number_ + " vom " + german_date(date_, date_style_), 13);
    const auto y = items(first, 105);
    first.text(150, 285, "Seite 1 von 2", 8);
    auto& second = add_page();
    second.text(25, 20, "Rechnung " + number_ + " vom " + german_date(date_, date_style_) + ", Seite 2", 9);
    invoice_.repeats = true;
    const auto end = totals(second, 35, 100);
    second.text(25, end, "Zahlbar bis " + german_date(due_, 0) + " rein netto.");
    foot(second);
    (void)y;
  }

  struct Item {
    std::int64_t quantity, price;
    int rate;
  };

  std::mt19937 random_;
  const Seller& seller_;
  bool euro_sign_ = false, two_rates_ = false;
  int date_style_ = 0;
  std::string number_, date_, due_;
  std::vector<Item> items_;
  std::int64_t net_low_ = 0, net_high_ = 0, vat_low_ = 0, vat_high_ = 0;
  std::vector<DrawnPage> pages_;
  DrawnInvoice invoice_;
};

}  // namespace

DrawnPage::DrawnPage() {
  report_.width = 2480;
  report_.height = 3508;
  report_.dpi = 300;
  report_.recognised = true;
}

DrawnPage& DrawnPage::text(double x, double y, const std::string& words, double size) {
  const double letter = 0.5 * size * kMillimetresPerPoint;
  for (std::size_t from = 0; from < words.size();) {
    const auto to = std::min(words.find(' ', from), words.size());
    const auto word = words.substr(from, to - from);
    if (!word.empty()) {
      const double width = width_of(word, size);
      report_.words.push_back(
          {word,
           {int(x * kDotsPerMillimetre), int(y * kDotsPerMillimetre), int(width * kDotsPerMillimetre),
            int(0.72 * size * kMillimetresPerPoint * kDotsPerMillimetre)},
           0.96,
           int(report_.words.size()),
           0});
      x += width;
    }
    x += letter;
    from = to + 1;
  }
  return *this;
}

DrawnPage& DrawnPage::right(double edge, double y, const std::string& words, double size) {
  return text(edge - width_of(words, size), y, words, size);
}

DrawnPage& DrawnPage::code(const std::string& payload) {
  report_.codes.push_back(
      {"QRCode", payload, to_base64(as_bytes(payload)), {300, 2500, 300, 300}, {"zxing"}});
  return *this;
}

std::string creditors_csv() {
  std::string csv = "id;name;street;postcode;city;vat_id;tax_number;iban;bic\n";
  for (const Seller& s : kSellers)
    csv += std::string(s.id) + ";" + s.name + ";" + s.street + ";" + s.postcode + ";" + s.city + ";" +
           s.vat_id + ";" + s.tax_number + ";" + s.iban + ";" + s.bic + "\n";
  return csv;
}

DrawnInvoice draw_invoice(std::uint32_t seed) {
  return Draughtsman(seed).draw();
}

void misread(DrawnInvoice& invoice, double rate, std::uint32_t seed) {
  static const std::map<char, std::string> kTakenFor = {
      {'0', "O86"}, {'1', "l7I"}, {'2', "Z7"}, {'3', "85"}, {'4', "91"}, {'5', "S6"}, {'6', "85"},
      {'7', "1"},   {'8', "B36"}, {'9', "4"},  {'O', "0"},  {'S', "5"},  {'B', "8"},  {'D', "O"},
      {'E', "F"},   {',', "."},   {'.', ","},  {'n', "m"},  {'e', "c"},  {'i', "l"},  {'t', "l"}};
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> chance(0, 1);
  for (auto& page : invoice.pages) {
    for (auto& word : page.words) {
      bool hit = false;
      for (char& c : word.text) {
        const auto other = kTakenFor.find(c);
        if (other == kTakenFor.end() || chance(random) >= rate) continue;
        c = other->second[random() % other->second.size()];
        hit = true;
      }
      // Most misread words are doubted, one in six is not.
      if (hit)
        word.confidence = chance(random) < 0.16 ? 0.86 + 0.09 * chance(random) : 0.3 + 0.5 * chance(random);
    }
  }
}

}  // namespace mailroom::test
