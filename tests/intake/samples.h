#pragma once

#include <cstdint>

#include "daemon/config/configuration.h"
#include "daemon/crypto/identity.h"
#include "ocr/codec/encode.h"
#include "tests/support/identities.h"
#include "tests/support/places.h"

namespace mailroom::test {

inline const Configuration& shipped() {
  static const auto configuration = load_configuration(source_path("config"));
  return configuration.value();
}

/// No class is read as an invoice: the pages of these tests have no words.
inline Configuration without_invoices(Configuration configuration) {
  for (auto& [id, document_class] : configuration.classes) document_class.reading = Reading::none;
  return configuration;
}

inline const Identity& appliance() {
  static const auto identity = read_identity(identities(), "appliance");
  return identity.value();
}

/// A small captured side, evenly grey; another `shade` is another image.
inline CapturedImage captured(int sheet, Side side, int shade) {
  const Bytes pixels(std::size_t(160) * 200, std::uint8_t(shade));
  auto image = ocr::encode_capture({160, 200, 300, 1, 8, 160, pixels}, 80).value();
  image.sheet = sheet;
  image.side = side;
  return image;
}

}  // namespace mailroom::test
