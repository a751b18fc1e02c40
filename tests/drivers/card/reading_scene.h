#pragma once

#include <catch2/catch.hpp>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "drivers/card/eid/read_identity.h"
#include "drivers/card/eid/software_pin.h"
#include "drivers/card/pcsc/pcsc_readers.h"
#include "drivers/virtual/card/vpcd_slot.h"
#include "tests/drivers/card/private_pcscd.h"
#include "tests/drivers/card/test_country.h"

namespace mailroom::test {

/// A pcscd, a country and a reader to put cards into.
struct ReadingScene {
  explicit ReadingScene(const std::string& more_readers = {}) : pcscd(more_readers), readers(card::pcsc_readers()) {}

  /// Says why and gives false where there can be no pcscd of our own.
  [[nodiscard]] bool runs() const {
    if (pcscd.missing()) std::cout << "[skipped] " << *pcscd.missing() << '\n';
    return !pcscd.missing();
  }

  /// A card that lives as long as the slot that it may lie in.
  template <typename Kind, typename... Arguments>
  Kind& keep(Arguments&&... arguments) {
    auto card = std::make_unique<Kind>(std::forward<Arguments>(arguments)...);
    Kind& kept = *card;
    cards_.push_back(std::move(card));
    return kept;
  }

  /// Puts a card of keep() in and waits until pcscd has seen it.
  void insert(card::VirtualCard& one) {
    REQUIRE(slot.insert(one));
    REQUIRE(wait_for(true));
  }
  void remove() {
    slot.remove();
    REQUIRE(wait_for(false));
  }

  bool wait_for(bool present) {
    for (int i = 0; i < 100; ++i) {
      const auto sights = readers->look();
      if (sights && !sights->empty() && sights->front().card == present) return true;
      (void)readers->wait_for_change(std::chrono::milliseconds(100));
    }
    return false;
  }

  card::EidResult<card::IdentityReading> read(const card::Terminal& terminal, const card::ReadOrder& order,
                                              const card::OnStep& on_step = {}) {
    auto held = readers->connect(PrivatePcscd::kFirstReader);
    if (!held) return card::refuse(card::EidFault::no_card, held.error());
    return card::read_identity(**held, terminal, order, country.now, on_step);
  }

  PrivatePcscd pcscd;  // first: it needs a process without threads
  TestCountry country;

 private:
  std::vector<std::unique_ptr<card::VirtualCard>> cards_;  // before the slot, whose thread uses them

 public:
  card::VpcdSlot slot{PrivatePcscd::kFirstSlot};
  std::unique_ptr<card::CardReaders> readers;
};

/// What a reading came to, with its reason: "read", or the fault and the text for the administrator.
inline std::string outcome_of(const card::EidResult<card::IdentityReading>& reading) {
  if (reading) return "read";
  return std::string(card::name_of(reading.error().fault)) + ": " + reading.error().error.message();
}

inline card::IdentityQuestion usual_question() { return {{1, 3, 4, 5, 7, 8, 9, 10, 13, 17}, 18, {}, true}; }

inline card::ReadOrder with_pin(const std::string& pin = "123456") {
  return {usual_question(), {}, card::SoftwarePin::pin(pin)};
}
inline card::ReadOrder with_can(const std::string& can = "222222") {
  return {usual_question(), card::PacePassword::can(can), {}};
}

}  // namespace mailroom::test
