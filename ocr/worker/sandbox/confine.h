#pragma once

#include <cstddef>

#include "daemon/base/result.h"

namespace mailroom::ocr {

/// What a worker sends back.
enum class Answers {
  small,  ///< what fits into a frame
  large   ///< payloads too, in memory files: at most sixteen of them, each below the memory limit
};

/// Shuts the sandbox around this process, for good:
///   - no new privileges, no core dumps (they would hold pages), not traceable;
///   - at most `memory_mib` of address space beyond what is taken now;
///   - Landlock, where the kernel has it: no file can be opened by path at all;
///   - a seccomp filter that names what is allowed: memory, time, reading and writing open descriptors, the
///     one channel. open() and openat() are answered from file_shelf; execve, ptrace and their like end the
///     process; everything else, socket() included, fails with "not permitted".
/// File names' metadata (stat) can still be asked for. Call after the models and fonts are loaded and
/// file_shelf is filled, from the only thread. Errc::unsupported when the kernel has no seccomp: then nothing
/// may be decoded.
///
/// Builds with the address or thread sanitizer go without the memory limit: their shadow memory is terabytes.
Result<void> confine(std::size_t memory_mib, Answers answers = Answers::small);

}  // namespace mailroom::ocr
