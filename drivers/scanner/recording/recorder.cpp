#include "drivers/scanner/recording/recorder.h"

#include <fcntl.h>
#include <sane/sane.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "daemon/base/bytes.h"
#include "daemon/base/unique_fd.h"
#include "daemon/crypto/digest.h"
#include "drivers/scanner/recording/status_names.h"

extern "C" {
SANE_Status __real_sane_open(SANE_String_Const name, SANE_Handle* handle);
SANE_Status __real_sane_control_option(SANE_Handle handle, SANE_Int option, SANE_Action action, void* value,
                                       SANE_Int* info);
SANE_Status __real_sane_get_parameters(SANE_Handle handle, SANE_Parameters* parameters);
SANE_Status __real_sane_start(SANE_Handle handle);
SANE_Status __real_sane_read(SANE_Handle handle, SANE_Byte* data, SANE_Int limit, SANE_Int* length);
void __real_sane_cancel(SANE_Handle handle);
void __real_sane_close(SANE_Handle handle);
}

namespace mailroom::drivers {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

json option_of(SANE_Int index, const SANE_Option_Descriptor& descriptor) {
  json option = {{"index", index},          {"name", descriptor.name == nullptr ? "" : descriptor.name},
                 {"type", descriptor.type}, {"unit", descriptor.unit},
                 {"size", descriptor.size}, {"cap", descriptor.cap}};
  if (descriptor.constraint_type == SANE_CONSTRAINT_RANGE) {
    const SANE_Range& range = *descriptor.constraint.range;
    option["range"] = {range.min, range.max, range.quant};
  } else if (descriptor.constraint_type == SANE_CONSTRAINT_WORD_LIST) {
    const SANE_Word* words = descriptor.constraint.word_list;
    option["words"] = std::vector<SANE_Word>(words + 1, words + 1 + words[0]);
  } else if (descriptor.constraint_type == SANE_CONSTRAINT_STRING_LIST) {
    auto texts = json::array();
    for (auto text = descriptor.constraint.string_list; *text != nullptr; ++text) texts.push_back(*text);
    option["texts"] = std::move(texts);
  }
  return option;
}

/// A value as the descriptor says it is: a text, a number, or a list of numbers.
json value_of(const SANE_Option_Descriptor& descriptor, const void* value) {
  if (value == nullptr || descriptor.type == SANE_TYPE_BUTTON || descriptor.type == SANE_TYPE_GROUP)
    return nullptr;
  if (descriptor.type == SANE_TYPE_STRING) return std::string(static_cast<const char*>(value));
  const auto* words = static_cast<const SANE_Word*>(value);
  const auto count = std::size_t(descriptor.size) / sizeof(SANE_Word);
  if (count == 1) return words[0];
  return std::vector<SANE_Word>(words, words + count);
}

/// The side that is being read.
struct Side {
  DigestStream digest;
  std::size_t bytes = 0;
  UniqueFd picture;
  std::string picture_name;
};

class Recorder {
 public:
  Recorder(UniqueFd file, std::filesystem::path path, bool pictures)
      : file_(std::move(file)), path_(std::move(path)), pictures_(pictures) {}

  void note(json line);
  void note_options(SANE_Handle handle);
  void note_value(SANE_Handle handle, SANE_Int option, SANE_Action action, const void* value,
                  SANE_Status status);
  void note_piece(const SANE_Byte* data, std::size_t size, SANE_Status status);
  void begin_side();
  [[nodiscard]] bool in_side() const { return side_.has_value(); }
  [[nodiscard]] Result<void> outcome() const {
    return problem_ ? Result<void>(fail(*problem_)) : Result<void>();
  }

 private:
  void write_all(int file, const void* data, std::size_t size);

  UniqueFd file_;
  std::filesystem::path path_;
  bool pictures_;
  Clock::time_point begun_ = Clock::now();
  std::optional<Side> side_;
  int sides_ = 0;
  std::optional<Error> problem_;
};

std::unique_ptr<Recorder> recorder;

/// The first failure ends the recording; the feed goes on.
void Recorder::write_all(int file, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const char*>(data);
  while (size > 0 && !problem_) {
    const ssize_t written = ::write(file, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      problem_ =
          fail_errno("a recording could not be written to its end", errno, Place::in_file(path_.string()))
              .value();
      return;
    }
    bytes += written;
    size -= std::size_t(written);
  }
}

void Recorder::note(json line) {
  line["at"] = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_).count();
  const std::string text = line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  write_all(file_.get(), text.data(), text.size());
}

void Recorder::note_options(SANE_Handle handle) {
  SANE_Int count = 0;
  auto options = json::array();
  if (__real_sane_control_option(handle, 0, SANE_ACTION_GET_VALUE, &count, nullptr) != SANE_STATUS_GOOD)
    return;
  for (SANE_Int i = 1; i < count; i++) {
    const auto* descriptor = sane_get_option_descriptor(handle, i);
    if (descriptor != nullptr) options.push_back(option_of(i, *descriptor));
  }
  note({{"call", "options"}, {"options", std::move(options)}});
}

