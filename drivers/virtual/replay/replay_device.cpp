#include "drivers/virtual/replay/replay_device.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "daemon/base/durable_file.h"
#include "drivers/scanner/recording/status_names.h"

namespace mailroom::drivers::replay {
namespace {

using nlohmann::json;

template <typename T>
T member(const json& object, const char* key, T otherwise) {
  const auto found = object.find(key);
  if (found == object.end()) return otherwise;
  try {
    return found->get<T>();
  } catch (const json::exception&) {
    return otherwise;
  }
}

/// The even grey of a side whose picture was not recorded.
SANE_Byte grey_of(const std::string& sha256) {
  const auto value = std::strtoul(sha256.substr(0, 2).c_str(), nullptr, 16);
  return SANE_Byte(std::clamp<unsigned long>(value, 16, 240));
}

}  // namespace

ReplayDevice::ReplayDevice(DeviceConfig config, Recording recording)
    : config_(std::move(config)), recording_(std::move(recording)) {
  const json* list = nullptr;
  for (const auto& line : recording_.lines) {
    const auto call = member<std::string>(line, "call", "");
    if (call == "options") list = &line;
    if (call == "start") break;
  }
  if (list != nullptr) {
    for (const auto& option : list->value("options", json::array())) describe(option);
  }
  count_.name = "";
  count_.title = count_.desc = "Number of options";
  count_.type = SANE_TYPE_INT;
  count_.size = sizeof(SANE_Word);
  count_.cap = SANE_CAP_SOFT_DETECT;
}

void ReplayDevice::describe(const json& recorded) {
  const auto index = member<std::size_t>(recorded, "index", 0);
  if (index == 0 || index > 1000) return;
  while (options_.size() < index) options_.push_back(std::make_unique<Option>());
  Option& option = *options_[index - 1];
  option.name = member<std::string>(recorded, "name", "");
  auto& descriptor = option.descriptor;
  descriptor.name = descriptor.title = descriptor.desc = option.name.c_str();
  descriptor.type = SANE_Value_Type(member<int>(recorded, "type", SANE_TYPE_GROUP));
  descriptor.unit = SANE_Unit(member<int>(recorded, "unit", SANE_UNIT_NONE));
  descriptor.size = member<int>(recorded, "size", 0);
  descriptor.cap = member<int>(recorded, "cap", 0);
  const auto range = member<std::vector<SANE_Word>>(recorded, "range", {});
  option.words = member<std::vector<SANE_Word>>(recorded, "words", {});
  option.texts = member<std::vector<std::string>>(recorded, "texts", {});
  if (range.size() == 3) {
    option.range = {range[0], range[1], range[2]};
    descriptor.constraint_type = SANE_CONSTRAINT_RANGE;
    descriptor.constraint.range = &option.range;
  } else if (!option.words.empty()) {
    option.words.insert(option.words.begin(), SANE_Word(option.words.size()));
    descriptor.constraint_type = SANE_CONSTRAINT_WORD_LIST;
    descriptor.constraint.word_list = option.words.data();
  } else if (!option.texts.empty()) {
    for (const auto& text : option.texts) option.text_pointers.push_back(text.c_str());
    option.text_pointers.push_back(nullptr);
    descriptor.constraint_type = SANE_CONSTRAINT_STRING_LIST;
    descriptor.constraint.string_list = option.text_pointers.data();
  }
}

const SANE_Option_Descriptor* ReplayDevice::descriptor(SANE_Int option) const {
  if (option == 0) return &count_;
  if (option < 0 || std::size_t(option) > options_.size()) return nullptr;
  return &options_[std::size_t(option) - 1]->descriptor;
}

/// The first line at or after `from` whose `member` is `name`; nullptr without one.
const json* ReplayDevice::next_line(const char* key, const char* name, std::size_t from) const {
  for (std::size_t i = from; i < recording_.lines.size(); i++) {
    if (member<std::string>(recording_.lines[i], key, "") == name) return &recording_.lines[i];
  }
  return nullptr;
}

std::size_t ReplayDevice::index_of(const json* line) const {
  return std::size_t(line - recording_.lines.data());
}

/// What the option said next in the recording before the next start, else what it said last.
const json* ReplayDevice::reading_of(const std::string& option) {
  const json* next_start = next_line("call", "start", cursor_);
  const std::size_t end = next_start == nullptr ? recording_.lines.size() : index_of(next_start);
  for (std::size_t i = std::max(cursor_, read_up_to_[option]); i < end; i++) {
    const json& line = recording_.lines[i];
    if (member<std::string>(line, "call", "") != "get" || member<std::string>(line, "option", "") != option)
      continue;
    read_up_to_[option] = i + 1;
    return last_reading_[option] = &line;
  }
  return last_reading_[option];
}

void ReplayDevice::write_value(const Option& option, const json& recorded, void* value) const {
  if (recorded.is_string() && option.descriptor.size > 0) {
    const auto text = recorded.get<std::string>().substr(0, std::size_t(option.descriptor.size) - 1);
    std::memcpy(value, text.c_str(), text.size() + 1);
  } else if (recorded.is_number_integer() && option.descriptor.size == SANE_Int(sizeof(SANE_Word))) {
    const auto word = recorded.get<SANE_Word>();
    std::memcpy(value, &word, sizeof word);
  }
}

SANE_Status ReplayDevice::get_option(SANE_Int index, void* value) {
  if (index == 0) {
    *static_cast<SANE_Word*>(value) = SANE_Word(options_.size()) + 1;
    return SANE_STATUS_GOOD;
  }
  if (descriptor(index) == nullptr) return SANE_STATUS_INVAL;
  const Option& option = *options_[std::size_t(index) - 1];
  std::memset(value, 0, std::size_t(option.descriptor.size));
  const auto chosen = chosen_.find(option.name);
  if (chosen != chosen_.end()) {
    write_value(option, chosen->second, value);
    return SANE_STATUS_GOOD;
  }
  const json* reading = reading_of(option.name);
  if (reading == nullptr) return SANE_STATUS_GOOD;
  write_value(option, reading->value("value", json()), value);
  return SANE_Status(status_named(member<std::string>(*reading, "status", "good")));
}

SANE_Status ReplayDevice::set_option(SANE_Int index, const void* value, SANE_Int* info) {
  if (index < 1 || descriptor(index) == nullptr) return SANE_STATUS_INVAL;
  const Option& option = *options_[std::size_t(index) - 1];
  json wanted;
  if (option.descriptor.type == SANE_TYPE_STRING)
    wanted = std::string(static_cast<const char*>(value));
  else if (option.descriptor.size == SANE_Int(sizeof(SANE_Word)))
    wanted = *static_cast<const SANE_Word*>(value);
  for (const auto& line : recording_.lines) {
    const bool same = member<std::string>(line, "call", "") == "set" &&
                      member<std::string>(line, "option", "") == option.name &&
                      line.value("value", json()) == wanted;
    const auto status =
        same ? SANE_Status(status_named(member<std::string>(line, "status", "good"))) : SANE_STATUS_GOOD;
    if (status != SANE_STATUS_GOOD) return status;
  }
  chosen_[option.name] = wanted;
  if (info != nullptr) *info = SANE_INFO_RELOAD_PARAMS;
  return SANE_STATUS_GOOD;
}

void ReplayDevice::let_time_pass(const json& call, const json& outcome) const {
  if (!config_.in_time) return;
  const auto took = member<long>(outcome, "at", 0) - member<long>(call, "at", 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(std::clamp(took, 0L, 600'000L)));
}

/// The recorded process did not come back from here.
void ReplayDevice::stay_away() const {
  if (config_.crash_at_the_end) std::abort();
  for (;;) ::pause();
}

SANE_Status ReplayDevice::start() {
  const json* call = next_line("call", "start", cursor_);
  if (call == nullptr) return SANE_STATUS_NO_DOCS;
  const json* outcome = next_line("return", "start", index_of(call));
  if (outcome == nullptr) stay_away();
  let_time_pass(*call, *outcome);
  cursor_ = index_of(outcome);
  side_.reset();
  return SANE_Status(status_named(member<std::string>(*outcome, "status", "io_error")));
}

SANE_Status ReplayDevice::parameters(SANE_Parameters& parameters) {
  const json* line = next_line("call", "parameters", cursor_);
  if (line == nullptr) return SANE_STATUS_INVAL;
  parameters.format = SANE_Frame(member<int>(*line, "format", SANE_FRAME_GRAY));
  parameters.last_frame = member<int>(*line, "last_frame", SANE_TRUE);
  parameters.bytes_per_line = member<int>(*line, "bytes_per_line", 0);
  parameters.pixels_per_line = member<int>(*line, "pixels_per_line", 0);
  parameters.lines = member<int>(*line, "lines", 0);
  parameters.depth = member<int>(*line, "depth", 8);
  return SANE_Status(status_named(member<std::string>(*line, "status", "good")));
}

void ReplayDevice::load_side(const json& outcome) {
  side_ = std::make_unique<SideData>();
  side_->end = SANE_Status(status_named(member<std::string>(outcome, "status", "io_error")));
  const auto size = std::min(member<std::size_t>(outcome, "bytes", 0), std::size_t(1U << 30U));
  const auto picture = member<std::string>(outcome, "picture", "");
  if (!picture.empty()) {
    auto bytes = read_file(config_.recording.parent_path() / std::filesystem::path(picture).filename());
    if (bytes) side_->bytes = *std::move(bytes);
  }
  side_->bytes.resize(size, grey_of(member<std::string>(outcome, "sha256", "80")));
}

SANE_Status ReplayDevice::read(SANE_Byte* to, SANE_Int limit, SANE_Int& length) {
  length = 0;
  if (!side_) {
    const json* call = next_line("call", "read", cursor_);
    if (call == nullptr) return SANE_STATUS_EOF;
    const json* outcome = next_line("return", "read", index_of(call));
    if (outcome == nullptr) stay_away();
    let_time_pass(*call, *outcome);
    cursor_ = index_of(outcome);
    load_side(*outcome);
  }
  const std::size_t count = std::min(std::size_t(limit), side_->bytes.size() - side_->position);
  if (count == 0) return side_->end;
  std::memcpy(to, side_->bytes.data() + side_->position, count);
  side_->position += count;
  length = SANE_Int(count);
  return SANE_STATUS_GOOD;
}

void ReplayDevice::cancel() {
  side_.reset();
}

}  // namespace mailroom::drivers::replay
