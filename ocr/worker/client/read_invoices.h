#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

#include "ocr/worker/client/page_client.h"

namespace mailroom::ocr {

/// Reads and checks the electronic invoices in files of any kind without a daemon (`mailroomctl invoice`).
/// Writes one JSON line a file (docs/formats/invoice-line.md), in the order given. A file that cannot be
/// read, that kills its worker or takes too long gets a line with a finding. Returns 0, or 1 when no worker
/// can be started.
int read_invoices(const std::vector<std::filesystem::path>& files, std::ostream& out,
                  PageWorkerOptions options);

}  // namespace mailroom::ocr
