#pragma once

#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/archive/pages.h"
#include "daemon/base/bytes.h"
#include "daemon/intake/spool.h"

namespace mailroom::station {

struct Picture {
  Bytes bytes;
  std::string type;  ///< media type
};

/// Captured sides as a browser can show them, turned upright. They are made from the captured bytes,
/// which mailroom-scan encoded and whose digest is proven on each reading; they are never changed.
/// Thumbnails are kept in memory. Thread-safe.
class Pictures {
 public:
  explicit Pictures(const intake::Spool& spool) : spool_(spool) {}

  /// JPEG of at most 256 pixels a side.
  Result<Picture> thumbnail(const archive::Page& page, int rotation);

  /// Full resolution; the captured bytes themselves when they are a JPEG that stands upright.
  Result<Picture> full(const archive::Page& page, int rotation) const;

 private:
  Result<Bytes> captured(const archive::Page& page) const;

  const intake::Spool& spool_;
  std::mutex mutex_;
  std::list<std::pair<std::string, Picture>> kept_;  // latest first
  std::map<std::string, std::list<std::pair<std::string, Picture>>::iterator> places_;
};

}  // namespace mailroom::station
