#include "drivers/card/process/card_watch.h"

#include <algorithm>
#include <optional>

#include "drivers/card/card_reader.h"
#include "drivers/card/pcsc/pcsc_readers.h"

namespace mailroom::card {
namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 250ms;  // bounds how long the end of the process takes

}  // namespace

CardSight sight_of(const std::string& reader, const Result<std::vector<ReaderSight>>& sights) {
  CardSight sight{reader};
  if (!sights) return sight;
  const auto found = std::find_if(sights->begin(), sights->end(), [&](const ReaderSight& one) { return one.name == reader; });
  if (found == sights->end()) return sight;
  sight.connected = true;
  sight.card = found->card;
  sight.atr = to_hex(found->atr);
  return sight;
}

CardWatch::CardWatch(std::string reader, std::function<void(const CardSight&)> tell)
    : reader_(std::move(reader)), tell_(std::move(tell)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void CardWatch::run(const std::stop_token& stop) const {
  const auto readers = pcsc_readers();
  std::optional<CardSight> told;
  while (!stop.stop_requested()) {
    const CardSight sight = sight_of(reader_, readers->look());
    if (sight != told) tell_(sight);
    told = sight;
    const auto changed = readers->wait_for_change(kPatience);
    if (!changed) std::this_thread::sleep_for(kPatience);  // no pcscd: ask again later
  }
}

}  // namespace mailroom::card
