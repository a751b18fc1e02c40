#include "tests/faults/office/world.h"

#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>

#include "daemon/crypto/digest.h"
#include "ocr/codec/encode.h"

namespace mailroom::faults {
namespace {

constexpr int kWidth = 160, kHeight = 120;  // pixels

CapturedImage draw(const PaperSide& side) {
  // Noise: its JPEG is too large to travel within a manifest, so that the archive is asked for it.
  const int number = side.stack * 100'000 + side.sheet * 2 + (side.side == Side::back ? 1 : 0);
  std::minstd_rand noise(std::uint32_t(number + 1));
  Bytes pixels(std::size_t(kWidth) * kHeight);
  for (auto& pixel : pixels) pixel = std::uint8_t(noise() >> 8U);
  auto image = ocr::encode_capture({kWidth, kHeight, 150, 1, 8, kWidth, pixels}, 80);
  if (!image) throw std::runtime_error(image.error().message());
  image->sheet = side.sheet;
  image->side = side.side;
  return std::move(*image);
}

std::map<PaperSide, CapturedImage>& pictures() {
  static std::map<PaperSide, CapturedImage> drawn;
  return drawn;
}

/// The digests of the content sides in a transfer note.
std::vector<std::string> content_in(const std::string& note) {
  std::vector<std::string> digests;
  const auto parsed = nlohmann::json::parse(note);
  for (const auto& page : parsed.at("pages")) {
    if (page.at("role") == "content") digests.push_back(page.at("sha256"));
  }
  return digests;
}

std::string name_of_side(const PaperSide& side) {
  return "stack " + std::to_string(side.stack) + " sheet " + std::to_string(side.sheet) +
         (side.side == Side::front ? " front" : " back");
}

void check_recipient(const World& world, const std::string& recipient, std::vector<std::string>& wrong) {
  std::map<std::string, int> copies;
  if (const auto stored = world.notes.find(recipient); stored != world.notes.end()) {
    for (const auto& [id, note] : stored->second) {
      for (const auto& digest : content_in(note)) ++copies[digest];
    }
  }
  for (int stack = 0; stack < int(world.stacks.size()); ++stack) {
    const Stack& paper = world.stacks[std::size_t(stack)];
    const bool expected = (" " + paper.recipients + " ").find(" " + recipient + " ") != std::string::npos;
    for (int sheet = 1; sheet <= paper.sheets; ++sheet) {
      const PaperSide side{stack, sheet, Side::front};
      const int found = copies[picture_of(side).sha256];
      if (found != (expected ? 1 : 0))
        wrong.push_back(recipient + " has " + std::to_string(found) + " copies of " + name_of_side(side));
      copies.erase(picture_of(side).sha256);
    }
  }
  if (!copies.empty()) wrong.push_back(recipient + " has a page that nobody scanned as content");
}

}  // namespace

const CapturedImage& picture_of(const PaperSide& side) {
  const auto found = pictures().find(side);
  return found != pictures().end() ? found->second : pictures().emplace(side, draw(side)).first->second;
}

void make_vicious(const PaperSide& side, const std::string& fault) {
  CapturedImage image = draw(side);
  if (!fault.empty()) {
    const std::string remark = "mailroom-fault:" + fault;
    Bytes segment = {0xFF, 0xFE, 0, std::uint8_t(remark.size() + 2)};  // COM, right after SOI
    segment.insert(segment.end(), remark.begin(), remark.end());
    image.bytes.insert(image.bytes.begin() + 2, segment.begin(), segment.end());
    image.sha256 = sha256_hex(image.bytes);
  }
  pictures().insert_or_assign(side, std::move(image));
}

bool is_blank(const PaperSide& side) {
  return side.side == Side::back;
}

World small_world() {
  World world;
  world.stacks = {{"post", "ecm", 2}, {"invoices", "ecm payment", 1}, {"personnel", "hr", 1}};
  return world;
}

std::vector<std::string> wrong_at_recipients(const World& world) {
  std::vector<std::string> wrong;
  for (const char* recipient : {"ecm", "payment", "hr"}) check_recipient(world, recipient, wrong);
  return wrong;
}

}  // namespace mailroom::faults
