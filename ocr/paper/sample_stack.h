#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/document/image.h"
#include "daemon/document/terms.h"

namespace mailroom::ocr {

/// A class or department as the routing sheets and the truth name it.
struct SampleTarget {
  std::string id;    ///< "letter", "buergerbuero"
  std::string code;  ///< "LET", "3300"
  std::string name;  ///< what is printed
};

/// What the stack is drawn for. Routing payloads come from the caller, because only the appliance's
/// key can make them.
struct SampleStackRequest {
  std::filesystem::path folder;  ///< page images, nothing else; made when missing, must be empty
  std::filesystem::path truth;   ///< the JSON file to write; not inside `folder`

  SampleTarget letter;  ///< classes
  SampleTarget invoice;
  SampleTarget personnel;
  SampleTarget first_department;      ///< gets letters
  SampleTarget second_department;     ///< gets letters, one of them urgent
  SampleTarget finance_department;    ///< gets the invoice
  SampleTarget personnel_department;  ///< gets the personnel letter

  /// The payload of a routing sheet: kind ("batch", "class", "document", "urgent"), class code, department
  /// code; codes are empty where the kind carries none.
  std::function<std::string(std::string_view kind, std::string_view class_code,
                            std::string_view department_code)>
      payload;
  std::string today = "2026-11-15";  ///< ISO; the invoice is written five days before
  std::string invoice_number = "2026-1187";
  int jpeg_quality = 85;
};

/// One image file of the stack.
struct SampleSide {
  std::string file;
  int sheet = 0;  ///< 1-based
  Side side = Side::front;
  PageRole role = PageRole::content;
  int document = -1;        ///< index into SampleStack::documents, -1 for separators and blanks
  int rotation = 0;         ///< degrees clockwise that bring it upright, as in PageReport
  double skew_degrees = 0;  ///< as in PageReport
};

/// One document that must come out.
struct SampleDocument {
  std::string document_class;
  std::string department;
  Priority priority = Priority::ordinary;
  std::vector<std::string> pages;  ///< exact text of each content page, lines separated by \n
};

/// What must come out of the stack.
struct SampleStack {
  std::vector<SampleSide> sides;  ///< in feeding order, front before back
  std::vector<SampleDocument> documents;
};

/// Draws the sample stack: a duplex stack of a morning's post with routing sheets, a PATCHT sheet,
/// blank backs with show-through, one page upside down, one askew. A4, grey, 300 dpi, JPEG. The same
/// request and the same fonts give the same bytes. All persons are invented.
Result<SampleStack> draw_sample_stack(const SampleStackRequest& request);

}  // namespace mailroom::ocr
