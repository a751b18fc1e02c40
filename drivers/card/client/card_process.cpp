#include "drivers/card/client/card_process.h"

#include <deque>

#include "daemon/base/child_process.h"
#include "daemon/base/frame_channel.h"

namespace mailroom::card {
namespace {

using namespace std::chrono_literals;

constexpr auto kFarewell = 1s;

EidError eid_error(const Error& error) {
  const EidFault fault = error.code == Errc::timed_out ? EidFault::timed_out : EidFault::crashed;
  return {fault, error};
}

}  // namespace

class CardProcess::Session {
 public:
  Session(std::filesystem::path program, CardOptions options)
      : program_(std::move(program)), options_(std::move(options)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    if (channel_) channel_->close();
    child_.wait(kFarewell);
    child_.kill();
  }

  Result<void> ensure_running();
  Result<void> send(const Frame& frame);
  /// The next frame that is not about the reader's state, which is kept for next_change().
  Result<Frame> next_answer(std::chrono::milliseconds limit);
  Result<std::optional<CardSight>> next_change(std::chrono::milliseconds timeout);
  [[nodiscard]] const CardOptions& options() const { return options_; }
  [[nodiscard]] int process_id() const { return child_.pid(); }

 private:
  Result<Frame> next_frame(std::chrono::milliseconds limit);
  Error lost(Error error);

  std::filesystem::path program_;
  CardOptions options_;
  std::optional<FrameChannel> channel_;
  ChildProcess child_;
  std::deque<CardSight> changes_;
};

Result<void> CardProcess::Session::ensure_running() {
  if (channel_ && child_.running() && !child_.wait(0ms)) return {};
  MAILROOM_TRY(auto ends, FrameChannel::pair());
  channel_.emplace(std::move(ends.first));
  MAILROOM_TRY(child_, ChildProcess::start({program_, options_.arguments, {}, std::move(ends.second)}));
  return {};
}

Error CardProcess::Session::lost(Error error) {
  child_.kill();
  channel_.reset();
  if (error.code == Errc::timed_out) {
    error.what = "the card reader did not answer in time; its process was ended";
    error.remedy = "unplug the reader, plug it in again and begin anew";
  } else {
    error.code = Errc::crashed;
    error.what = "the process of the card reader ended";
    error.remedy = "begin anew; if it happens again, report it with the reader's model";
  }
  return error;
}

Result<void> CardProcess::Session::send(const Frame& frame) {
  MAILROOM_TRY_VOID(ensure_running());
  auto sent = channel_->send(frame);
  if (!sent) return fail(lost(std::move(sent).error()));
  return {};
}

Result<Frame> CardProcess::Session::next_frame(std::chrono::milliseconds limit) {
  auto received = channel_->receive(limit);
  if (!received) return fail(lost(std::move(received).error()));
  if (!*received) return fail(lost({Errc::crashed, ""}));
  return **std::move(received);
}

Result<Frame> CardProcess::Session::next_answer(std::chrono::milliseconds limit) {
  for (;;) {
    MAILROOM_TRY(Frame frame, next_frame(limit));
    if (frame.type != "card") return frame;
    MAILROOM_TRY(changes_.emplace_back(), messages::sight_from(frame.body));
  }
}

Result<std::optional<CardSight>> CardProcess::Session::next_change(std::chrono::milliseconds timeout) {
  MAILROOM_TRY_VOID(ensure_running());
  if (changes_.empty()) {
    auto received = channel_->receive(timeout);
    if (!received && received.error().code == Errc::timed_out) return std::optional<CardSight>();
    if (!received) return fail(lost(std::move(received).error()));
    if (!*received || (*received)->type != "card") return fail(lost({Errc::crashed, ""}));
    MAILROOM_TRY(changes_.emplace_back(), messages::sight_from((*received)->body));
  }
  const CardSight change = changes_.front();
  changes_.pop_front();
  return std::optional(change);
}

CardProcess::CardProcess(std::unique_ptr<Session> session) : session_(std::move(session)) {}
CardProcess::CardProcess(CardProcess&&) noexcept = default;
CardProcess& CardProcess::operator=(CardProcess&&) noexcept = default;
CardProcess::~CardProcess() = default;

Result<CardProcess> CardProcess::start(std::filesystem::path program, CardOptions options) {
  auto session = std::make_unique<Session>(std::move(program), std::move(options));
  MAILROOM_TRY_VOID(session->ensure_running());
  return CardProcess(std::move(session));
}

Result<CardSight> CardProcess::look() {
  MAILROOM_TRY_VOID(session_->send({"look"}));
  MAILROOM_TRY(const Frame answer, session_->next_answer(session_->options().step_limit));
  if (answer.type != "sight") return fail(Errc::corrupt, "the card process gave a wrong answer");
  return messages::sight_from(answer.body);
}

EidResult<SealedReading> CardProcess::read(const ReadRequest& request,
                                           const std::function<void(std::string_view)>& on_step) {
  const auto sent = session_->send({"read", messages::to_json(request)});
  if (!sent) return tl::unexpected<EidError>(eid_error(sent.error()));
  auto limit = session_->options().step_limit;
  for (;;) {
    auto frame = session_->next_answer(limit);
    if (!frame) return tl::unexpected<EidError>(eid_error(frame.error()));
    if (frame->type == "error") return tl::unexpected<EidError>(messages::error_from(frame->body));
    if (frame->type == "step") {
      const std::string step = frame->body.value("step", "");
      limit = step == "pace_pin" ? session_->options().keypad_limit : session_->options().step_limit;
      if (on_step) on_step(step);
      continue;
    }
    auto reading = messages::sealed_reading_from(frame->body);
    if (frame->type != "reading" || !reading || reading->reading != request.reading)
      return refuse(EidFault::crashed, Errc::corrupt, "the card process gave a wrong answer");
    reading->sealed = std::move(frame->payload);
    return *std::move(reading);
  }
}

Result<BadgeAnswer> CardProcess::sign_challenge(ByteView challenge, const std::optional<std::string>& pin) {
  nlohmann::json body{{"challenge", to_base64(challenge)}};
  if (pin) body["pin"] = *pin;
  MAILROOM_TRY_VOID(session_->send({"sign", std::move(body)}));
  const auto limit = pin ? session_->options().step_limit : session_->options().keypad_limit;
  MAILROOM_TRY(Frame answer, session_->next_answer(limit));
  if (answer.type == "error") return fail(messages::error_from(answer.body).error);
  const auto text = [&](const char* name) {
    return answer.body.contains(name) && answer.body[name].is_string() ? answer.body[name].get<std::string>()
                                                                       : std::string();
  };
  if (answer.type != "signed") return fail(Errc::corrupt, "the card process gave a wrong answer");
  return BadgeAnswer{text("certificate"), text("scheme"), std::move(answer.payload), text("serial")};
}

Result<std::optional<CardSight>> CardProcess::next_change(std::chrono::milliseconds timeout) {
  return session_->next_change(timeout);
}

int CardProcess::process_id() const { return session_->process_id(); }

}  // namespace mailroom::card
