#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mailroom::e2e {

/// One delivered document as its recipient has it.
struct Delivered {
  std::filesystem::path folder;
  nlohmann::json manifest;
  nlohmann::json note;  ///< the transfer note; null when it is not readable there
};

Delivered open_delivery(const std::filesystem::path& folder);

/// Text of one page (from 1) as pdftotext sees it, in the order in which the page says it.
std::string text_of_page(const std::filesystem::path& pdf, int page);

/// Edits needed to turn `read` into `truth`, as a share of the truth; white space folded.
double character_error_rate(const std::string& truth, const std::string& read);

/// What JSON Schema, qpdf, openssl or PDFBox have against the files; empty: nothing.
std::string schema_complaints(const std::string& schema, const std::filesystem::path& file);
std::string qpdf_complaints(const std::filesystem::path& pdf);
std::string signature_complaints(const std::filesystem::path& delivery, const std::filesystem::path& ca);
std::string preflight_complaints(const std::filesystem::path& pdf, const std::filesystem::path& scratch);
bool can_preflight();

/// SHA-256 of each image in the PDF in page order, bytes as they are embedded (pdfimages -all).
std::vector<std::string> embedded_digests(const std::filesystem::path& pdf,
                                          const std::filesystem::path& scratch);

std::string sha256_of(const std::filesystem::path& file);

}  // namespace mailroom::e2e
