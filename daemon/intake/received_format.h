#pragma once

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/document/image.h"

namespace mailroom::intake {

/// What kind of file `bytes` are, by their beginning: XML, PDF or e-mail; else Errc::refused. Nothing is
/// decoded here.
Result<ImageFormat> received_format(ByteView bytes);

/// Whether a file of that kind has its end: the last tag of XML, the mark of a PDF. An e-mail has none.
bool seems_whole(ImageFormat format, ByteView bytes);

}  // namespace mailroom::intake
