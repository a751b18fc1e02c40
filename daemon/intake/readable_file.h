#pragma once

#include <nlohmann/json.hpp>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/document/image.h"
#include "daemon/document/page_report.h"

namespace mailroom::intake {

/// Whether the pages of a file are to be read as paper: a PDF or an e-mail without an electronic invoice.
/// `answer`: of the page worker to `invoice`.
bool may_show_an_invoice(ImageFormat format, const nlohmann::json& answer);

/// The report of a received file from what the page worker answered to `invoice`.
PageReport report_of_file(nlohmann::json answer);

/// What the readable form says about where it comes from.
struct FileOrigin {
  std::string id;      ///< UUID of the document, or of the page before there is one
  std::string number;  ///< of the document
  std::string name;    ///< of the file
  std::string sha256;
  std::string received_at;  ///< RFC 3339
};

/// A received file as a PDF/A-2b for people: the invoice in it with all its terms, else that there is none.
/// `file`: PageReport::file, null when it could not be read. The same input gives the same bytes. Everything
/// was decoded by the page worker; what is drawn here is plain text (invoice::plain_words()).
Result<Bytes> readable_pdf(const nlohmann::json& file, const FileOrigin& origin);

/// Its pages as pictures are A4 of this size.
inline constexpr int kReadableDpi = 150;
inline constexpr int kReadableWidth = 1240;
inline constexpr int kReadableHeight = 1754;

}  // namespace mailroom::intake
