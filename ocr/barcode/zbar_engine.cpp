#include <zbar.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "ocr/barcode/engines.h"

namespace mailroom::ocr::engines {
namespace {

using ScannerPtr = std::unique_ptr<zbar::zbar_image_scanner_t, decltype(&zbar::zbar_image_scanner_destroy)>;
using ImagePtr = std::unique_ptr<zbar::zbar_image_t, decltype(&zbar::zbar_image_destroy)>;

struct Symbology {
  zbar::zbar_symbol_type_t type;
  const char* name;
  bool sees_phantoms;
};

/// EAN-2 and EAN-5 are not among them: they are add-ons and turn up in any ruled paper.
constexpr std::array kSymbologies = {
    Symbology{zbar::ZBAR_QRCODE, "QRCode", false},
    Symbology{zbar::ZBAR_CODE128, "Code128", false},
    Symbology{zbar::ZBAR_CODE39, "Code39", false},
    Symbology{zbar::ZBAR_EAN13, "EAN13", false},
    Symbology{zbar::ZBAR_CODE93, "Code93", true},
    Symbology{zbar::ZBAR_EAN8, "EAN8", true},
    Symbology{zbar::ZBAR_UPCE, "UPCE", true},
    Symbology{zbar::ZBAR_CODABAR, "Codabar", true},
    Symbology{zbar::ZBAR_I25, "ITF", true},
    Symbology{zbar::ZBAR_DATABAR, "DataBar", true},
    Symbology{zbar::ZBAR_DATABAR_EXP, "DataBarExpanded", true},
};

ScannerPtr scanner_for(int density, bool every_symbology) {
  ScannerPtr scanner(zbar::zbar_image_scanner_create(), zbar::zbar_image_scanner_destroy);
  if (!scanner) throw std::bad_alloc();
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
  for (const auto& symbology : kSymbologies)
    if (every_symbology || !symbology.sees_phantoms)
      zbar::zbar_image_scanner_set_config(scanner.get(), symbology.type, zbar::ZBAR_CFG_ENABLE, 1);
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_X_DENSITY, density);
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_Y_DENSITY, density);
  // Without it ZBar guesses a character set and turns umlauts into Chinese.
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_BINARY, 1);
  return scanner;
}

Box box_of(const zbar::zbar_symbol_t* symbol, const Pixels& image) {
  int left = image.width - 1;
  int top = image.height - 1;
  int right = 0;
  int bottom = 0;
  for (unsigned i = 0; i < zbar::zbar_symbol_get_loc_size(symbol); ++i) {
    left = std::min(left, zbar::zbar_symbol_get_loc_x(symbol, i));
    right = std::max(right, zbar::zbar_symbol_get_loc_x(symbol, i));
    top = std::min(top, zbar::zbar_symbol_get_loc_y(symbol, i));
    bottom = std::max(bottom, zbar::zbar_symbol_get_loc_y(symbol, i));
  }
  left = std::clamp(left, 0, image.width - 1);
  top = std::clamp(top, 0, image.height - 1);
  right = std::clamp(right, left, image.width - 1);
  bottom = std::clamp(bottom, top, image.height - 1);
  return {left, top, right - left + 1, bottom - top + 1};
}

const char* name_of(zbar::zbar_symbol_type_t type) {
  for (const auto& symbology : kSymbologies)
    if (symbology.type == type) return symbology.name;
  return nullptr;
}

}  // namespace

Sightings zbar(const Pixels& grey, int density, bool every_symbology) {
  const ScannerPtr scanner = scanner_for(density, every_symbology);
  const ImagePtr image(zbar::zbar_image_create(), zbar::zbar_image_destroy);
  if (!image) throw std::bad_alloc();
  constexpr unsigned long kGrey = 0x30303859;  // "Y800"
  zbar::zbar_image_set_format(image.get(), kGrey);
  zbar::zbar_image_set_size(image.get(), static_cast<unsigned>(grey.width),
                            static_cast<unsigned>(grey.height));
  zbar::zbar_image_set_data(image.get(), grey.data.data(), grey.data.size(), nullptr);
  zbar::zbar_scan_image(scanner.get(), image.get());
  Sightings sightings;
  for (const auto* symbol = zbar::zbar_image_first_symbol(image.get()); symbol != nullptr;
       symbol = zbar::zbar_symbol_next(symbol)) {
    const char* name = name_of(zbar::zbar_symbol_get_type(symbol));
    if (name == nullptr) continue;
    const char* data = zbar::zbar_symbol_get_data(symbol);
    Bytes bytes(data, data + zbar::zbar_symbol_get_data_length(symbol));
    std::string text = text_of(bytes);
    sightings.push_back({"zbar", name, std::move(bytes), std::move(text), box_of(symbol, grey)});
  }
  return sightings;
}

std::string zbar_version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned patch = 0;
  ::zbar::zbar_version(&major, &minor, &patch);
  return "zbar " + std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

}  // namespace mailroom::ocr::engines
