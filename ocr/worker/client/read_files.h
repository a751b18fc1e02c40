#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

#include "ocr/worker/client/page_client.h"

namespace mailroom::ocr {

struct ReadOptions {
  PageWorkerOptions worker;  ///< `program` must be set
  /// Thoroughness before speed: every engine on every page.
  PageRequest request{.recognise = true, .patch_t = true, .routing_sheets = true, .full_search = true};
  int workers = 2;  ///< worker processes side by side
};

/// Reads image and PDF files without a daemon (`mailroomctl read`). Writes one JSON line a page,
/// files in the order given whatever the order of their reading:
///   {"file","page","width","height","dpi","blank","rotation","skew_degrees",
///    "barcodes":[{"symbology","text","bytes","box":[x,y,w,h],"engines":[...]}],"patch","text"}
/// and for what cannot be read {"file","error":{"code","text"}}, with "page" when one page alone is
/// meant. Goes on with the next page or file after an error. Returns 0, or 1 when there was any error.
int read_files(const std::vector<std::filesystem::path>& files, std::ostream& out,
               const ReadOptions& options);

}  // namespace mailroom::ocr
