#include "daemon/config/read_files.h"
#include "daemon/config/toml_reader.h"

namespace mailroom::config {
namespace {

template <typename Item>
std::string reference(TomlTable& table, const char* key, const std::map<std::string, Item>& items,
                      const char* file) {
  auto id = table.text(key);
  if (items.contains(id)) return id;
  std::string known;
  for (const auto& [name, item] : items) known += (known.empty() ? "" : ", ") + name;
  table.reject(key, "is \"" + id + "\"", std::string(file) + " knows: " + known);
  return id;
}

void read_device(TomlTable& table, Profile& into) {
  into.source = table.choice(
      "source", {"flatbed", "feeder_front", "feeder_duplex", std::string(kFilesSource)}, "feeder_duplex");
  into.mode = table.choice("mode", {"bilevel", "grey", "colour"}, "grey");
  into.dpi = table.integer("dpi", 150, 600, into.dpi);
  into.width_mm = table.number("width_mm", 50, 320, into.width_mm);
  into.height_mm = table.number("height_mm", 50, 6000, into.height_mm);
  into.jpeg_quality = table.integer("jpeg_quality", 50, 100, into.jpeg_quality);
  into.measured = table.choice("paper", {"fixed", "measured"}, "fixed") == "measured";
  into.double_feed = table.choice("double_feed", {"if_offered", "required", "off"}, into.double_feed.c_str());
  into.endorser = table.flag("endorser", into.endorser);
}

void read_languages(TomlTable& table, Profile& into) {
  into.languages = table.texts("languages", into.languages);
  for (const auto& language : into.languages) {
    if (language.size() != 3 || language.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos)
      table.reject("languages", "names \"" + language + "\"",
                   "three small letters each, as \"deu\", \"eng\"");
  }
}

Profile read_profile(const std::string& id, TomlTable& table, const Configuration& configuration) {
  Profile profile{.id = id};
  profile.name_de = table.text("name_de");
  profile.name_en = table.text("name_en");
  read_device(table, profile);
  profile.document_class = reference(table, "document_class", configuration.classes, "classes.toml");
  profile.department = reference(table, "department", configuration.departments, "departments.toml");
  profile.patch_t = table.flag("patch_t", profile.patch_t);
  profile.routing_sheets = table.flag("routing_sheets", profile.routing_sheets);
  read_languages(table, profile);
  profile.channel = *channel_from(table.choice(
      "channel", {"letter", "deadline_letterbox", "hand_in", "kiosk", "email", "upload", "phone_note"},
      "letter"));
  profile.counting =
      table.choice("counting", {"declared", "device_counter", "feeder_empty", "confirm"}, "device_counter");
  return profile;
}

}  // namespace

Result<void> read_profiles(const std::filesystem::path& file, Configuration& into) {
  return read_toml_file(file, [&](TomlTable& root) {
    root.each_table([&](const std::string& id, TomlTable& table) {
      into.profiles.emplace(id, read_profile(id, table, into));
    });
    if (!into.profiles.contains(into.default_profile))
      root.reject(into.default_profile, "is missing", "default_profile in mailroom.toml names it");
    for (const auto& [id, station] : into.stations) {
      if (!station.profile.empty() && !into.profiles.contains(station.profile))
        root.reject(station.profile, "is missing", "the station `" + id + "` of mailroom.toml feeds it");
    }
    for (const auto& [id, folder] : into.folders) {
      const auto profile = into.profiles.find(folder.profile);
      if (profile == into.profiles.end() || profile->second.source != kFilesSource)
        root.reject(folder.profile, "is no profile for files",
                    "the folder `" + id + "` of mailroom.toml needs one with source = \"files\"");
    }
  });
}

}  // namespace mailroom::config
