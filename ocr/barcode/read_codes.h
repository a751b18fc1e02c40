#pragma once

#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/document/page_report.h"
#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// How hard to look.
enum class Depth {
  coarse,  ///< every page: about 0.1 s for A4 at 300 dpi; misses tilted, tiny and damaged codes
  full,    ///< on suspicion: every engine, every symbology, tilted and rescaled too; 1 to 2 s
};

/// All codes on a page, read by several engines. Engines that agree on symbology, bytes and place
/// are merged into one Code that names them all. Short codes without a check of their own, which
/// engines tend to see in text and ruled lines, are dropped unless two engines agree.
///
/// `symbology` is one of Aztec, Codabar, Code39, Code93, Code128, DataBar, DataBarExpanded,
/// DataMatrix, EAN8, EAN13, ITF, MaxiCode, MicroQRCode, PDF417, QRCode, UPCE
/// (a UPC-A is an EAN13 with a leading zero). `bytes` is the content as decoded, before any guess of
/// a character set; `text` is the same as UTF-8.
/// RGB is made grey first. Sorted from top to bottom. Errc::crashed names the engine that failed.
///
/// Reentrant, but foreign engines may abort: call it only in a process that may die.
Result<std::vector<Code>> read_codes(const Pixels& page, Depth depth);

/// Whether a coarse search that found `found` should be followed by a full one: something on the
/// page looks like a code but was not read; or a one-dimensional code was seen by one engine only
/// without a check digit of its own; or `separators_expected` by the profile and something flat on the
/// page is long enough for a separator's code.
bool calls_for_full_search(const Pixels& page, const std::vector<Code>& found, bool separators_expected);

/// What a page carries in codes.
struct PageCodes {
  std::vector<Code> codes;
  std::string patch;  ///< see patch_in()
  bool searched_fully = false;
};

/// The search as a page needs it: coarse first, full when calls_for_full_search().
Result<PageCodes> read_page_codes(const Pixels& page, bool separators_expected);

/// Names and versions of the engines, "zxing 1.4.0": part of the proof of how a page was read.
std::vector<std::string> engine_versions();

/// "PATCHT" when one of `codes` is a linear code whose text is exactly that (the separator sheet of
/// common archiving programs, Code 39 or Code 128), else empty.
std::string patch_in(const std::vector<Code>& codes);

}  // namespace mailroom::ocr
