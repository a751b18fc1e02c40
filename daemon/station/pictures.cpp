#include "daemon/station/pictures.h"

#include <algorithm>

namespace mailroom::station {
namespace {

constexpr int kThumbnail = 256;
constexpr std::size_t kKept = 3000;

}  // namespace

Result<ocr::PageWorker*> Pictures::Drawer::worker() {
  if (!worker_) {
    MAILROOM_TRY(worker_, ocr::PageWorker::start(options_));
  } else if (!worker_->alive()) {
    MAILROOM_TRY_VOID(worker_->restart());
  }
  return &*worker_;
}

template <typename T>
Result<T> Pictures::drawn_by(const std::function<Result<T>(ocr::PageWorker&)>& work) {
  Drawer& drawer = **std::min_element(drawers_.begin(), drawers_.end(),
                                      [](const auto& a, const auto& b) { return a->waiting < b->waiting; });
  const auto once = [&]() -> Result<T> {
    MAILROOM_TRY(ocr::PageWorker * worker, drawer.worker());
    return work(*worker);
  };
  ++drawer.waiting;
  auto drawn = drawer.thread.call([&]() -> Result<T> {
    auto first = once();
    const bool died =
        !first && (first.error().code == Errc::crashed || first.error().code == Errc::timed_out);
    return died ? once() : std::move(first);
  });
  --drawer.waiting;
  return drawn;
}

Pictures::Pictures(const intake::Spool& spool, ocr::PageWorkerOptions options) : spool_(spool) {
  options.pictures_only = true;
  for (auto& drawer : drawers_) drawer = std::make_unique<Drawer>(options);
}

Result<Bytes> Pictures::captured(const archive::Page& page) const {
  return spool_.read({page.batch, page.image.sheet, page.image.side, page.image.format}, page.image.sha256);
}

Result<Bytes> Pictures::thumbnail(const archive::Page& page, int rotation) {
  const std::string key = page.id + "/" + std::to_string(rotation);
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = places_.find(key); found != places_.end()) {
      kept_.splice(kept_.begin(), kept_, found->second);
      return found->second->second;
    }
  }
  MAILROOM_TRY(const Bytes bytes, captured(page));
  MAILROOM_TRY(Bytes picture, drawn_by<Bytes>([&](ocr::PageWorker& worker) {
                 return worker.picture(bytes, {rotation, kThumbnail});
               }));
  const std::scoped_lock lock(mutex_);
  if (!places_.contains(key)) {
    kept_.emplace_front(key, picture);
    places_[key] = kept_.begin();
  }
  if (kept_.size() > kKept) {
    places_.erase(kept_.back().first);
    kept_.pop_back();
  }
  return picture;
}

void Pictures::forget() {
  const std::scoped_lock lock(mutex_);
  places_.clear();
  kept_.clear();
}

Result<Bytes> Pictures::full(const archive::Page& page, int rotation) {
  MAILROOM_TRY(Bytes bytes, captured(page));
  if (rotation == 0 && page.image.format == ImageFormat::jpeg) return bytes;
  return drawn_by<Bytes>([&](ocr::PageWorker& worker) { return worker.picture(bytes, {rotation, 0}); });
}

Result<ocr::DrawnPage> Pictures::pdf_page(ByteView pdf, int page, int longest) {
  return drawn_by<ocr::DrawnPage>(
      [&](ocr::PageWorker& worker) { return worker.pdf_page(pdf, page, longest); });
}

}  // namespace mailroom::station
