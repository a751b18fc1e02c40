#pragma once

#include <vector>

#include "daemon/document/page_report.h"
#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// True when the page carries the given codes (boxes in pixels of `page`) and, beside them, no more
/// than a separator sheet does: the condition for a separator to act. A letter with a label stuck on
/// or with a code printed in its form field is never only codes. False without codes.
///
/// The rule, with everything inside a code's box and a quiet margin of 4 mm around it left out:
///   1. the rest falls into at most 6 text lines or marks of their own (a heading, class, department,
///      kind, caption, a footer);
///   2. at most 2 of those lines are in small print (x-height below 2.2 mm, about 12 pt), which a
///      letter consists of and a sheet does not;
///   3. all of it together covers at most 1.5 % of the page with ink;
///   4. nothing of it looks written by hand: an uneven, sprawling mark higher than 25 mm or a
///      connected stroke longer than 60 mm is content.
bool only_codes(const Pixels& page, const std::vector<Box>& codes);

}  // namespace mailroom::ocr
