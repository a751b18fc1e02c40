#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mailroom::e2e {

/// What is drawn on one side of a small stack.
struct DrawnSide {
  std::string words;    ///< lines of a letter, or empty: blank
  std::string routing;  ///< "kind:CLASS:DEPT" of a routing sheet, "foreign" of one by another key, or empty
};

/// Draws sides as JPEG images in `folder` (front and back in turn in a duplex stack), small enough
/// to be read in a moment. `routing_key` is the appliance's file.
void draw_stack(const std::filesystem::path& folder, const std::vector<DrawnSide>& sides,
                const std::filesystem::path& routing_key);

/// Four sheets, both sides: a letter with two pages to the citizens' office and an invoice with one.
std::vector<DrawnSide> two_documents();

/// The word that stands on a sheet of plain_letters(), from 1; another one on each of eight in a row.
std::string matter_of(int sheet);

/// `sheets` sheets with a letter on the front and nothing on the back, no routing sheets.
std::vector<DrawnSide> plain_letters(int sheets, const std::string& mark = "Antrag");

/// A profile "quick" for such stacks: grey, 150 dpi, duplex, feeder_empty.
extern const char* const kQuickProfile;

}  // namespace mailroom::e2e
