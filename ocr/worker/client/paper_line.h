#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "ocr/worker/client/page_client.h"

namespace mailroom::ocr {

/// The line of `mailroomctl invoice` about an image of paper (docs/formats/invoice-line.md). Has the
/// pages recognised by `worker`. Empty when no page could be read or carries words. `decision` is always
/// `clarify`: who the creditor is only the daemon knows.
std::optional<nlohmann::json> paper_line(PageWorker& worker, ByteView file);

}  // namespace mailroom::ocr
