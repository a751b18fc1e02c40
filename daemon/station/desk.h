#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/work_thread.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/spool.h"
#include "daemon/station/event_hub.h"
#include "daemon/station/leases.h"
#include "daemon/station/sessions.h"
#include "daemon/web/message.h"
#include "ocr/worker/client/page_client.h"

namespace mailroom::station {

/// What the stations work with; everything outlives them. The functions are thread-safe.
struct StationRooms {
  WorkThread& core;
  archive::Catalogue& catalogue;  ///< on the core thread only
  intake::BatchFlow& flow;        ///< the same
  const intake::Spool& spool;
  archive::ContentStore& contents;
  const Configuration& configuration;
  const Clock& clock;
  ocr::PageWorkerOptions drawing;  ///< the workers that draw pictures of captured sides
  std::function<Result<archive::Batch>(const intake::NewBatch&)> start;  ///< opens a batch and feeds it
  std::function<Result<void>(const archive::Batch&, const std::string& scanner)> feed;  ///< feeds on into it
  std::function<Result<void>(const std::string& scanner)> stop;
  std::function<Result<void>(const std::string& scanner)> pause;  ///< the same, and the batch waits to go on
  std::function<std::vector<std::string>()> feeding;  ///< scanners at work
  std::function<nlohmann::json()> status;             ///< broker, queues, disk
  std::function<Result<nlohmann::json>()> devices;    ///< scanners that are there; may take seconds
  std::function<Result<Bytes>()> procedure;           ///< the Verfahrensdokumentation as PDF
  std::function<Result<archive::Batch>(const intake::ReceivedFile&)> receive = {};  ///< takes in a file
  std::function<nlohmann::json()> kiosk_calls = {};  ///< kiosks where somebody asks for help
  std::function<Result<void>(const std::string& kiosk)> answer_kiosk = {};
};

/// One request of a person who is logged in.
struct Visit {
  const web::Request& request;
  Session session;
  nlohmann::json body = nlohmann::json::object();

  [[nodiscard]] const std::string& user() const { return session.user; }
  [[nodiscard]] bool may(Action action, const Protection& protection) const {
    return session.rights.may(action, protection);
  }
  /// A text of the body; Errc::invalid_input when it is there and no text, or missing though needed.
  [[nodiscard]] Result<std::string> text(const char* name, bool needed = true) const;
  [[nodiscard]] Result<int> number(const char* name) const;
  [[nodiscard]] Result<void> knows_only(const std::vector<std::string>& names) const;
};

/// What a route asks of who comes.
struct Access {
  std::optional<Action> action = {};  ///< must be held somewhere; the work checks where
  bool while_locked = false;
  bool by_person = true;  ///< counts as an action of the person; polling does not
};

using Ids = std::vector<std::string>;
using Work = std::function<Result<web::Response>(const Visit&)>;

/// The protection and the parts of a batch that matter to many requests.
struct BatchSight {
  intake::BatchLook look;  ///< without the words of its pages
  Protection of_batch;     ///< by its profile
  std::map<std::string, Protection> of_pages;  ///< also of documents and deliveries by their ids

  /// Whether the person may do it with every page and document among `ids`. What is not in the batch is
  /// for others to say.
  [[nodiscard]] bool allows(const Visit& visit, Action action, const Ids& ids) const;
};

/// The ids of pages and documents that the arguments of an edit name.
Ids named_in(const nlohmann::json& arguments);

/// What all routes share: who is there, who may, who works on what. Thread-safe unless a function says
/// that it belongs to the core thread.
class Desk {
 public:
  explicit Desk(StationRooms rooms);

  /// A route behind login, lock, CSRF token and right. What is refused is audited and answered like
  /// what does not exist.
  web::Route route(web::Method method, const std::string& path, const std::string& name, Access access,
                   Work work, std::size_t body_limit = 64UL * 1024);
  web::Route open_route(web::Method method, const std::string& path, const std::string& name,
                        std::function<web::Response(const web::Request&)> work);
  web::Response answer_unknown(const web::Request& request);  ///< what no route has

  /// On the core thread. Errc::not_found also for what the person may not see.
  Result<std::shared_ptr<const BatchSight>> sight(const std::string& batch);
  Result<std::shared_ptr<const BatchSight>> sight_for(const Visit& visit, Action action,
                                                      const std::string& batch);
  /// Whether all its pages have been read, so that its documents protect them and not its profile.
  Result<bool> is_classified(const archive::Batch& batch);
  /// Nothing for a page that is erased.
  Result<archive::Page> page_for(const Visit& visit, const std::string& page);
  Protection protection_of(const archive::Batch& batch) const;
  static Protection protection_of(const archive::DocumentRow& document, const archive::Batch& batch);

  Result<void> audit(const std::string& actor, const std::string& action, std::vector<std::string> subjects,
                     nlohmann::json details = nlohmann::json::object());  ///< any thread

  /// Errc::conflict when somebody else works on it.
  Result<void> not_leased_by_others(const Visit& visit, const std::string& subject);
  nlohmann::json lease_json(const std::string& subject, const std::string& user);

  StationRooms rooms;
  Sessions sessions;
  LoginThrottle throttle;          ///< by name: nobody's password can be tried out
  LoginThrottle address_throttle;  ///< by address: nor one password with many names
  Leases leases;
  EventHub events;
  std::function<nlohmann::json(const std::string& station)> panel;  ///< its panel; null: it has none. Thread-safe.

 private:
  web::Response enter(const web::Request& request, const Access& access, const std::string& name,
                      const Work& work);
  Result<void> add_released(BatchSight& sight);
  Result<void> forget_erased();  // what is kept in memory, when something was erased since the last call
  void note_refusal(const std::string& user, const std::string& route, const std::string& peer);

  struct Refusals {
    int unrecorded = 0;
    Timestamp recorded{};
  };
  std::mutex mutex_;
  std::map<std::string, Refusals> refusals_;  // by user
  struct Kept {
    std::string state;
    std::shared_ptr<const BatchSight> sight;
  };
  int erasures_ = 0;                    // of the core thread: confirmed ones at the last look
  std::map<std::string, Kept> sights_;  // of the core thread, by batch id
};

web::Response json_response(const nlohmann::json& body, int status = 200);
web::Response no_content();
web::Response error_response(const Error& error, const nlohmann::json& current = {});
tl::unexpected<Error> nothing_there();  ///< the one answer for what is not there or not allowed

/// An error that carries what counts now (409).
Result<web::Response> conflict_response(const Error& error, const nlohmann::json& current);

inline constexpr const char* kCookie = "mailroom_session";

}  // namespace mailroom::station
