#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "drivers/virtual/replay/recording.h"

namespace mailroom::drivers::replay {

/// A scanner that does again what a recording says it did. Thread-bound; not movable: SANE keeps pointers
/// into it. Its calls hang or end the process where the recorded ones did.
class ReplayDevice {
 public:
  ReplayDevice(DeviceConfig config, Recording recording);
  ReplayDevice(const ReplayDevice&) = delete;
  ReplayDevice& operator=(const ReplayDevice&) = delete;

  [[nodiscard]] const SANE_Option_Descriptor* descriptor(SANE_Int option) const;
  SANE_Status get_option(SANE_Int option, void* value);
  SANE_Status set_option(SANE_Int option, const void* value, SANE_Int* info);
  SANE_Status start();
  SANE_Status parameters(SANE_Parameters& parameters);
  SANE_Status read(SANE_Byte* to, SANE_Int limit, SANE_Int& length);
  void cancel();

 private:
  /// An option with what its descriptor points to.
  struct Option {
    SANE_Option_Descriptor descriptor{};
    std::string name;
    SANE_Range range{};
    std::vector<SANE_Word> words;
    std::vector<std::string> texts;
    std::vector<const char*> text_pointers;
  };
  struct SideData {
    std::vector<SANE_Byte> bytes;
    std::size_t position = 0;
    SANE_Status end = SANE_STATUS_EOF;
  };

  void describe(const nlohmann::json& option);
  void write_value(const Option& option, const nlohmann::json& recorded, void* value) const;
  [[nodiscard]] const nlohmann::json* next_line(const char* member, const char* name, std::size_t from) const;
  [[nodiscard]] std::size_t index_of(const nlohmann::json* line) const;
  const nlohmann::json* reading_of(const std::string& option);
  void let_time_pass(const nlohmann::json& call, const nlohmann::json& outcome) const;
  [[noreturn]] void stay_away() const;
  void load_side(const nlohmann::json& outcome);

  DeviceConfig config_;
  Recording recording_;
  std::vector<std::unique_ptr<Option>> options_;  // from index 1 on
  SANE_Option_Descriptor count_{};
  std::map<std::string, nlohmann::json> chosen_;  ///< settings made now
  std::map<std::string, const nlohmann::json*> last_reading_;
  std::map<std::string, std::size_t> read_up_to_;  ///< of the lines, by option
  std::size_t cursor_ = 0;                         ///< the line that was played last
  std::unique_ptr<SideData> side_;
};

}  // namespace mailroom::drivers::replay
