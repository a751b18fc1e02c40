#pragma once

#include "daemon/base/result.h"
#include "daemon/document/page_report.h"
#include "ocr/codec/decode.h"
#include "ocr/recognition/recogniser.h"
#include "ocr/worker/client/page_client.h"

namespace mailroom::ocr {

/// All that is to be found out about one page (grey or RGB, give RGB where there is RGB): blank, codes,
/// which way it lies, text, skew. Every page that is not blank is read, separators too: one that turns out to
/// be foreign stays content. A failing engine is an error: a separator that was overlooked would merge two
/// letters. Thread-bound to the recogniser. Boxes are in pixels of `page`.
Result<PageReport> analyse_page(const Pixels& page, const PageRequest& request, Recogniser& recogniser);

}  // namespace mailroom::ocr
