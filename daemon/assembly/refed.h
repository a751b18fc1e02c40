#pragma once

#include <string>
#include <vector>

#include "daemon/assembly/page_reading.h"

namespace mailroom::assembly {

/// Two captured sides that should be compared; `page` was fed later.
struct PagePair {
  std::string page;
  std::string other;
  bool operator==(const PagePair&) const = default;
};

/// The pictures that must be compared before it can be said which sheets of a resumed feed went in before.
/// Asked again after each answer: what is known decides what else matters. Empty: assemble() has all it
/// needs. Pure, reentrant.
std::vector<PagePair> pairs_to_compare(const BatchFacts& batch, const std::vector<PageFacts>& pages);

/// Finds the sheets that were safe and went in again after a fault and sets them aside: their sides become
/// copies, their separators do not act, and they do not count (SheetReading::refed).
///
/// After a fault the operator puts back a few sheets too many: the resumed feed begins with the last sheets
/// in their order. Such a run is set aside without a question only when (1) every sheet of it pictures the
/// sheet of the run before, (2) one of them pictures no other sheet as well, and (3) something that knows
/// nothing of pictures agrees: the declared number or the count sheet closes exactly without the run, or the
/// operator said from which sheet it lay on top. Two letters of the same print meet (1) and not (3).
/// Everything else that looks like a sheet before is asked about; what is asked about stays content. Where
/// the number closes with it as further paper, a picture that differs in a place is another paper and no
/// question.
void find_refed(const BatchFacts& batch, std::vector<SheetReading>& sheets, Findings& findings);

}  // namespace mailroom::assembly
