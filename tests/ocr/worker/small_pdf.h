#pragma once

#include <string>

namespace mailroom::test {

/// A PDF of `pages` A5 pages that say `text` in large Helvetica, which is not embedded. Without a
/// cross-reference table, which readers rebuild.
inline std::string small_pdf(const std::string& text, int pages = 1) {
  const std::string drawing = "BT /F 28 Tf 30 450 Td (" + text + ") Tj 0 -60 Td (" + text + ") Tj ET";
  std::string kids;
  std::string objects;
  for (int i = 0; i < pages; ++i) {
    const std::string number = std::to_string(10 + i);
    kids += number + " 0 R ";
    objects += number +
               " 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 3 0 R"
               "/Resources<</Font<</F 4 0 R>>>>>> endobj\n";
  }
  return "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[" + kids +
         "]/Count " + std::to_string(pages) + ">> endobj\n3 0 obj <</Length " +
         std::to_string(drawing.size()) + ">> stream\n" + drawing +
         "\nendstream endobj\n4 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n" + objects +
         "trailer <</Root 1 0 R>>\n";
}

/// A grey PNM image, all white but for one black dot.
inline std::string small_image(int side) {
  std::string image = "P5\n" + std::to_string(side) + " " + std::to_string(side) + "\n255\n";
  image.append(std::size_t(side) * std::size_t(side), '\xff');
  image.back() = '\0';
  return image;
}

}  // namespace mailroom::test
