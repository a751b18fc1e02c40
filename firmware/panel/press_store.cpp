#include "firmware/panel/press_store.h"

#include <cstddef>
#include <type_traits>

#include "firmware/protocol/crc.h"

namespace mailroom::panel {
namespace {
constexpr std::uint32_t kMark = 0x50414E31;  // "PAN1": a later layout takes another one
}

static_assert(std::is_trivially_default_constructible_v<PressStore>);
static_assert(std::is_standard_layout_v<PressStore>);

std::uint32_t PressStore::sum() const {
  return crc32({reinterpret_cast<const std::uint8_t*>(this), offsetof(PressStore, sum_)});
}

void PressStore::begin_empty() {
  const std::uint32_t noise = sum();  // what the memory holds after power came differs a little each time
  auto* bytes = reinterpret_cast<std::uint8_t*>(this);
  for (std::size_t i = 0; i < sizeof(PressStore); ++i) bytes[i] = 0;
  mark_ = kMark;
  next_ = 1;
  boots_ = noise & 0xFFFF0000U;  // room to count up
}

void PressStore::wake() {
  const bool sensible = mark_ == kMark && count_ <= kRoom && sum_ == sum();
  if (!sensible) begin_empty();
  // The clock begins at zero again; unsigned arithmetic keeps the ages right.
  for (std::size_t i = 0; i < count_; ++i) kept_[i].pressed_at -= last_seen_;
  last_seen_ = 0;
  ++boots_;
  sum_ = sum();
}

void PressStore::adopt(std::uint32_t memory) {
  memory_ = memory;
  next_ = 1;
  count_ = 0;
  sum_ = sum();
}

bool PressStore::add(Key key, Action action, std::uint32_t context, std::uint32_t now) {
  if (count_ == kRoom || memory_ == 0) return false;
  kept_[count_] = {next_, context, now, std::uint8_t(key), std::uint8_t(action)};
  ++count_;
  ++next_;
  sum_ = sum();
  return true;
}

Press PressStore::oldest(std::uint32_t now) const {
  const Kept& kept = kept_[0];
  return {memory_,      kept.number,          static_cast<Key>(kept.key), static_cast<Action>(kept.action),
          kept.context, now - kept.pressed_at};
}

void PressStore::forget(std::uint32_t memory, std::uint32_t number) {
  if (count_ == 0 || memory != memory_ || number != kept_[0].number) return;
  for (std::size_t i = 1; i < count_; ++i) kept_[i - 1] = kept_[i];
  --count_;
  sum_ = sum();
}

}  // namespace mailroom::panel
