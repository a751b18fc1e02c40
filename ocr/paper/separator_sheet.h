#pragma once

#include <span>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// A routing sheet to print: the words a person sorts by and the payloads a machine reads. All
/// words come from the caller, in the language of the house.
struct SeparatorSheet {
  std::string kind_label;          ///< small line on top: "Trennblatt"
  std::string title;               ///< the one thing to see from a metre away: "Rechnung"
  std::vector<std::string> lines;  ///< below the title: department, class, hint; three at most
  std::string qr_payload;          ///< printable ASCII; QR, error level Q (ISO/IEC 18004)
  std::string code128_payload;     ///< printable ASCII, 40 characters at most; Code 128 (ISO/IEC 15417)
  std::string footer;              ///< version and day of printing, small
};

/// The sheet that starts a new document where a profile allows `PATCHT`: the word as one large
/// Code 128. Only one: Debian's libZXing 1.4 aborts on a page with the same linear code twice.
SeparatorSheet patch_t_sheet(std::string title, std::string hint, std::string footer);

/// One A4 page a sheet, vector print, fonts embedded. Errc::invalid_input names the sheet whose
/// payload cannot be coded or whose words do not fit. Reentrant.
Result<Bytes> separator_sheets_pdf(std::span<const SeparatorSheet> sheets);

/// The same sheet as a grey A4 raster. Errors as above.
Result<Pixels> render_separator_sheet(const SeparatorSheet& sheet, int dpi);

}  // namespace mailroom::ocr
