#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "drivers/card/messages/messages.h"

namespace mailroom::card {

struct CardOptions {
  std::vector<std::string> arguments = {};  ///< --reader, --terminal, --badge-module
  std::chrono::milliseconds step_limit{15'000};    ///< silence that ends the process, but for the keypad
  std::chrono::milliseconds keypad_limit{90'000};  ///< the same while a holder may be typing
};

/// The daemon's end of one mailroom-card process: one for each reader, any number side by side. The process is
/// started when it is needed and again after it ended, so this outlives every crash of a reader's driver.
/// Move-only, thread-bound; the thread that starts it must live as long (ChildProcess).
class CardProcess {
 public:
  static Result<CardProcess> start(std::filesystem::path program, CardOptions options);
  CardProcess(CardProcess&&) noexcept;
  CardProcess& operator=(CardProcess&&) noexcept;
  ~CardProcess();

  /// Errc::crashed, timed_out.
  Result<CardSight> look();

  /// Reads one identity; `on_step` gets the name of each step. What is read is in SealedReading::sealed only.
  EidResult<SealedReading> read(const ReadRequest& request, const std::function<void(std::string_view)>& on_step = {});

  /// Has the badge sign `challenge`; without `pin` it is typed at the keypad. Errc::refused for a wrong PIN,
  /// Errc::device_lost without a badge. Whose it is the caller must check.
  Result<BadgeAnswer> sign_challenge(ByteView challenge, const std::optional<std::string>& pin);

  /// The next change of reader or card; nullopt when there is none within `timeout`. Errc::crashed when the process
  /// ended: the reader counts as gone then.
  Result<std::optional<CardSight>> next_change(std::chrono::milliseconds timeout);

  [[nodiscard]] int process_id() const;

 private:
  class Session;
  explicit CardProcess(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace mailroom::card
