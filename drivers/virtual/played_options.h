#pragma once

#include <sane/sane.h>

#include <string>
#include <string_view>
#include <vector>

namespace mailroom::drivers::feeder {

/// An option that a backend of another maker has beside those of ours.
struct PlayedOption {
  enum class Kind { yes_no, number, words, text, sensor };
  std::string name;
  Kind kind = Kind::yes_no;
  std::string value = "no";             ///< at first
  std::vector<std::string> words = {};  ///< of Kind::words
  int lowest = 0, highest = 0;          ///< of Kind::number
  int letters = 0;                      ///< of Kind::text
};

/// The option set of a backend, as SANE 1.2.1 names them.
struct PlayedSet {
  std::vector<std::string> sources;
  std::vector<std::string> modes;
  std::vector<PlayedOption> options;
};

/// What `backend` ("fujitsu", "canon_dr", "avision", "epsonds", "kodakaio", "kvs40xx") offers; any other name
/// is our own device. Two more play broken ones: "nothing" offers nothing usable, "nonsense" ranges that
/// cannot be.
PlayedSet options_played_by(std::string_view backend);

/// True for the names that options_played_by() knows.
bool can_play(std::string_view backend);

}  // namespace mailroom::drivers::feeder