void Recorder::note_value(SANE_Handle handle, SANE_Int option, SANE_Action action, const void* value,
                          SANE_Status status) {
  const auto* descriptor = sane_get_option_descriptor(handle, option);
  if (option == 0 || descriptor == nullptr || descriptor->name == nullptr) return;
  note({{"call", action == SANE_ACTION_GET_VALUE ? "get" : "set"},
        {"option", descriptor->name},
        {"value", value_of(*descriptor, value)},
        {"status", status_name(status)}});
}

void Recorder::begin_side() {
  note({{"call", "read"}});
  side_.emplace();
  sides_++;
  if (!pictures_) return;
  std::string number = std::to_string(sides_);
  number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
  const auto file = path_.parent_path() / (path_.stem().string() + "-" + number + ".raw");
  side_->picture_name = file.filename().string();
  side_->picture.reset(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!side_->picture.valid() && !problem_)
    problem_ = fail_errno("a picture of a recording could not be made", errno, Place::in_file(file.string()))
                   .value();
}

void Recorder::note_piece(const SANE_Byte* data, std::size_t size, SANE_Status status) {
  side_->digest.add({data, size});
  side_->bytes += size;
  if (side_->picture.valid()) write_all(side_->picture.get(), data, size);
  if (status == SANE_STATUS_GOOD) return;
  json line = {{"return", "read"},
               {"status", status_name(status)},
               {"bytes", side_->bytes},
               {"sha256", to_hex(side_->digest.finish())}};
  if (!side_->picture_name.empty()) line["picture"] = side_->picture_name;
  side_.reset();
  note(std::move(line));
}

}  // namespace

Result<void> begin_recording(const std::filesystem::path& file, const DeviceInfo& device, bool pictures) {
  UniqueFd opened(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
  if (!opened.valid()) return fail_errno("cannot make a recording", errno, Place::in_file(file.string()));
  recorder = std::make_unique<Recorder>(std::move(opened), file, pictures);
  recorder->note(
      {{"recording", 1},
       {"pictures", pictures},
       {"device",
        {{"name", device.name}, {"vendor", device.vendor}, {"model", device.model}, {"type", device.type}}}});
  return recorder->outcome();
}

Result<void> end_recording() {
  if (!recorder) return {};
  const auto outcome = recorder->outcome();
  recorder.reset();
  return outcome;
}

}  // namespace mailroom::drivers

// What the linker calls in the place of libsane's functions. They are C: nothing is thrown through them.
using mailroom::drivers::recorder;
using mailroom::drivers::status_name;

extern "C" {

SANE_Status __wrap_sane_open(SANE_String_Const name, SANE_Handle* handle) {
  const SANE_Status status = __real_sane_open(name, handle);
  if (recorder && status == SANE_STATUS_GOOD) recorder->note_options(*handle);
  return status;
}

SANE_Status __wrap_sane_control_option(SANE_Handle handle, SANE_Int option, SANE_Action action, void* value,
                                       SANE_Int* info) {
  if (!recorder) return __real_sane_control_option(handle, option, action, value, info);
  SANE_Int changed = 0;
  const SANE_Status status = __real_sane_control_option(handle, option, action, value, &changed);
  if (info != nullptr) *info = changed;
  recorder->note_value(handle, option, action, value, status);
  if ((changed & SANE_INFO_RELOAD_OPTIONS) != 0) recorder->note_options(handle);
  return status;
}

SANE_Status __wrap_sane_get_parameters(SANE_Handle handle, SANE_Parameters* parameters) {
  const SANE_Status status = __real_sane_get_parameters(handle, parameters);
  if (recorder) {
    recorder->note({{"call", "parameters"},
                    {"format", parameters->format},
                    {"last_frame", parameters->last_frame},
                    {"bytes_per_line", parameters->bytes_per_line},
                    {"pixels_per_line", parameters->pixels_per_line},
                    {"lines", parameters->lines},
                    {"depth", parameters->depth},
                    {"status", status_name(status)}});
  }
  return status;
}

SANE_Status __wrap_sane_start(SANE_Handle handle) {
  if (recorder) recorder->note({{"call", "start"}});
  const SANE_Status status = __real_sane_start(handle);
  if (recorder) recorder->note({{"return", "start"}, {"status", status_name(status)}});
  return status;
}

SANE_Status __wrap_sane_read(SANE_Handle handle, SANE_Byte* data, SANE_Int limit, SANE_Int* length) {
  if (recorder && !recorder->in_side()) recorder->begin_side();
  const SANE_Status status = __real_sane_read(handle, data, limit, length);
  if (recorder) recorder->note_piece(data, std::size_t(*length), status);
  return status;
}

void __wrap_sane_cancel(SANE_Handle handle) {
  if (recorder) recorder->note({{"call", "cancel"}});
  __real_sane_cancel(handle);
  if (recorder) recorder->note({{"return", "cancel"}});
}

void __wrap_sane_close(SANE_Handle handle) {
  __real_sane_close(handle);
  if (recorder) recorder->note({{"call", "close"}});
}
}
