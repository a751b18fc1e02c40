#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "daemon/base/work_thread.h"
#include "daemon/intake/scanner_sites.h"
#include "daemon/intake/scanner_turns.h"
#include "daemon/kiosk/visit.h"
#include "ocr/worker/client/page_client.h"

namespace mailroom::kiosk {

/// What the scanning of a proof works with; everything outlives it.
struct ScannerRooms {
  const intake::ScannerSites& sites;
  intake::ScannerTurns& turns;
  ocr::PageWorkerOptions reading;  ///< workers that see whether a side is blank and how it lies
  ocr::PageWorkerOptions drawing;  ///< workers that draw pictures
};

/// What a scan tells on its way; called on the scanner's thread.
struct ScanEvents {
  /// A side; false when no more of them are wanted.
  std::function<bool(CapturedImage&&, const PageReport&)> side;
  /// The scan is over: the device, and why it ended early (a kind of docs/scanner-faults.md, "no_paper",
  /// "unreadable"), empty when it did not.
  std::function<void(const drivers::DeviceInfo&, const std::string& fault)> over;
};

/// The scanner of a kiosk. Sides go into the memory of the visit and nowhere else: what a citizen does not
/// hand in was never kept. The processes that saw a side are ended with its person. Thread-safe.
class ProofScanner {
 public:
  ProofScanner(ScannerRooms rooms, std::string scanner);
  ~ProofScanner();
  ProofScanner(const ProofScanner&) = delete;
  ProofScanner& operator=(const ProofScanner&) = delete;

  /// Begins; Errc::busy while it scans, or somebody else does with the same scanner.
  Result<void> begin(const drivers::FeedSettings& settings, ScanEvents events);
  void stop();  ///< after the sheet that moves

  /// Breaks off; nothing is told any more once this returns, and the processes that saw something end.
  void forget();

  /// The side upright as a JPEG, `longest` pixels at most. Errors as of ocr::PageWorker::picture().
  Result<Bytes> picture(const ScannedSide& side, int longest);

  /// The same worker for what a recipient answered: a foreign PDF.
  Result<int> pages_of(const Bytes& pdf);
  Result<Bytes> page_of(const Bytes& pdf, int page);

  /// Looks whether the scanner is there, when it is not in use; may take seconds.
  void look();
  [[nodiscard]] std::string state() const;  ///< "ok", "lost", "busy", "none"

 private:
  void scan(const drivers::FeedSettings& settings, const ScanEvents& events, int number);
  Result<ocr::DrawnPage> draw(const Bytes& pdf, int page);
  Result<PageReport> inspect(ByteView image);
  void tell(int number, const std::function<void()>& what);

  ScannerRooms rooms_;
  std::string scanner_;
  std::atomic<bool> is_there_ = false;
  std::atomic<int> current_ = 0;  // number of the scan at work; even: none
  std::mutex telling_;
  std::mutex mutex_;
  std::stop_source stop_;
  std::optional<ocr::PageWorker> reader_;  // of `scanning_`
  std::optional<ocr::PageWorker> drawer_;  // of `drawing_`
  WorkThread drawing_;
  WorkThread scanning_;
};

}  // namespace mailroom::kiosk
