#pragma once

#include "daemon/archive/pages.h"
#include "daemon/base/bytes.h"
#include "daemon/intake/spool.h"
#include "daemon/station/pictures.h"

namespace mailroom::station {

/// The parts of a received file that people look at, counted from 1: the pages of its readable form and then
/// its own, those of a PDF or of the PDFs in an e-mail. Without an electronic invoice its own are all there
/// is; where nobody can draw them the readable form is. Its bytes are decoded behind the shut sandbox of
/// `pictures`. Thread-safe.
class FileParts {
 public:
  FileParts(Pictures& pictures, const intake::Spool& spool) : pictures_(pictures), spool_(spool) {}

  /// At least 1. Errors as of part().
  Result<int> count(const archive::Page& page);

  /// As a JPEG of at most `longest` pixels a side. Errc::not_found when there is no such part.
  Result<Bytes> part(const archive::Page& page, int number, int longest);

 private:
  struct Parts {
    Bytes readable, own;  ///< PDFs
    int readable_pages = 0, own_pages = 0;
  };
  Result<Bytes> own_bytes(const archive::Page& page) const;
  Result<Parts> parts_of(const archive::Page& page);

  Pictures& pictures_;
  const intake::Spool& spool_;
};

}  // namespace mailroom::station
