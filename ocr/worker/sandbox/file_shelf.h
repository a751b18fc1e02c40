#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mailroom::ocr {

/// Files that stay readable after the sandbox is shut: opened beforehand, handed out by path afterwards.
/// There is one shelf a process, because a signal handler reads it. Thread-bound until it is full, then read
/// only.
///
/// Why: Poppler opens a font by its path whenever a page wants another one. A seccomp filter cannot
/// judge paths and Landlock is missing on older kernels and in some containers. So the filter turns
/// every open into a signal, and the handler answers it with a copy of a descriptor from the shelf, or with
/// "no permission". It works the same everywhere and lets exactly these files through.
namespace file_shelf {

/// Opens each file that can be opened, read-only; says how many.
std::size_t fill(std::vector<std::string> files);

/// Installs the SIGSYS handler that answers trapped open() and openat() calls from the shelf. Reading only.
void answer_opens();

}  // namespace file_shelf
}  // namespace mailroom::ocr
