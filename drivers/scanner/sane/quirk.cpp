#include "drivers/scanner/sane/quirk.h"

#include <algorithm>
#include <set>

#include "daemon/base/bytes.h"
#include "daemon/base/durable_file.h"
#include "drivers/scanner/names.h"

namespace mailroom::drivers {
namespace {

using json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 1U << 20U;

/// Anything in a quirk file that its page does not describe; becomes an Error at the edge.
struct Wrong {
  std::string what;
};

/// The members of one table; what nobody asked for is wrong.
class Table {
 public:
  Table(const json& body, std::string name) : body_(body), name_(std::move(name)) {
    if (!body.is_object()) throw Wrong{name_ + " is no table"};
  }

  template <typename T>
  void read(const char* key, T& into) {
    known_.insert(key);
    const auto found = body_.find(key);
    if (found == body_.end()) return;
    try {
      found->get_to(into);
    } catch (const json::exception&) {
      throw Wrong{path(key) + " has a wrong type"};
    }
  }

  void read(const char* key, OptionValues& into) {
    known_.insert(key);
    if (!body_.contains(key)) return;
    into.clear();
    for (const auto& [option, value] : table(key).items()) {
      if (!value.is_string()) throw Wrong{path(key) + "." + option + " is no text"};
      into.push_back({option, value.get<std::string>()});
    }
  }

  const json& table(const char* key) {
    known_.insert(key);
    static const json kNone = json::object();
    const auto found = body_.find(key);
    if (found == body_.end()) return kNone;
    if (!found->is_object()) throw Wrong{path(key) + " is no table"};
    return *found;
  }

  void finish() const {
    for (const auto& [key, value] : body_.items()) {
      if (!known_.contains(key)) throw Wrong{path(key) + " is not known"};
    }
  }

 private:
  [[nodiscard]] std::string path(const std::string& key) const {
    return name_.empty() ? key : name_ + "." + key;
  }

  const json& body_;
  std::string name_;
  std::set<std::string> known_;
};

void read_endorser(const json& body, EndorserQuirk& into) {
  Table table(body, "endorser");
  table.read("on", into.on);
  table.read("off", into.off);
  table.read("text", into.text);
  table.read("number", into.number);
  table.read("start", into.start);
  table.read("printed", into.printed);
  table.read("letters", into.letters);
  table.finish();
}

void read_error_codes(const json& body, std::map<int, FaultKind>& into) {
  for (const auto& [code, kind] : body.items()) {
    const auto meant = kind.is_string() ? fault_kind_from(kind.get<std::string>()) : fault_kind_from("");
    if (!meant || code.empty() || code.find_first_not_of("0123456789") != std::string::npos ||
        code.size() > 6)
      throw Wrong{"sensors.error_codes." + code + " is no number with a kind of fault"};
    into[std::stoi(code)] = *meant;
  }
}

void read_sensors(const json& body, SensorQuirk& into) {
  Table table(body, "sensors");
  table.read("loaded", into.loaded);
  table.read("cover", into.cover);
  table.read("double_feed", into.double_feed);
  table.read("staple", into.staple);
  table.read("ink_low", into.ink_low);
  table.read("counter", into.counter);
  table.read("error_code", into.error_code);
  table.read("buttons", into.buttons);
  table.read("read_twice", into.read_twice);
  read_error_codes(table.table("error_codes"), into.error_codes);
  table.finish();
}

void read_sources(Table& sources, Quirk& into) {
  for (const Source source : {Source::flatbed, Source::feeder_front, Source::feeder_duplex}) {
    OptionValues values;
    sources.read(std::string(name_of(source)).c_str(), values);
    if (!values.empty()) into.sources[source] = std::move(values);
  }
  sources.finish();
}

bool begins_with(std::string text, std::string beginning) {
  const auto lower = [](std::string& word) {
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return char(std::tolower(c)); });
  };
  lower(text);
  lower(beginning);
  return text.starts_with(beginning);
}

/// The body with what its models say differently laid over it (RFC 7396), in the order of the file.
json fitted_to(json body, const DeviceInfo& device) {
  const json models = body.contains("models") ? body["models"] : json::array();
  if (!models.is_array()) throw Wrong{"models is no list"};
  body.erase("models");
  for (json model : models) {
    if (!model.is_object() || !model.contains("model") || !model["model"].is_string())
      throw Wrong{"an entry of models names no model"};
    const bool fits = begins_with(device.model, model["model"].get<std::string>());
    model.erase("model");
    if (fits) body.merge_patch(model);
  }
  return body;
}

void fill(const json& body, Quirk& into) {
  Table table(body, "");
  std::string backend, note;
  table.read("backend", backend);
  table.read("note", note);
  Table sources(table.table("sources"), "sources");
  read_sources(sources, into);
  table.read("set", into.set);
  table.read("off", into.off);
  table.read("measured", into.measured);
  table.read("always_measured", into.always_measured);
  Table double_feed(table.table("double_feed"), "double_feed");
  double_feed.read("on", into.double_feed_on);
  double_feed.read("off", into.double_feed_off);
  double_feed.finish();
  read_endorser(table.table("endorser"), into.endorser);
  read_sensors(table.table("sensors"), into.sensors);
  table.read("grey_tail", into.grey_tail);
  table.finish();
}

/// The backend is a part of the name between colons: "fujitsu:fi-7600:1", "net:host:fujitsu:fi-7600:1".
/// The last part that has a file counts.
fs::path file_for(const std::string& name, const fs::path& folder) {
  fs::path found;
  std::size_t start = 0;
  while (start <= name.size()) {
    const auto end = std::min(name.find(':', start), name.size());
    const std::string part = name.substr(start, end - start);
    const bool plain = !part.empty() && part.find_first_of("/. ") == std::string::npos;
    if (plain && fs::exists(folder / (part + ".json"))) found = folder / (part + ".json");
    start = end + 1;
  }
  return found;
}

}  // namespace

Result<Quirk> read_quirk(const json& text, const DeviceInfo& device, const std::string& file) {
  try {
    Quirk quirk;
    quirk.file = file;
    fill(fitted_to(text, device), quirk);
    return quirk;
  } catch (const Wrong& wrong) {
    return fail(Errc::invalid_input, "a quirk file is wrong: " + wrong.what, Place::in_file(file),
                "docs/scanner-quirks.md says what it may hold");
  }
}

Result<Quirk> Quirk::of(const DeviceInfo& device, const fs::path& folder) {
  const fs::path file = folder.empty() ? fs::path() : file_for(device.name, folder);
  if (file.empty()) return Quirk{};
  MAILROOM_TRY(const Bytes bytes, read_file(file, kLargestFile));
  const json text = json::parse(as_text(bytes), nullptr, false);
  if (text.is_discarded()) {
    return fail(Errc::invalid_input, "a quirk file is no JSON", Place::in_file(file.string()),
                "docs/scanner-quirks.md says what it may hold");
  }
  return read_quirk(text, device, file.string());
}

}  // namespace mailroom::drivers
