#include <fontconfig/fontconfig.h>

#include <array>
#include <filesystem>

#include "ocr/render/pdf_pages.h"

namespace mailroom::ocr {
namespace {

constexpr const char* kPopplerData = "/usr/share/poppler";

constexpr std::array kStandardFonts = {
    "Helvetica",   "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique",
    "Times-Roman", "Times-Bold",     "Times-Italic",      "Times-BoldItalic",
    "Courier",     "Courier-Bold",   "Courier-Oblique",   "Courier-BoldOblique",
    "Symbol",      "ZapfDingbats"};

/// A PDF without a cross-reference table, which readers rebuild: one page, a word in each standard font
/// (ISO 32000-1 §9.6.2.2), none embedded, so that each is looked up.
std::string page_of_standard_fonts() {
  std::string fonts;
  std::string drawing = "BT 10 800 Td ";
  for (std::size_t i = 0; i < kStandardFonts.size(); ++i) {
    const std::string name = "/F" + std::to_string(i);
    fonts += name + " <</Type/Font/Subtype/Type1/BaseFont/" + kStandardFonts[i] + ">> ";
    drawing += name + " 12 Tf 0 -20 Td (mailroom) Tj ";
  }
  drawing += "ET";
  return "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
         "2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
         "3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<<" +
         fonts + ">>>>>> endobj\n4 0 obj <</Length " + std::to_string(drawing.size()) + ">> stream\n" +
         drawing + "\nendstream endobj\ntrailer <</Root 1 0 R>>\n";
}

void add_files_below(const std::filesystem::path& folder, std::vector<std::string>& files) {
  std::error_code failed;
  const auto options = std::filesystem::directory_options::skip_permission_denied;
  for (std::filesystem::recursive_directory_iterator at(folder, options, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->is_regular_file(failed)) files.push_back(at->path().string());
  }
}

}  // namespace

bool warm_up_fonts() {
  if (FcInit() == FcFalse) return false;
  // Fontconfig would look for changed files every 30 s, which a shut sandbox forbids.
  FcConfigSetRescanInterval(nullptr, 0);
  const std::string pdf = page_of_standard_fonts();
  const auto pages = PdfPages::open(as_bytes(pdf));
  return pages && pages->page(1, 72).has_value();
}

std::vector<std::string> files_for_drawing() {
  std::vector<std::string> files;
  if (const FcFontSet* fonts = FcConfigGetFonts(nullptr, FcSetSystem)) {
    for (int i = 0; i < fonts->nfont; ++i) {
      FcChar8* file = nullptr;
      if (FcPatternGetString(fonts->fonts[i], FC_FILE, 0, &file) != FcResultMatch) continue;
      files.emplace_back(reinterpret_cast<const char*>(file));
    }
  }
  add_files_below(kPopplerData, files);
  return files;
}

}  // namespace mailroom::ocr
