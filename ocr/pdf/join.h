#pragma once

#include <span>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/clock.h"
#include "daemon/base/result.h"

namespace mailroom::ocr {

/// A file that goes with a PDF.
struct EnclosedFile {
  std::string name;
  std::string media_type;
  Bytes bytes;
};

/// The pages of `parts` one after the other, streams as they are, with `files` attached to the document (ISO
/// 32000-1 7.11.4). Parts are PDFs of this house: damage is a bug or bad memory. The same input gives the
/// same bytes. Errc::corrupt. Reentrant.
Result<Bytes> join_pdfs(std::span<const ByteView> parts, std::span<const EnclosedFile> files);

}  // namespace mailroom::ocr
