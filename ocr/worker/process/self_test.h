#pragma once

#include <optional>

#include "daemon/base/bytes.h"
#include "daemon/base/error.h"

namespace mailroom::ocr {

/// In builds with MAILROOM_FAULTS a file that carries "mailroom-fault:<name>" in its first 256 bytes (a
/// JPEG can do so in a comment) makes the worker do what it must not: hang, crash, exit, memory, garbage, open_file,
/// create_file, socket, exec. The answer says what came of it: refused when it was forbidden, illegal_state
/// when it succeeded. nullopt for every other file, and always in a release.
#ifdef MAILROOM_FAULTS
std::optional<Error> self_test(ByteView file);
#else
inline std::optional<Error> self_test(ByteView) {
  return std::nullopt;
}
#endif

}  // namespace mailroom::ocr
