#pragma once

#include <string_view>

namespace mailroom {

/// Marks a place where a power cut or kill -9 must be survivable. In builds with
/// MAILROOM_FAULTS the process ends itself there with SIGKILL when the environment variable
/// MAILROOM_KILL_AT is "name" or "name:n" (the n-th time, from 1), or a list of such with commas. With
/// MAILROOM_KILL_ONCE=FILE only one process ever ends, the one that creates the file: helpers that
/// inherit the environment are started again. In other builds it costs nothing.
/// The names are listed in docs/invariants.md. Thread-safe.
#ifdef MAILROOM_FAULTS
void kill_point(std::string_view name);
#else
inline void kill_point(std::string_view) {}
#endif

}  // namespace mailroom
