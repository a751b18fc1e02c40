#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/document/image.h"
#include "ocr/pdf/pdf_writer.h"

namespace mailroom::ocr::pdf_test {

/// A captured side with bars of ink where its words are, and the report a page worker would write.
struct BarPage {
  CapturedImage image;
  PageReport report;
};

/// Bars in place of `lines` of words on a page of 620 by 877 pixels at 75 dpi, captured so that it
/// must be turned clockwise by `rotation` and its lines rise by `skew` degrees.
BarPage bar_page(const std::vector<std::vector<std::string>>& lines, int rotation, double skew,
                 int channels = 1, int bits = 8);

PdfPage pdf_page(const BarPage& page);
PdfMetadata metadata();

/// Runs a program of the system and returns its output; throws when it fails.
std::string run(const std::string& command);

/// Writes `bytes` below `folder`; returns the quoted path.
std::string saved(const std::filesystem::path& folder, const std::string& name, ByteView bytes);

/// `pdftotext` of a PDF, form feeds left out.
std::string text_of(const std::filesystem::path& folder, ByteView pdf, const std::string& options = "");

}  // namespace mailroom::ocr::pdf_test
