#include "drivers/virtual/feeder_state.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>

namespace mailroom::drivers::feeder {
namespace {

constexpr std::string_view kFirstLine = "mailroomfeeder-state 1";

bool is_page(const std::filesystem::directory_entry& entry) {
  constexpr std::array<std::string_view, 10> kSuffixes = {".jpg",  ".webp", ".jpeg", ".png", ".tif",
                                                          ".tiff", ".pnm",  ".pgm",  ".pbm", ".ppm"};
  std::string suffix = entry.path().extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  return entry.is_regular_file() && std::find(kSuffixes.begin(), kSuffixes.end(), suffix) != kSuffixes.end();
}

Result<UniqueFd> lock_file(const std::filesystem::path& file, const std::string& device) {
  UniqueFd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!lock.valid())
    return fail_errno("cannot open the lock of a virtual scanner", errno, Place::in_file(file.string()));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(Errc::busy, "the virtual scanner is open elsewhere", Place::on_device(device));
  }
  return lock;
}

}  // namespace

Result<FeederState> FeederState::open(const DeviceConfig& config) {
  std::error_code problem;
  std::filesystem::create_directories(config.state, problem);
  FeederState state;
  state.folder_ = config.folder;
  state.file_ = config.state / (config.name + ".feeder");
  state.button_ = config.state / (config.name + ".button");
  MAILROOM_TRY(state.lock_, lock_file(config.state / (config.name + ".feeder.lock"), config.name));
  MAILROOM_TRY_VOID(state.load());
  return state;
}

bool FeederState::button_pressed() const {
  std::error_code problem;
  return std::filesystem::exists(button_, problem);
}

void FeederState::forget_button() {
  std::error_code problem;
  std::filesystem::remove(button_, problem);  // one that stays is pressed again
}

Result<void> FeederState::load() {
  std::ifstream file(file_);
  if (!file) return {};
  std::string line;
  if (!std::getline(file, line) || line != kFirstLine) {
    return fail(Errc::corrupt, "not a state file of a virtual scanner", Place::in_file(file_.string()),
                "remove it");
  }
  while (std::getline(file, line)) {
    const auto space = line.find(' ');
    const std::string key = line.substr(0, space);
    const std::string value = space == std::string::npos ? "" : line.substr(space + 1);
    if (key == "sheets") sheets_ = std::atoi(value.c_str());
    if (key == "counter") counter_ = std::atoi(value.c_str());
    if (key == "fed") fed_.insert(value);
    if (key == "fired") fired_.insert(value);
  }
  return {};
}

Result<void> FeederState::save() const {
  const auto part = std::filesystem::path(file_).concat(".part");
  std::ofstream file(part);
  file << kFirstLine << "\nsheets " << sheets_ << "\ncounter " << counter_ << '\n';
  for (const auto& name : fed_) file << "fed " << name << '\n';
  for (const auto& name : fired_) file << "fired " << name << '\n';
  file.close();
  std::error_code problem;
  if (file) std::filesystem::rename(part, file_, problem);
  if (!file || problem) {
    return fail(Errc::io, "cannot write the state of a virtual scanner", Place::in_file(file_.string()));
  }
  return {};
}

Result<std::vector<std::string>> FeederState::images_left() const {
  std::error_code problem;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, problem)) {
    std::string name = entry.path().filename().string();
    if (is_page(entry) && !fed_.contains(name)) names.push_back(std::move(name));
  }
  if (problem) return fail_errno("cannot read the stack", problem.value(), Place::in_file(folder_.string()));
  std::sort(names.begin(), names.end());
  return names;
}

Result<bool> FeederState::fires(const Fault& fault) {
  if (!fired_.insert(std::to_string(fault.sheet) + ":" + std::string(name_of(fault.kind))).second)
    return false;
  MAILROOM_TRY_VOID(save());
  return true;
}

Result<void> FeederState::consume(const std::vector<std::string>& images, int counted) {
  fed_.insert(images.begin(), images.end());
  sheets_++;
  counter_ += counted;
  return save();
}

}  // namespace mailroom::drivers::feeder
