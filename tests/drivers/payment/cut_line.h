#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/unique_fd.h"

namespace mailroom::test {

enum class Direction { to_terminal, to_register };

/// How a line ends.
enum class CutKind { close, reset, silence };

/// Once `after` octets have gone in this direction, counted over all connections, the line ends; later
/// connections are whole again.
struct Cut {
  Direction direction = Direction::to_terminal;
  std::size_t after = 0;
  CutKind kind = CutKind::close;
};

/// What went over the line, in order.
struct Chunk {
  int connection = 0;
  Direction direction = Direction::to_terminal;
  Bytes bytes;
};

/// A line between a register and a terminal on loopback that ends where a test wishes. One connection at a
/// time. Thread-safe.
class CutLine {
 public:
  explicit CutLine(int terminal_port, std::vector<Cut> cuts = {}, std::function<void()> on_cut = {});
  ~CutLine();

  [[nodiscard]] std::string place() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<Chunk> chunks() const;
  [[nodiscard]] std::size_t cuts_made() const;
  [[nodiscard]] std::size_t octets(Direction direction) const;

 private:
  struct Pair;
  void serve(const std::stop_token& stop);
  void carry(Pair& pair, const std::stop_token& stop);
  bool pass(Pair& pair, Direction direction);
  void note(Direction direction, ByteView bytes);

  UniqueFd listener_;
  int port_ = 0;
  int terminal_port_;
  std::vector<Cut> cuts_;  // still to be made
  std::function<void()> on_cut_;
  mutable std::mutex mutex_;
  std::vector<Chunk> chunks_;
  std::size_t gone_[2] = {0, 0};
  std::size_t cuts_made_ = 0;
  int connection_ = 0;
  std::jthread thread_;
};

}  // namespace mailroom::test
