#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>

#include "daemon/archive/panels.h"
#include "daemon/base/work_thread.h"
#include "daemon/config/panels.h"
#include "daemon/station/badges.h"
#include "daemon/station/desk.h"
#include "daemon/station/panel_words.h"
#include "drivers/panel/panel_line.h"

namespace mailroom::station {

/// The panel of one station. What it shows follows from what is stored and who is logged in there; what its
/// keys do is what the screen does for that person, in one transaction with the record of the press. So
/// panel and screen are in step, and a press acts once whatever restarts. Thread-safe.
class PanelPost {
 public:
  /// `desk` and `badges` outlive it.
  PanelPost(Desk& desk, Badges& badges, const PanelPlace& place);
  ~PanelPost();
  PanelPost(const PanelPost&) = delete;
  PanelPost& operator=(const PanelPost&) = delete;

  void changed();                         ///< something in the catalogue has changed
  void stop();                            ///< idempotent
  [[nodiscard]] nlohmann::json status();  ///< as `panel` in config/contract/openapi.yaml

 private:
  /// What matters to the panel at a moment, read on the core thread.
  struct Situation {
    std::string name;  ///< "nobody", "ready", "feeding", "paused", "fault", "acknowledged"
    std::optional<Session> session;
    std::optional<archive::Batch> batch;  ///< that is fed or interrupted here
    archive::PanelMemo memo;
    nlohmann::json counters = nlohmann::json::object();  ///< of the batch, or of the last one
    nlohmann::json fault;
    int open_questions = 0;  ///< of this station
    std::string next_class;  ///< chosen; empty: as the profile says
    bool next_urgent = false;
    [[nodiscard]] std::string fault_key() const;
  };
  /// One press on its way.
  struct Order {
    panel::Press press;
    std::string person;
    Rights rights;
    archive::PanelPress record;
  };

  void run();
  void refresh();
  Result<Situation> look(bool by_person);
  Result<void> look_at_batches(Situation& situation);
  Result<void> look_at_marks(Situation& situation);
  [[nodiscard]] panel::PanelState state_of(const Situation& situation);
  [[nodiscard]] std::uint32_t context_of(const Situation& situation) const;
  void offer(panel::PanelState& state, const Situation& situation) const;
  void light(panel::PanelState& state, const Situation& situation) const;

  void act(const panel::Press& press);
  Result<std::string> decide(Order& order, const Situation& situation);
  [[nodiscard]] bool is_offered(const panel::Press& press, const Situation& situation) const;
  Result<bool> find_person(Order& order, const Situation& situation);
  Result<std::string> carry_out(Order& order, const Situation& situation);
  Result<std::string> start(Order& order, const Situation& situation);
  Result<std::string> resume(Order& order, const Situation& situation);
  Result<std::string> pause(Order& order, const Situation& situation, bool for_good);
  Result<std::string> mark(Order& order, const Situation& situation, const std::string& name,
                           const std::string& value);
  Result<std::string> edit(Order& order, const Situation& situation, assembly::Edit edit);
  [[nodiscard]] bool asks_to_log_in(const panel::Press& press, const Situation& situation) const;
  void log_in();
  Result<std::string> only_record(Order& order, const std::string& outcome);
  void feed(const archive::Batch& batch);
  void end_feed(const std::string& scanner, bool for_good);
  [[nodiscard]] std::string class_beside(const Order& order, const Situation& situation, int step) const;
  [[nodiscard]] const Profile* profile() const;
  void note(const std::string& text);
  void tell_screens();

  Desk& desk_;
  Badges& badges_;
  const PanelPlace place_;
  const StationPlace& station_;
  const PanelWords words_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<panel::Press> presses_;
  bool changed_ = true;
  bool stopping_ = false;
  bool connected_ = false;
  bool refused_ = false;
  std::optional<panel::Hello> hello_;
  std::string notice_;  // what the last press came to
  std::chrono::steady_clock::time_point notice_ends_;
  std::atomic<bool> logging_in_ = false;  // a badge and its PIN are waited for
  WorkThread login_;
  WorkThread feeder_;    // a feed reports back only when its first sheet is safe
  std::jthread ending_;  // of a feed that has not begun yet
  std::unique_ptr<drivers::PanelLine> line_;
  std::thread thread_;
};

}  // namespace mailroom::station
