#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "drivers/virtual/escl/escl_messages.h"
#include "drivers/virtual/escl/http_server.h"
#include "drivers/virtual/feeder_config.h"
#include "drivers/virtual/feeder_state.h"

namespace mailroom::drivers::escl {

/// A scanner on the network that speaks eSCL, feeds a folder and fails where it is told to
/// (docs/virtual-scanner.md). It serves as long as it lives, on threads of its own. Thread-safe.
class EsclDevice {
 public:
  /// The scanner `name` of the configuration `file`, which is read anew at each job, on a free port of
  /// `address`.
  static Result<std::unique_ptr<EsclDevice>> start(const std::filesystem::path& file, const std::string& name,
                                                   const std::string& address = "127.0.0.1");
  EsclDevice(std::filesystem::path file, feeder::DeviceConfig config, feeder::FeederState state);
  EsclDevice(const EsclDevice&) = delete;
  EsclDevice& operator=(const EsclDevice&) = delete;
  ~EsclDevice();

  [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:40001/eSCL"

 private:
  struct Job {
    JobState state;
    JobSettings settings;
    std::optional<Bytes> back;  ///< the encoded back of the sheet that is through, not yet fetched
    bool back_jams = false;
  };
  enum class Way { whole, half, cut, stall };  ///< how an image leaves the device
  struct NextImage {
    int status = 404;
    Bytes bytes = {};
    Way way = Way::whole;
  };

  void answer(const HttpRequest& request, HttpReply& reply);
  void create_job(const HttpRequest& request, HttpReply& reply);
  void send_next(const std::string& uuid, HttpReply& reply);
  void end_job(const std::string& uuid, HttpReply& reply);
  NextImage next_image(Job& job);
  NextImage pull_sheet(Job& job);
  NextImage show_back(Job& job);
  NextImage refuse(Job& job, int status, const std::string& adf_state);
  [[nodiscard]] std::optional<NextImage> fail_at_start(Job& job, feeder::FaultKind kind);
  Result<Bytes> encoded(const std::string& image, const JobSettings& settings) const;
  Result<Bytes> encoded_blank(const std::string& like, const JobSettings& settings) const;
  std::optional<feeder::FaultKind> fault_at(int sheet);
  [[nodiscard]] std::string adf_state() const;
  [[nodiscard]] std::string status_text() const;
  void read_config();

  std::filesystem::path file_;
  mutable std::mutex mutex_;  ///< guards all below but server_
  feeder::DeviceConfig config_;
  feeder::FeederState state_;
  std::vector<Job> jobs_;
  std::string trouble_;  ///< the AdfState of the fault that ended the last job, empty without one
  bool lost_ = false;
  int busy_answers_ = 0;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace mailroom::drivers::escl
