#include "drivers/card/pcsc/pcsc_readers.h"

#include <winscard.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "drivers/card/pcsc/pcsc_card.h"
#include "drivers/card/pcsc/pcsc_error.h"

namespace mailroom::card {
namespace {

constexpr const char* kPlugging = "\\\\?PnP?\\Notification";

/// A connection to pcscd. Move-only.
class Context {
 public:
  static Result<Context> establish() {
    SCARDCONTEXT handle = 0;
    const LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &handle);
    if (code != SCARD_S_SUCCESS) return fail_pcsc(code, "connecting to pcscd");
    return Context(handle);
  }
  Context(Context&& other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
  Context& operator=(Context&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    if (handle_ != 0) SCardReleaseContext(handle_);
  }
  [[nodiscard]] SCARDCONTEXT get() const { return handle_; }

 private:
  explicit Context(SCARDCONTEXT handle) : handle_(handle) {}
  SCARDCONTEXT handle_ = 0;
};

ReaderSight sight_of(const SCARD_READERSTATE& state) {
  ReaderSight sight{state.szReader, (state.dwEventState & SCARD_STATE_PRESENT) != 0};
  if (sight.card) sight.atr.assign(state.rgbAtr, state.rgbAtr + std::min<DWORD>(state.cbAtr, MAX_ATR_SIZE));
  return sight;
}

class PcscReaders final : public CardReaders {
 public:
  Result<std::vector<ReaderSight>> look() override;
  Result<bool> wait_for_change(std::chrono::milliseconds timeout) override;
  Result<std::unique_ptr<Card>> connect(const std::string& reader) override;

 private:
  Result<SCARDCONTEXT> context();
  Result<std::vector<std::string>> names();
  template <typename T>
  Result<T> forgetting_a_lost_service(Result<T> outcome);
  Result<std::vector<ReaderSight>> look_once();
  Result<bool> wait_once(std::chrono::milliseconds timeout);

  std::optional<Context> context_;
  std::vector<ReaderSight> seen_;
  std::vector<std::string> seen_names_;
  std::vector<DWORD> seen_states_;
};

Result<SCARDCONTEXT> PcscReaders::context() {
  if (!context_ || SCardIsValidContext(context_->get()) != SCARD_S_SUCCESS) {
    context_.reset();
    MAILROOM_TRY(context_, Context::establish());
  }
  return context_->get();
}

Result<std::vector<std::string>> PcscReaders::names() {
  MAILROOM_TRY(const SCARDCONTEXT handle, context());
  std::vector<char> room(4096);
  DWORD size = DWORD(room.size());
  const LONG code = SCardListReaders(handle, nullptr, room.data(), &size);
  if (code == SCARD_E_NO_READERS_AVAILABLE) return std::vector<std::string>();
  if (code != SCARD_S_SUCCESS) return fail_pcsc(code, "listing card readers");
  std::vector<std::string> list;
  for (const char* name = room.data(); *name != '\0'; name += std::strlen(name) + 1) list.emplace_back(name);
  return list;
}

/// After the service went away only a new connection helps.
template <typename T>
Result<T> PcscReaders::forgetting_a_lost_service(Result<T> outcome) {
  if (!outcome && outcome.error().code == Errc::unreachable) context_.reset();
  return outcome;
}

Result<std::vector<ReaderSight>> PcscReaders::look_once() {
  MAILROOM_TRY(seen_names_, names());
  MAILROOM_TRY(const SCARDCONTEXT handle, context());
  std::vector<SCARD_READERSTATE> states(seen_names_.size());
  for (std::size_t i = 0; i < states.size(); ++i) states[i].szReader = seen_names_[i].c_str();
  if (!states.empty()) {
    const LONG code = SCardGetStatusChange(handle, 0, states.data(), DWORD(states.size()));
    if (code != SCARD_S_SUCCESS && code != SCARD_E_TIMEOUT) return fail_pcsc(code, "looking at card readers");
  }
  seen_.clear();
  seen_states_.clear();
  for (const auto& state : states) {
    seen_.push_back(sight_of(state));
    seen_states_.push_back(state.dwEventState & ~DWORD(SCARD_STATE_CHANGED));
  }
  return seen_;
}

Result<bool> PcscReaders::wait_once(std::chrono::milliseconds timeout) {
  MAILROOM_TRY(const SCARDCONTEXT handle, context());
  std::vector<SCARD_READERSTATE> states(seen_names_.size() + 1);
  for (std::size_t i = 0; i < seen_names_.size(); ++i) {
    states[i].szReader = seen_names_[i].c_str();
    states[i].dwCurrentState = seen_states_[i];
  }
  states.back().szReader = kPlugging;
  // The upper half is the number of readers, by which pcscd knows whether one has come or gone.
  states.back().dwCurrentState = DWORD(seen_names_.size()) << 16U;
  const LONG code = SCardGetStatusChange(handle, DWORD(timeout.count()), states.data(), DWORD(states.size()));
  if (code == SCARD_E_TIMEOUT) return false;
  if (code == SCARD_E_UNKNOWN_READER) return true;  // one has gone since
  if (code != SCARD_S_SUCCESS) return fail_pcsc(code, "waiting for a card");
  return true;
}

Result<std::vector<ReaderSight>> PcscReaders::look() { return forgetting_a_lost_service(look_once()); }

Result<bool> PcscReaders::wait_for_change(std::chrono::milliseconds timeout) {
  return forgetting_a_lost_service(wait_once(timeout));
}

Result<std::unique_ptr<Card>> PcscReaders::connect(const std::string& reader) {
  MAILROOM_TRY(const auto list, forgetting_a_lost_service(names()));
  if (std::find(list.begin(), list.end(), reader) == list.end()) {
    return fail(Errc::not_found, "there is no such card reader", Place::on_device(reader),
                "plug it in, or name one of those that are there");
  }
  MAILROOM_TRY(const SCARDCONTEXT handle, context());
  return forgetting_a_lost_service(connect_card(handle, reader));
}

}  // namespace

std::unique_ptr<CardReaders> pcsc_readers() { return std::make_unique<PcscReaders>(); }

}  // namespace mailroom::card
