#include "daemon/kiosk/proof_scanner.h"

#include "daemon/document/feed_fault.h"

namespace mailroom::kiosk {
namespace {

Result<ocr::PageWorker*> awake(std::optional<ocr::PageWorker>& worker,
                               const ocr::PageWorkerOptions& options) {
  if (!worker) {
    MAILROOM_TRY(worker, ocr::PageWorker::start(options));
  } else if (!worker->alive()) {
    MAILROOM_TRY_VOID(worker->restart());
  }
  return &*worker;
}

bool is_death(const Error& error) {
  return error.code == Errc::crashed || error.code == Errc::timed_out;
}

/// Why a scan ended, in a word for the screen.
std::string fault_of(const Result<drivers::FeedSummary>& fed) {
  if (!fed)
    return fed.error().code == Errc::feeder_empty ? "no_paper" : std::string(name_of(fed.error().code));
  if (fed->fault && fed->fault->kind == FaultKind::out_of_paper) return "no_paper";
  if (fed->fault) return std::string(name_of(fed->fault->kind));
  return {};
}

}  // namespace

ProofScanner::ProofScanner(ScannerRooms rooms, std::string scanner)
    : rooms_(std::move(rooms)), scanner_(std::move(scanner)) {
  rooms_.drawing.pictures_only = true;
}

ProofScanner::~ProofScanner() {
  forget();
  scanning_.stop();
  drawing_.stop();
}

Result<void> ProofScanner::begin(const drivers::FeedSettings& settings, ScanEvents events) {
  const std::scoped_lock lock(mutex_);
  if (current_ % 2 != 0) return fail(Errc::busy, "the scanner is at work");
  const int number = ++current_;
  stop_ = std::stop_source();
  scanning_.post([this, settings, events = std::move(events), number] { scan(settings, events, number); });
  return {};
}

void ProofScanner::stop() {
  const std::scoped_lock lock(mutex_);
  stop_.request_stop();
}

void ProofScanner::forget() {
  stop();
  {
    const std::scoped_lock quiet(telling_);
    const std::scoped_lock lock(mutex_);
    if (current_ % 2 != 0) ++current_;
  }
  scanning_.post([this] { reader_.reset(); });
  drawing_.post([this] { drawer_.reset(); });
}

void ProofScanner::tell(int number, const std::function<void()>& what) {
  const std::scoped_lock quiet(telling_);
  if (current_ == number) what();
}

Result<PageReport> ProofScanner::inspect(ByteView image) {
  constexpr ocr::PageRequest kWithoutText{.recognise = false, .patch_t = false, .routing_sheets = false};
  MAILROOM_TRY(ocr::PageWorker * worker, awake(reader_, rooms_.reading));
  auto report = worker->read_page(image, kWithoutText);
  if (report || !is_death(report.error())) return report;
  MAILROOM_TRY(worker, awake(reader_, rooms_.reading));
  return worker->read_page(image, kWithoutText);
}

void ProofScanner::scan(const drivers::FeedSettings& settings, const ScanEvents& events, int number) {
  const auto turn = rooms_.turns.try_take(scanner_);
  auto access = turn.owns_lock() ? rooms_.sites.access(scanner_)
                                 : Result<intake::ScannerAccess>(fail(Errc::busy, "the scanner is in use"));
  std::string unreadable;
  bool enough = false;
  drivers::DeviceInfo device;
  std::string fault;
  if (access) {
    is_there_ = true;
    const auto on_image = [&](CapturedImage&& image) -> Result<void> {
      auto report = inspect(image.bytes);
      if (!report) unreadable = "unreadable";
      bool more = bool(report);
      if (report) tell(number, [&] { more = events.side(std::move(image), *report); });
      if (more && current_ == number) return {};
      enough = true;
      return fail(Errc::cancelled, "no more sides are wanted");
    };
    const auto fed = access->process.feed({access->device, settings, {}}, on_image, stop_.get_token());
    if (fed) device = fed->device;
    is_there_ = fed || fed.error().code != Errc::not_found;
    fault = enough ? unreadable : fault_of(fed);
  } else {
    fault = name_of(access.error().code);
    is_there_ = access.error().code == Errc::busy;
  }
  tell(number, [&] { events.over(device, fault); });
  const std::scoped_lock lock(mutex_);
  if (current_ == number) ++current_;
}

Result<Bytes> ProofScanner::picture(const ScannedSide& side, int longest) {
  return drawing_.call([&]() -> Result<Bytes> {
    MAILROOM_TRY(ocr::PageWorker * worker, awake(drawer_, rooms_.drawing));
    return worker->picture(side.image.bytes, {side.report.rotation, longest});
  });
}

Result<ocr::DrawnPage> ProofScanner::draw(const Bytes& pdf, int page) {
  constexpr int kLongest = 1600;
  return drawing_.call([&]() -> Result<ocr::DrawnPage> {
    MAILROOM_TRY(ocr::PageWorker * worker, awake(drawer_, rooms_.drawing));
    return worker->pdf_page(pdf, page, kLongest);
  });
}

Result<int> ProofScanner::pages_of(const Bytes& pdf) {
  MAILROOM_TRY(const auto first, draw(pdf, 1));
  return first.pages;
}

Result<Bytes> ProofScanner::page_of(const Bytes& pdf, int page) {
  MAILROOM_TRY(auto drawn, draw(pdf, page));
  return std::move(drawn.jpeg);
}

void ProofScanner::look() {
  if (scanner_.empty()) return;
  const auto turn = rooms_.turns.try_take(scanner_);
  if (!turn.owns_lock()) return;  // in use, so it is there
  auto access = rooms_.sites.access(scanner_);
  is_there_ = access && access->process.capabilities(access->device);
}

std::string ProofScanner::state() const {
  if (scanner_.empty()) return "none";
  return is_there_ ? "ok" : "lost";
}

}  // namespace mailroom::kiosk
