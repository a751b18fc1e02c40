#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mailroom {

/// What kind of thing went wrong. The name is what scripts and screens switch on; never renumber
/// or rename a value, `docs/errors.md` lists each with its meaning and remedy.
enum class Errc {
  invalid_input,    ///< the bytes or words given are not what the contract asks for
  unsupported,      ///< understood, but not offered by this device, file or build
  not_found,        ///< no such device, file, batch, document
  busy,             ///< held by somebody else; trying later may work
  timed_out,        ///< no progress within the limit
  disk_full,        ///< no room (also SQLite full)
  io,               ///< the operating system reported an I/O error
  corrupt,          ///< stored data does not match its digest or its format page
  conflict,         ///< the version or id given is not the current one
  illegal_state,    ///< a step that the present state does not allow
  refused,          ///< not permitted: signature, certificate, rights, limits
  crashed,          ///< a helper process died
  cancelled,        ///< stopped by a person or by shutdown
  paper_jam,        ///< scanner: jam
  double_feed,      ///< scanner: more than one sheet was pulled
  cover_open,       ///< scanner: cover open
  feeder_empty,     ///< scanner: no paper where paper was expected
  device_lost,      ///< scanner or reader no longer answers
  unreachable,      ///< broker or peer cannot be reached
};

/// The stable name of `code`, as used in JSON and logs ("paper_jam").
std::string_view name_of(Errc code);

/// Reads what name_of() writes; nullopt for any other word.
std::optional<Errc> errc_from(std::string_view name);

/// Where it happened; every part that is known is filled in, the rest stays empty.
struct Place {
  std::string device;
  std::string batch;
  std::string page;  ///< "17 front" style, or a page id
  std::string file;
  std::optional<unsigned long long> line;    ///< 1-based, for text files
  std::optional<unsigned long long> offset;  ///< bytes, for binary files

  static Place in_file(std::string path) { return with(&Place::file, std::move(path)); }
  static Place on_device(std::string name) { return with(&Place::device, std::move(name)); }
  static Place in_batch(std::string id) { return with(&Place::batch, std::move(id)); }

 private:
  static Place with(std::string Place::*part, std::string value) {
    Place place;
    place.*part = std::move(value);
    return place;
  }
};

/// An expected failure of the world. Carries what happened, where, and what to do about it, in
/// words that an operator understands. Never holds personal data or secrets.
struct Error {
  Errc code = Errc::io;
  std::string what;
  Place place = {};
  std::string remedy = {};

  /// One line: "what (device d, batch b, page p, file f:12) - remedy".
  [[nodiscard]] std::string message() const;
};

}  // namespace mailroom
