#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/document/page_report.h"
#include "ocr/codec/decode.h"

// One engine each per source file; not for other rooms.
namespace mailroom::ocr::engines {

/// What one engine saw once.
struct Sighting {
  std::string engine;     ///< "zxing", "zbar", "dmtx"
  std::string symbology;  ///< canonical name, see read_codes.h
  Bytes bytes;            ///< as decoded
  std::string text;       ///< UTF-8
  Box box;                ///< in pixels of the image given to the engine
};
using Sightings = std::vector<Sighting>;

enum class ZxingEffort {
  quick,     ///< the symbologies of mailrooms, upright and at right angles
  thorough,  ///< every symbology, downscaled too
};

/// zxing-cpp on a grey image. Throws what the library throws.
Sightings zxing(const Pixels& grey, ZxingEffort effort);

/// ZBar on a grey image, looking at every `density`-th line; `every_symbology` adds those that
/// see phantoms in text.
Sightings zbar(const Pixels& grey, int density, bool every_symbology);

/// libdmtx (Data Matrix only) on a grey image, for at most `limit`.
Sightings dmtx(const Pixels& grey, std::chrono::milliseconds limit);

std::string zxing_version();
std::string zbar_version();
std::string dmtx_version();

/// `bytes` as text: UTF-8 when they are valid UTF-8, else read as ISO 8859-1.
std::string text_of(ByteView bytes);

/// Codes out of sightings on `page`: same symbology, bytes and place become one; phantoms are
/// dropped, and so are misreadings: what one engine saw of a linear code where two agree on another.
std::vector<Code> merged(const Sightings& sightings, const Pixels& page);

}  // namespace mailroom::ocr::engines
