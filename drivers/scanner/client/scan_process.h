#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/document/image.h"
#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// How a ScanProcess is run.
struct ScanOptions {
  /// A helper that shows no progress for longer than this is killed. Time spent in on_image does not
  /// count. It must be longer than the scanner needs for one side and for warming up.
  std::chrono::milliseconds progress_limit{20'000};
  int queue = 32;  ///< images the scanner may run ahead of on_image, at least 1
  std::map<std::string, std::string> environment = {};  ///< added to ours, e.g. SANE_CONFIG_DIR
  std::vector<std::string> arguments = {};              ///< of the program; mailroom-scan takes none
};

/// Where the recording of a feed goes (docs/formats/scan-recording.md), on the computer the scanner hangs on.
struct RecordingOrder {
  std::filesystem::path file;  ///< must not exist
  bool pictures = false;       ///< keep the pixels too
};

struct FeedRequest {
  std::string device;  ///< DeviceInfo::name
  FeedSettings settings = {};
  std::optional<RecordingOrder> record = {};
};

enum class FeedEnd {
  feeder_empty,  ///< the feeder says that it is empty after at least one sheet
  fault,         ///< FeedSummary::fault says which, at which sheet and where that sheet is
  stopped,       ///< asked for through the stop token
  paused,        ///< the same, and the stack is to go on: never told by a scanner
};

/// What became of a feed. `sheets`, `images` and `half_sheet` count what on_image accepted, not what
/// the device or the helper claims.
struct FeedSummary {
  FeedEnd end = FeedEnd::feeder_empty;
  std::optional<FeedFault> fault = {};
  int sheets = 0;  ///< sheets of which at least one side was accepted
  int images = 0;
  /// The sheet of a duplex feed whose front was accepted and whose back never came: hold it.
  std::optional<int> half_sheet = {};
  DeviceCount count = {};  ///< empty when the helper could not ask the device any more
  DeviceInfo device = {};
};

/// Takes one image and makes it durable. Success gives the scanner room for one more image; an error
/// ends the feed with that error as its fault, and later images of the feed are not offered.
using OnImage = std::function<Result<void>(CapturedImage&&)>;

/// The daemon's end of one mailroom-scan process (docs/formats/helper-protocol.md): one per scanner,
/// any number side by side. The helper is started when it is needed and again after it died or was
/// killed, so a ScanProcess outlives every crash of the device's driver.
///
/// Move-only, thread-bound. The thread that called start() or the first command after a crash must live
/// as long as the helper shall (see ChildProcess).
class ScanProcess {
 public:
  /// Starts `program` (mailroom-scan). Fails when it cannot be run.
  static Result<ScanProcess> start(std::filesystem::path program, ScanOptions options);

  ScanProcess(ScanProcess&&) noexcept;
  ScanProcess& operator=(ScanProcess&&) noexcept;
  ~ScanProcess();  ///< ends the helper, by force when it does not answer

  /// The devices SANE can see now. Errc::timed_out when a driver hangs, Errc::crashed.
  Result<std::vector<DeviceInfo>> list_devices();

  /// What `device` offers. Errors as of list_devices(), and Errc::not_found, busy.
  Result<Capabilities> capabilities(const std::string& device);

  /// What `device` senses now; it is open for as long as that takes. Errors as of capabilities().
  Result<FeederSense> sense(const std::string& device);

  /// Feeds until the feeder is empty, something fails or `stop` is requested, which lets the sheet in
  /// flight finish. Images come in the order of feeding, fronts before backs, on the calling thread.
  ///
  /// An Error means that the device did not take the settings and no sheet moved: Errc::not_found,
  /// busy, unsupported, refused, crashed or timed_out while it was opened. From then on everything is told by
  /// the summary: a fault has a kind, names sheet and side (FeedFault, and Place::page of its error) and
  /// where that sheet is. Images accepted before a fault stay good; the next feed goes on with the sheet that
  /// is next in the feeder.
  Result<FeedSummary> feed(const FeedRequest& request, const OnImage& on_image, std::stop_token stop = {});

 private:
  class Session;
  explicit ScanProcess(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace mailroom::drivers
