#include "daemon/station/badge_reader.h"

#include "daemon/base/log.h"

namespace mailroom::station {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 100ms;  // bounds how long somebody waits who logs in
constexpr auto kPause = 2s;    // after a process that cannot be started

}  // namespace

BadgeReader::BadgeReader(std::filesystem::path program, card::CardOptions options,
                         std::function<void()> on_removal)
    : program_(std::move(program)),
      options_(std::move(options)),
      on_removal_(std::move(on_removal)),
      thread_([this] { run(); }) {}

void BadgeReader::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

Result<card::BadgeAnswer> BadgeReader::sign(Bytes challenge, std::optional<std::string> pin) {
  std::future<Result<card::BadgeAnswer>> answer;
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return fail(Errc::cancelled, "the card reader is being closed");
    Job job{std::move(challenge), std::move(pin), {}};
    answer = job.answer.get_future();
    jobs_.push(std::move(job));
  }
  return answer.get();
}

std::optional<BadgeReader::Job> BadgeReader::next_job() {
  const std::scoped_lock lock(mutex_);
  if (jobs_.empty()) return std::nullopt;
  Job job = std::move(jobs_.front());
  jobs_.pop();
  return job;
}

/// Fails safe: a reader that cannot be watched counts as one whose card has gone.
void BadgeReader::watch(card::CardProcess& process) {
  const auto change = process.next_change(kLook);
  const bool gone = !change || (*change && !(*change)->card);
  if (gone && std::exchange(card_seen_, false)) on_removal_();
  if (change && *change && (*change)->card) card_seen_ = true;
  if (!change) std::this_thread::sleep_for(kPause);
}

void BadgeReader::run() {
  auto process = card::CardProcess::start(program_, options_);
  if (!process) log::error(process.error());
  for (;;) {
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_ && jobs_.empty()) return;
    }
    if (auto job = next_job()) {
      job->answer.set_value(process ? process->sign_challenge(job->challenge, job->pin)
                                    : Result<card::BadgeAnswer>(fail(process.error())));
      continue;
    }
    if (process)
      watch(*process);
    else
      std::this_thread::sleep_for(kLook);
  }
}

}  // namespace mailroom::station
