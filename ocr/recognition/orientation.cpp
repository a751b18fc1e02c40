#include "ocr/recognition/orientation.h"

namespace mailroom::ocr {
namespace {

constexpr int kVotingDpi = 150;      // what Leptonica's patterns are made for
constexpr float kClearVote = 5.0F;   // standard deviations between the two ways
constexpr float kClearRatio = 2.0F;  // of the vote along the lines to that across them

PixPtr at_voting_size(PIX* page, int dpi) {
  const float factor = float(kVotingDpi) / float(dpi);
  if (factor > 0.95F && factor < 1.05F) return PixPtr(pixClone(page));
  return PixPtr(factor <= 0.5F ? pixReduceRankBinaryCascade(page, 2, 0, 0, 0)
                               : pixScaleBinary(page, factor, factor));
}

}  // namespace

std::optional<int> rotation_by_ascenders(PIX* page, int dpi) {
  const PixPtr small = at_voting_size(page, dpi);
  float up = 0;
  float left = 0;
  if (!small || pixOrientDetect(small.get(), &up, &left, 0, 0) != 0) return std::nullopt;
  const float upright = std::abs(up);
  const float sideways = std::abs(left);
  if (upright > kClearVote && upright > kClearRatio * sideways) return up > 0 ? 0 : 180;
  if (sideways > kClearVote && sideways > kClearRatio * upright) return left > 0 ? 90 : 270;
  return std::nullopt;
}

}  // namespace mailroom::ocr
