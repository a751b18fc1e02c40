#include "daemon/config/kiosks.h"

#include <array>
#include <charconv>

#include "daemon/config/read_matters.h"
#include "daemon/config/toml_reader.h"

namespace mailroom {
namespace {

using config::TomlTable;

constexpr std::array kDays = {"mo", "tu", "we", "th", "fr", "sa", "su"};

int minute_of(const std::string& time) {  // "08:30", checked before
  return ((time[0] - '0') * 10 + time[1] - '0') * 60 + (time[3] - '0') * 10 + time[4] - '0';
}

OpeningHours read_hours(TomlTable& table) {
  constexpr const char* kTime = "([01][0-9]|2[0-3]):[0-5][0-9]|24:00";
  OpeningHours hours;
  for (const auto& day : table.texts("days", {})) {
    const auto known = std::find(kDays.begin(), kDays.end(), day);
    if (known == kDays.end())
      table.reject("days", "has \"" + day + "\"", "allowed are: mo, tu, we, th, fr, sa, su");
    hours.days.push_back(int(known - kDays.begin()) + 1);
  }
  const auto from = table.matching("from", kTime, "a time like 08:00");
  const auto to = table.matching("to", kTime, "a time like 18:00");
  if (from.size() == 5 && to.size() == 5) {
    hours.from_minute = minute_of(from);
    hours.to_minute = minute_of(to);
  }
  if (hours.from_minute >= hours.to_minute)
    table.reject("to", "is not after `from`", "a later time of the same day");
  return hours;
}

void check_terminal(TomlTable& table, const std::string& terminal) {
  const auto colon = terminal.rfind(':');
  int port = 0;
  if (colon != std::string::npos)
    std::from_chars(terminal.data() + colon + 1, terminal.data() + terminal.size(), port);
  if (!terminal.empty() && (port < 1 || port > 65535))
    table.reject("terminal", "is \"" + terminal + "\"", "host and port like 127.0.0.1:20007");
}

/// The references of a kiosk to what the other files know.
void check_references(TomlTable& table, const KioskPlace& place, const Configuration& configuration,
                      const std::map<std::string, Matter>& matters) {
  if (!configuration.stations.contains(place.station))
    table.reject("station", "is \"" + place.station + "\"", "a station of mailroom.toml");
  const auto profile = configuration.profiles.find(place.profile);
  const bool scans = profile != configuration.profiles.end() && profile->second.source != kFilesSource;
  if (!place.scanner.empty() && !scans)
    table.reject("profile", "is \"" + place.profile + "\"", "a profile that scans");
  for (const auto& matter : place.matters) {
    if (!matters.contains(matter))
      table.reject("matters", "has \"" + matter + "\"", "matters of matters.toml");
  }
}

KioskPlace read_place(const std::string& id, TomlTable& table, const Configuration& configuration,
                      const std::map<std::string, Matter>& matters) {
  KioskPlace place;
  place.id = id;
  place.name = table.words("name");
  place.station = table.text("station");
  place.scanner = table.text("scanner", "");
  place.profile = table.text("profile", "");
  place.reader = table.text("reader", "");
  place.computer = table.text("computer", "");
  if (!place.reader.empty() && !place.computer.empty())
    table.reject("computer", "is given beside `reader`", "one of them: the far reader is named over there");
  place.terminal = table.text("terminal", "");
  place.idle_seconds = table.integer("idle_seconds", 30, 3600, place.idle_seconds);
  std::vector<std::string> all;
  for (const auto& [matter, what] : matters) all.push_back(matter);
  place.matters = table.texts("matters", all);
  table.table("hours", [&](TomlTable& hours) {
    hours.each_table([&](const std::string&, TomlTable& span) { place.hours.push_back(read_hours(span)); });
  });
  check_terminal(table, place.terminal);
  check_references(table, place, configuration, matters);
  return place;
}

void read_listening(TomlTable& root, KioskConfiguration& into) {
  const auto listen =
      root.matching("listen", "[0-9a-fA-F.:\\[\\]]+:[0-9]{1,5}", "an address like 127.0.0.1:8451");
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return;
  into.address = listen.substr(0, colon);
  into.port = std::atoi(listen.c_str() + colon + 1);
  into.certificate = root.text("certificate", "");
  into.key = root.text("key", "");
  into.names = root.texts("names", {"localhost"});  // loopback is always known
  into.terminal = root.text("terminal_folder", "");
}

void read_account(TomlTable& root, const Configuration& configuration, PaymentAccount& account) {
  root.table("account", [&](TomlTable& table) {
    account.holder = table.text("holder", "");
    account.iban = table.text("iban", "");
    account.bic = table.text("bic", "");
    account.profile = table.text("profile", "");
    const auto profile = configuration.profiles.find(account.profile);
    if (!account.profile.empty() &&
        (profile == configuration.profiles.end() || profile->second.source != kFilesSource))
      table.reject("profile", "is \"" + account.profile + "\"", "a profile with the source \"files\"");
  });
}

Result<void> check_fees(const KioskConfiguration& kiosks, const std::string& file) {
  for (const auto& [id, matter] : kiosks.matters) {
    if (matter.fee_cents > 0 && (kiosks.account.profile.empty() || kiosks.account.iban.empty()))
      return fail(Errc::invalid_input, "the matter '" + id + "' has a fee, but there is no account",
                  Place::in_file(file), "give [account] with holder, iban and profile");
  }
  return {};
}

}  // namespace

Result<KioskConfiguration> load_kiosks(const Configuration& configuration) {
  KioskConfiguration kiosks;
  const auto matters = configuration.folder / "matters.toml";
  const auto places = configuration.folder / "kiosks.toml";
  if (!std::filesystem::exists(places)) return kiosks;
  MAILROOM_TRY_VOID(config::read_toml_file(matters, [&](TomlTable& root) {
    root.each_table([&](const std::string& id, TomlTable& table) {
      kiosks.matters.emplace(id, config::read_matter(id, table, configuration));
    });
  }));
  MAILROOM_TRY_VOID(config::read_toml_file(places, [&](TomlTable& root) {
    read_listening(root, kiosks);
    read_account(root, configuration, kiosks.account);
    root.table("kiosks", [&](TomlTable& list) {
      list.each_table([&](const std::string& id, TomlTable& table) {
        kiosks.places.emplace(id, read_place(id, table, configuration, kiosks.matters));
      });
    });
  }));
  MAILROOM_TRY_VOID(check_fees(kiosks, places.string()));
  return kiosks;
}

}  // namespace mailroom
