#include "daemon/invoice/paper/payment_code.h"

#include <algorithm>

#include "daemon/base/bytes.h"
#include "daemon/invoice/paper/written_values.h"

namespace mailroom::invoice {
namespace {

bool is_utf8(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = c < 0x80          ? 1
                               : (c >> 5U) == 6  ? 2
                               : (c >> 4U) == 14 ? 3
                               : (c >> 3U) == 30 ? 4
                                                 : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return false;
    }
    i += length;
  }
  return true;
}

std::string from_latin1(const std::string& text) {
  std::string out;
  for (const char raw : text) {
    const auto c = static_cast<unsigned char>(raw);
    if (c < 0x80) {
      out += raw;
    } else {
      out += char(0xC0U | (c >> 6U));
      out += char(0x80U | (c & 0x3FU));
    }
  }
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else if (c != '\r') {
      lines.back() += c;
    }
  }
  return lines;
}

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

std::string line(const std::vector<std::string>& lines, std::size_t index) {
  return index < lines.size() ? lines[index] : std::string();
}

/// "EUR12.3" and "12.30": amounts of both standards have a point and at most two decimals.
std::optional<std::int64_t> cents_of(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string::npos) return std::nullopt;
  return cents_from(text.find('.') == std::string::npos ? text + ".00" : text);
}

std::optional<PaymentCode> giro_code(const std::vector<std::string>& lines) {
  if (lines.size() < 8 || lines[0] != "BCD" || (lines[1] != "001" && lines[1] != "002") || lines[3] != "SCT")
    return std::nullopt;
  PaymentCode code;
  code.bic = without_spaces(lines[4]);
  code.name = lines[5];
  code.iban = without_spaces(lines[6]);
  if (lines[7].size() > 3) {
    code.currency = lines[7].substr(0, 3);
    code.cents = cents_of(lines[7].substr(3));
  }
  code.reference = line(lines, 9);
  code.text = line(lines, 10);
  return code;
}

std::optional<PaymentCode> swiss_qr(const std::vector<std::string>& lines) {
  if (lines.size() < 31 || lines[0] != "SPC" || lines[1].substr(0, 2) != "02" || lines[30] != "EPD")
    return std::nullopt;
  PaymentCode code;
  code.kind = PaymentCode::Kind::swiss_qr;
  code.iban = without_spaces(lines[3]);
  code.name = lines[5];
  code.cents = cents_of(lines[18]);
  code.currency = lines[19];
  code.reference = lines[27] == "NON" ? "" : without_spaces(lines[28]);
  code.text = lines[29];
  return code;
}

}  // namespace

std::optional<PaymentCode> read_payment_code(const Code& code) {
  if (code.symbology != "QRCode") return std::nullopt;
  std::string text = code.text;
  if (const auto bytes = from_base64(code.bytes); bytes && !bytes->empty()) {
    text.assign(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    if (!is_utf8(text)) text = from_latin1(text);
  }
  const auto lines = lines_of(text);
  auto found = giro_code(lines);
  if (!found) found = swiss_qr(lines);
  if (found) found->box = code.box;
  return found;
}

}  // namespace mailroom::invoice
