#include "daemon/delivery/recipient/block_fetch.h"

#include <algorithm>
#include <charconv>

#include "daemon/crypto/digest.h"

namespace mailroom::delivery {
namespace {

std::string property_of(const MqttMessage& message, std::string_view name) {
  for (const auto& [key, value] : message.user_properties) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

BlockFetch::BlockFetch(std::string id, const ManifestContent& content)
    : id_(std::move(id)),
      sha256_(content.sha256),
      size_(content.size),
      blocks_((content.size + kBlockBytes - 1) / kBlockBytes) {}

Result<void> BlockFetch::take(const MqttMessage& message) {
  if (property_of(message, "id") != id_ || property_of(message, "content") != sha256_) return {};
  if (const auto error = property_of(message, "error"); !error.empty()) {
    return fail(Errc::refused, "the mailroom does not hand out a content: " + error);
  }
  const auto number = property_of(message, "block");
  std::uint64_t block = 0;
  const auto [end, bad] = std::from_chars(number.data(), number.data() + number.size(), block);
  if (bad != std::errc() || end != number.data() + number.size() || block >= blocks_) return {};
  const auto expected = std::min<std::uint64_t>(kBlockBytes, size_ - block * kBlockBytes);
  const bool whole =
      message.payload.size() == expected && sha256_hex(message.payload) == property_of(message, "sha256");
  if (whole) received_.try_emplace(block, message.payload);
  return {};
}

BlockRequest BlockFetch::next_request() const {
  BlockRequest request{id_, sha256_, 0, 0};
  while (received_.contains(request.block)) ++request.block;
  while (request.count < kBlocksInFlight && request.block + std::uint64_t(request.count) < blocks_ &&
         !received_.contains(request.block + std::uint64_t(request.count))) {
    ++request.count;
  }
  return request;
}

bool BlockFetch::has(const BlockRequest& request) const {
  for (int i = 0; i < request.count; ++i) {
    if (!received_.contains(request.block + std::uint64_t(i))) return false;
  }
  return true;
}

Result<Bytes> BlockFetch::bytes() {
  Bytes all;
  all.reserve(size_);
  for (const auto& [number, block] : received_) all.insert(all.end(), block.begin(), block.end());
  received_.clear();
  if (sha256_hex(all) != sha256_) return fail(Errc::corrupt, "the fetched content does not have its digest");
  return all;
}

}  // namespace mailroom::delivery
