#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/archive/pages.h"
#include "daemon/base/bytes.h"
#include "daemon/base/work_thread.h"
#include "daemon/intake/spool.h"
#include "ocr/worker/client/page_client.h"

namespace mailroom::station {

/// Captured sides as JPEG that a browser can show, turned upright; they are never changed. Workers behind
/// a shut sandbox draw them: a scanner's process may be taken over, so its bytes are not decoded here.
/// Thumbnails are kept in memory. Thread-safe.
class Pictures {
 public:
  /// The workers are started when the first picture is wanted.
  Pictures(const intake::Spool& spool, ocr::PageWorkerOptions options);

  /// At most 256 pixels a side. Errors as of ocr::PageWorker and Spool::read().
  Result<Bytes> thumbnail(const archive::Page& page, int rotation);

  /// Drops the thumbnails that are kept: something was erased.
  void forget();

  /// Full resolution; the captured bytes themselves when they are a JPEG that stands upright.
  Result<Bytes> full(const archive::Page& page, int rotation);

  /// A page of a foreign PDF, at most `longest` pixels a side. Errors as of ocr::PageWorker::pdf_page().
  Result<ocr::DrawnPage> pdf_page(ByteView pdf, int page, int longest);

 private:
  /// A worker process and the thread it belongs to.
  class Drawer {
   public:
    explicit Drawer(ocr::PageWorkerOptions options) : options_(std::move(options)) {}
    ~Drawer() {
      thread.call([this] { worker_.reset(); });
    }
    Drawer(const Drawer&) = delete;
    Drawer& operator=(const Drawer&) = delete;

    /// The worker, awake; on `thread`.
    Result<ocr::PageWorker*> worker();

    std::atomic<int> waiting = 0;
    WorkThread thread;

   private:
    ocr::PageWorkerOptions options_;
    std::optional<ocr::PageWorker> worker_;
  };

  Result<Bytes> captured(const archive::Page& page) const;
  /// What `work` gets from the least busy worker; one that dies over it is started again, once.
  template <typename T>
  Result<T> drawn_by(const std::function<Result<T>(ocr::PageWorker&)>& work);

  const intake::Spool& spool_;
  std::array<std::unique_ptr<Drawer>, 2> drawers_;
  std::mutex mutex_;
  std::list<std::pair<std::string, Bytes>> kept_;  // latest first
  std::map<std::string, std::list<std::pair<std::string, Bytes>>::iterator> places_;
};

}  // namespace mailroom::station
