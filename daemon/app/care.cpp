#include "daemon/app/care.h"

#include "daemon/app/arguments.h"
#include "daemon/app/backup_files.h"
#include "daemon/archive/meta.h"
#include "daemon/archive/undelivered.h"
#include "daemon/base/durable_file.h"

namespace mailroom::app {
namespace {

using nlohmann::json;

json erasure_view(const archive::Erasure& erasure) {
  return {{"id", erasure.id},
          {"scope", erasure.scope},
          {"subject", erasure.subject},
          {"batch", erasure.batch},
          {"reason", erasure.reason},
          {"state", erasure.state},
          {"requested_by", erasure.requested_by},
          {"requested_at", erasure.requested_at},
          {"decided_by", erasure.decided_by},
          {"decided_at", erasure.decided_at},
          {"finished_at", erasure.finished_at},
          {"tombstone", erasure.tombstone}};
}

json delivery_view(const archive::DeliveryRow& row, const std::string& number) {
  return {{"id", row.id},
          {"document", number},
          {"recipient", row.recipient},
          {"state", row.state},
          {"attempts", row.attempts},
          {"last_attempt", row.last_attempt},
          {"next_due", row.next_due}};
}

constexpr int kAtMost = 1000;  // of a list; what is asked for is worked off from its beginning

}  // namespace

Result<void> copy_catalogue(archive::Catalogue& catalogue, const Folders& folders) {
  const auto file = snapshot_in(folders);
  MAILROOM_TRY_VOID(create_folder_durably(file.parent_path()));
  MAILROOM_TRY_VOID(remove_durably(file));
  return catalogue.database().copy_to(file);
}

Result<void> note_backup(archive::Catalogue& catalogue, const std::string& at, std::int64_t contents,
                         std::int64_t sides, const std::string& caller, const Clock& clock) {
  MAILROOM_TRY(auto transaction, catalogue.database().begin());
  MAILROOM_TRY_VOID(archive::set_meta(catalogue.database(), archive::kLastBackup, at));
  MAILROOM_TRY(
      [[maybe_unused]] const auto head,
      archive::append_audit(transaction, clock.now(),
                            {"daemon",
                             "backup.finished",
                             {},
                             {{"at", at}, {"contents", contents}, {"sides", sides}, {"caller", caller}}}));
  return transaction.commit();
}

Result<json> Care::request_erasure(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"subject", "reason", "operator"}));
  intake::ErasureWish wish;
  MAILROOM_TRY(wish.subject, needed(arguments, "subject"));
  MAILROOM_TRY(wish.reason, needed(arguments, "reason"));
  MAILROOM_TRY(wish.person, needed(arguments, "operator"));
  wish.caller = caller.name();
  MAILROOM_TRY(const auto erasure, core_.call([&] { return flow_.request_erasure(wish); }));
  return erasure_view(erasure);
}

Result<json> Care::decide_erasure(const json& arguments, const Caller& caller, bool confirm) {
  MAILROOM_TRY_VOID(check_known(arguments, {"id", "operator"}));
  intake::ErasureDecision decision;
  MAILROOM_TRY(decision.erasure, needed(arguments, "id"));
  MAILROOM_TRY(decision.person, needed(arguments, "operator"));
  decision.caller = caller.name();
  MAILROOM_TRY(const auto erasure, core_.call([&] {
    return confirm ? flow_.confirm_erasure(decision) : flow_.refuse_erasure(decision);
  }));
  return erasure_view(erasure);
}

Result<json> Care::erasures() {
  MAILROOM_TRY(const auto all, core_.call([&] { return archive::Erasures(catalogue_.database()).all(); }));
  json list = json::array();
  for (const auto& erasure : all) list.push_back(erasure_view(erasure));
  return json{{"erasures", list}};
}

Result<json> Care::release_originals(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"batch", "operator"}));
  MAILROOM_TRY(const std::string batch, needed(arguments, "batch"));
  MAILROOM_TRY(const std::string person, needed(arguments, "operator"));
  MAILROOM_TRY_VOID(core_.call([&] { return flow_.release_originals(batch, person, caller.name()); }));
  return json::object();
}

Result<json> Care::deliveries(const json& arguments) {
  MAILROOM_TRY_VOID(check_known(arguments, {"state"}));
  MAILROOM_TRY(std::string state, text_of(arguments, "state"));
  if (state.empty()) state = archive::kDead;
  return core_.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto ids, archive::Undelivered(catalogue_.database()).in_state(state, kAtMost));
    json list = json::array();
    for (const auto& id : ids) {
      MAILROOM_TRY(const auto row, catalogue_.deliveries().find(id));
      MAILROOM_TRY(const auto document, catalogue_.documents().get(row->document));
      list.push_back(delivery_view(*row, document.number));
    }
    return json{{"deliveries", list}};
  });
}

