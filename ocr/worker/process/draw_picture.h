#pragma once

#include "ocr/worker/client/page_client.h"

namespace mailroom::ocr {

/// The one image of `captured` as a JPEG for a screen. Errc::invalid_input when it holds several. Reentrant.
Result<DrawnPage> draw_side(ByteView captured, const PictureRequest& request);

/// The page of a foreign PDF that `request` names. Errc::not_found when it has no such page. Reentrant.
Result<DrawnPage> draw_pdf_page(ByteView pdf, const PictureRequest& request);

}  // namespace mailroom::ocr
