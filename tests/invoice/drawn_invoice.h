#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "daemon/document/page_report.h"

namespace mailroom::test {

/// A page of words at places, as a perfect recogniser would report it. Millimetres from the top left;
/// 300 dpi; letters are half as wide as high.
class DrawnPage {
 public:
  DrawnPage();

  /// Words from `x` on, `y` is their upper edge. Letters are `size` points high.
  DrawnPage& text(double x, double y, const std::string& words, double size = 10);
  DrawnPage& right(double edge, double y, const std::string& words, double size = 10);
  DrawnPage& code(const std::string& payload);  ///< a QR code below the text

  [[nodiscard]] const PageReport& report() const { return report_; }
  [[nodiscard]] PageReport& report() { return report_; }

 private:
  PageReport report_;
};

/// What a drawn invoice says, field by field as daemon/invoice/paper names them.
using Truth = std::map<std::string, std::string>;

struct DrawnInvoice {
  std::vector<PageReport> pages;
  Truth truth;
  std::string creditor;  ///< id in creditors_csv()
  bool repeats = false;  ///< number and date stand on it twice, so that it may pass without a person
};

/// The creditors that draw_invoice() lets write, as their import file.
std::string creditors_csv();

/// The name of the buyer on all drawn invoices.
inline constexpr const char* kDrawnBuyer = "Stadt Lahnfels";

/// An invoice drawn by chance: one of several layouts, creditors, numbers of lines, rates and ways to
/// write dates and amounts. The same seed gives the same invoice.
DrawnInvoice draw_invoice(std::uint32_t seed);

/// Misreads characters as recognisers do on poor paper: `rate` is the share of characters hit. Words
/// that were hit seem surer than they should be now and then.
void misread(DrawnInvoice& invoice, double rate, std::uint32_t seed);

}  // namespace mailroom::test
