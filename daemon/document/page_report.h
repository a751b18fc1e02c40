#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/base/result.h"

namespace mailroom {

/// A rectangle in pixels of the captured image (not rotated, not deskewed), origin top left.
struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  bool operator==(const Box&) const = default;
};

/// A decoded barcode. Engines that agree on symbology, bytes and place are merged into one.
struct Code {
  std::string symbology;             ///< "QRCode", "Code128", "Code39", "DataMatrix", "EAN13", ...
  std::string text;                  ///< UTF-8
  std::string bytes;                 ///< as decoded, base64
  Box box;
  std::vector<std::string> engines;  ///< who saw it: "zxing", "zbar", "dmtx"
};

/// A recognised word.
struct Word {
  std::string text;         ///< UTF-8, never empty, no white space
  Box box;                  ///< the word's axis-aligned box in the captured image
  double confidence = 0;    ///< 0 to 1
  int line = 0;             ///< running number of its text line on the page, from 0
  int block = 0;            ///< running number of its text block, from 0
};

/// All that the page worker found out about one side. Depends on no engine.
/// Stored as JSON, see docs/formats/page-report.md.
struct PageReport {
  int width = 0;             ///< pixels of the captured image
  int height = 0;
  int dpi = 0;
  bool blank = false;        ///< nothing a person would miss: no print, pencil, stamp, signature
  double ink = 0;            ///< share of the page that carries marks, 0 to 1
  int rotation = 0;          ///< degrees clockwise that bring the captured image upright: 0, 90, 180, 270
  double skew_degrees = 0;   ///< of the upright image; positive: text lines rise to the right
  std::vector<Code> codes;
  std::string patch;         ///< "PATCHT" when the page carries that separator code, else empty
  bool only_codes = false;   ///< besides codes and their captions the page is as good as empty:
                             ///< the condition for a separator to act
  bool recognised = false;   ///< text recognition ran
  std::vector<Word> words;   ///< in reading order
  std::string text;          ///< words in reading order, lines separated by \n, paragraphs by a blank line
  double confidence = 0;     ///< mean of the words' confidences, 0 when there are none
  std::vector<std::string> engines;  ///< what read it, with versions, e.g. "tesseract 5.3.0"
  std::vector<std::string> remarks;  ///< anomalies for the transfer note, e.g. "low_contrast"
  /// Of a received file, which has no pixels: `line` and, when there is one, `invoice`; null of a side.
  nlohmann::json file = nullptr;
};

nlohmann::json to_json(const PageReport& report);
Result<PageReport> page_report_from(const nlohmann::json& json);

/// `box` as seen after turning the page upright: the image of `width` x `height` pixels turned
/// clockwise by `rotation` degrees (0, 90, 180, 270).
Box upright(const Box& box, int width, int height, int rotation);

}  // namespace mailroom
