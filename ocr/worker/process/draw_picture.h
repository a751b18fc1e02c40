#pragma once

#include "ocr/worker/client/page_client.h"

namespace mailroom::ocr {

/// The one image of `captured` as a JPEG for a screen. Errc::invalid_input when it holds several.
/// Reentrant.
Result<Bytes> draw_picture(ByteView captured, const PictureRequest& request);

}  // namespace mailroom::ocr
