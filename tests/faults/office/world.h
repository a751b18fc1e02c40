#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/document/image.h"

namespace mailroom::faults {

/// A stack of paper that somebody feeds under one profile, both sides of each sheet.
struct Stack {
  std::string profile;
  std::string recipients;  ///< who must have its one document in the end, separated by a space
  int sheets = 1;
  std::string batch = {};  ///< id, once the operator has heard of it
};

/// One side as the scanner has it.
struct PaperSide {
  int stack = 0;
  int sheet = 0;
  Side side = Side::front;
  auto operator<=>(const PaperSide&) const = default;
};

/// The picture of a side: tiny, and different for every side of every stack. A back is blank.
const CapturedImage& picture_of(const PaperSide& side);

/// From now on that side's picture makes the page worker misbehave: "crash", "hang", "memory", ... (see
/// ocr/worker/process/self_test.h). It is a JPEG with a remark. Empty: a good one again.
void make_vicious(const PaperSide& side, const std::string& fault);
bool is_blank(const PaperSide& side);

/// What is outside the machine and remembers when the machine dies: paper, people, recipients.
struct World {
  std::vector<Stack> stacks;
  std::set<PaperSide> credited;  ///< the scanner was told that it is safe
  std::map<std::string, std::map<std::string, std::string>> manifests;  ///< received, by recipient and id
  std::map<std::string, std::map<std::string, std::string>> notes;      ///< stored: the transfer note by id
  std::set<std::string> acknowledged;  ///< ids whose receipt the broker was told is taken
};

/// Three stacks that take all ways: two sheets to one recipient, one sheet to two, one encrypted.
World small_world();

/// What is wrong with what the recipients have once everything is through: every content side of every
/// stack once at each of its recipients, nothing else.
std::vector<std::string> wrong_at_recipients(const World& world);

}  // namespace mailroom::faults
