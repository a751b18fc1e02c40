#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

namespace mailroom::web {

/// Text that goes to one client as it comes up. A client that reads slower than text is made is cut
/// off; it comes back and asks for what it missed. Thread-safe.
class EventStream {
 public:
  explicit EventStream(std::size_t limit = 1024 * 1024) : limit_(limit) {}

  void send(const std::string& text);  ///< never waits
  void close();
  [[nodiscard]] bool closed() const;

  /// For the server: what has come up since; `wake` is called once when there is more or the end.
  std::string take();
  void wake_with(std::function<void()> wake);

 private:
  mutable std::mutex mutex_;
  std::size_t limit_;
  std::string waiting_;
  bool closed_ = false;
  std::function<void()> wake_;
};

}  // namespace mailroom::web
