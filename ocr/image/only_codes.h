#pragma once

#include <vector>

#include "daemon/document/page_report.h"
#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// True when the page carries the given codes (boxes in pixels of `page`) and, beside them, no more
/// than a separator sheet does: the condition for a separator to act. A letter with a label stuck on
/// or with a code printed in its form field is never only codes. False without codes.
///
/// The rule, with everything inside a code's box and a margin of 4 mm around it left out (and what
/// looks like the rest of a code whose box an engine reported too small):
///   1. the rest falls into at most 7 text lines or separate marks: kind, title, three lines, footer;
///   2. at most 100 letters of it are small print (less than 2.6 mm high, as an x-height some 14 pt);
///      a footer has fewer, the shortest letter more;
///   3. all of it together covers at most 3.5 % of the page with ink;
///   4. no connected piece of it is longer than 30 mm, as handwriting and drawings are and letters
///      of 46 pt are not.
/// Dust, punch holes, shadows and folds do not count, as in inspect().
bool only_codes(const Pixels& page, const std::vector<Box>& codes);

}  // namespace mailroom::ocr
