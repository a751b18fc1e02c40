#pragma once

#include <vector>

#include "ocr/paper/letter_page.h"

namespace mailroom::ocr {

/// The letters of the sample stack, each as its pages. Every person, street and number is invented.
std::vector<LetterPage> parking_letter();      ///< three pages to the first department
std::vector<LetterPage> certificate_letter();  ///< two pages to the first department
std::vector<LetterPage> noise_letter();        ///< one page to the second department
std::vector<LetterPage> danger_letter();       ///< two pages to the second department, urgent
/// One page, written five days before `today` (ISO).
std::vector<LetterPage> invoice(const std::string& today, const std::string& number);
std::vector<LetterPage> personnel_letter();  ///< two pages

}  // namespace mailroom::ocr