Result<json> Care::dead_letters() {
  MAILROOM_TRY(const auto letters, core_.call([&] {
    return archive::Undelivered(catalogue_.database()).latest_dead_letters(kAtMost);
  }));
  json list = json::array();
  for (const auto& kept : letters) {
    // The payload stays in the catalogue: a recipient may have written anything into it.
    list.push_back({{"id", kept.id},
                    {"at", kept.at},
                    {"recipient", kept.letter.recipient},
                    {"topic", kept.letter.topic},
                    {"reason", kept.letter.reason},
                    {"size", kept.letter.size},
                    {"sha256", kept.letter.sha256}});
  }
  return json{{"dead_letters", list}};
}

Result<json> Care::resend(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"id", "operator"}));
  MAILROOM_TRY(const std::string id, needed(arguments, "id"));
  MAILROOM_TRY(const std::string person, needed(arguments, "operator"));
  MAILROOM_TRY_VOID(core_.call([&] { return flow_.resend(id, person, caller.name()); }));
  return json::object();
}

Result<json> Care::lost() {
  MAILROOM_TRY(const auto all,
               core_.call([&] { return archive::Undelivered(catalogue_.database()).held_elsewhere(); }));
  json list = json::array();
  for (const auto& held : all) {
    list.push_back({{"id", held.id},
                    {"recipient", held.recipient},
                    {"record", held.record},
                    {"contents", json::parse(held.contents, nullptr, false)},
                    {"at", held.at},
                    {"settled_by", held.settled_by},
                    {"settled_at", held.settled_at}});
  }
  return json{{"lost", list}};
}

Result<json> Care::settle_lost(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"id", "operator"}));
  MAILROOM_TRY(const std::string id, needed(arguments, "id"));
  MAILROOM_TRY(const std::string person, needed(arguments, "operator"));
  return core_.call([&]() -> Result<json> {
    MAILROOM_TRY(auto transaction, catalogue_.database().begin());
    MAILROOM_TRY_VOID(
        archive::Undelivered(catalogue_.database()).settle_held_elsewhere(id, person, clock_.now()));
    MAILROOM_TRY(
        [[maybe_unused]] const auto head,
        archive::append_audit(transaction, clock_.now(),
                              {"operator:" + person, "lost.settled", {id}, {{"caller", caller.name()}}}));
    MAILROOM_TRY_VOID(transaction.commit());
    return json::object();
  });
}

Result<json> Care::make_snapshot(const json& arguments) {
  MAILROOM_TRY_VOID(check_known(arguments, {}));
  return core_.call([&]() -> Result<json> {
    snapshot_at_.clear();
    const std::string at = to_rfc3339(clock_.now());
    MAILROOM_TRY_VOID(copy_catalogue(catalogue_, folders_));
    snapshot_at_ = at;
    return json{{"snapshot", snapshot_in(folders_).string()}, {"site", configuration_.site}, {"at", at}};
  });
}

Result<json> Care::record_backup(const json& arguments, const Caller& caller) {
  MAILROOM_TRY_VOID(check_known(arguments, {"at", "contents", "sides"}));
  MAILROOM_TRY(const std::string at, needed(arguments, "at"));
  MAILROOM_TRY(const int contents, number_of(arguments, "contents", 0, 2'000'000'000));
  MAILROOM_TRY(const int sides, number_of(arguments, "sides", 0, 2'000'000'000));
  return core_.call([&]() -> Result<json> {
    if (at != snapshot_at_) {
      return fail(Errc::conflict, "this backup is not of the last snapshot that was made here", {},
                  "run mailroomctl backup again");
    }
    MAILROOM_TRY_VOID(note_backup(catalogue_, at, contents, sides, caller.name(), clock_));
    snapshot_at_.clear();
    MAILROOM_TRY_VOID(remove_durably(snapshot_in(folders_)));
    return json::object();
  });
}

std::map<std::string, Command> Care::commands() {
  using Context = CommandContext;
  return {
      {"erase_request",
       [this](const json& words, const Context& c) { return request_erasure(words, c.caller); }},
      {"erase_confirm",
       [this](const json& words, const Context& c) { return decide_erasure(words, c.caller, true); }},
      {"erase_refuse",
       [this](const json& words, const Context& c) { return decide_erasure(words, c.caller, false); }},
      {"erasures", [this](const json&, const Context&) { return erasures(); }},
      {"release_originals",
       [this](const json& words, const Context& c) { return release_originals(words, c.caller); }},
      {"deliveries", [this](const json& words, const Context&) { return deliveries(words); }},
      {"dead_letters", [this](const json&, const Context&) { return dead_letters(); }},
      {"resend", [this](const json& words, const Context& c) { return resend(words, c.caller); }},
      {"lost", [this](const json&, const Context&) { return lost(); }},
      {"settle_lost", [this](const json& words, const Context& c) { return settle_lost(words, c.caller); }},
      {"backup_snapshot", [this](const json& words, const Context&) { return make_snapshot(words); }},
      {"backup_finished",
       [this](const json& words, const Context& c) { return record_backup(words, c.caller); }}};
}

}  // namespace mailroom::app
