#pragma once

#include <cstdint>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"

namespace mailroom::card {

/// A right of an authentication terminal, by its bit (BSI TR-03110-4 §2.2.3.2, table 4).
enum class Right : unsigned {
  age_verification = 0,
  community_verification = 1,
  restricted_identification = 2,
  privileged_terminal = 3,
  can_allowed = 4,
  pin_management = 5,
};

enum class CvRole : std::uint8_t { terminal = 0, foreign_verifier = 1, domestic_verifier = 2, authority = 3 };

/// The relative authorisation of an authentication terminal: role and rights in 40 bits. Reentrant.
class Rights {
 public:
  Rights() = default;
  explicit Rights(std::uint64_t bits) : bits_(bits & kAll) {}

  /// Reads the five octets of data object 53.
  static Result<Rights> read(ByteView octets);

  [[nodiscard]] CvRole role() const { return CvRole(bits_ >> 38U & 3U); }
  [[nodiscard]] bool has(Right right) const { return (bits_ >> unsigned(right) & 1U) != 0; }
  /// Reading data group `number`, 1 to 22.
  [[nodiscard]] bool may_read(int number) const { return (bits_ >> group_bit(number) & 1U) != 0; }
  [[nodiscard]] bool contains(const Rights& other) const { return (other.bits_ & ~bits_ & kRights) == 0; }

  void add(Right right) { bits_ |= 1ULL << unsigned(right); }
  void add_group(int number) { bits_ |= 1ULL << group_bit(number); }
  [[nodiscard]] Rights without_role() const { return Rights(bits_ & kRights); }
  [[nodiscard]] Rights and_also(const Rights& other) const { return Rights(bits_ & other.bits_); }
  [[nodiscard]] std::vector<int> groups() const;

  [[nodiscard]] Bytes octets() const;
  /// The certificate holder authorisation template, data object 7F4C.
  [[nodiscard]] Bytes chat() const;
  bool operator==(const Rights&) const = default;

 private:
  static constexpr std::uint64_t kAll = (1ULL << 40U) - 1;
  static constexpr std::uint64_t kRights = (1ULL << 38U) - 1;
  /// Data group 1 is bit 8, 21 is bit 28; 22 came later and is bit 30.
  static unsigned group_bit(int number) { return number == 22 ? 30U : 7U + unsigned(number); }

  std::uint64_t bits_ = 0;
};

/// id-AT, the type of such terminals, as the content of an object identifier.
const Bytes& authentication_terminal();

}  // namespace mailroom::card
