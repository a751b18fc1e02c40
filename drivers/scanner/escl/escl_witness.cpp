#include "drivers/scanner/escl/escl_witness.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "daemon/base/log.h"

namespace mailroom::drivers {
namespace {

using namespace std::chrono_literals;

/// Shorter than any limit on progress: the witness must not look like a driver that hangs.
constexpr auto kPatience = 800ms;

constexpr auto kRest = 3s;
constexpr auto kLook = 100ms;

struct Trouble {
  const char* state;
  FaultKind kind;
  Errc code;
  PaperAt paper;
  const char* what;
  const char* remedy;
};

constexpr std::array<Trouble, 5> kTroubles = {{
    {"ScannerAdfJam", FaultKind::paper_jam, Errc::paper_jam, PaperAt::unknown, "paper jam",
     "clear the paper path"},
    {"ScannerAdfMultipickDetected", FaultKind::double_feed, Errc::double_feed, PaperAt::unknown,
     "the scanner pulled more than one sheet", "separate the sheets"},
    {"ScannerAdfMispick", FaultKind::paper_jam, Errc::paper_jam, PaperAt::feeder,
     "the scanner could not pull a sheet", "fan the sheets, put them back in"},
    {"ScannerAdfHatchOpen", FaultKind::cover_open, Errc::cover_open, PaperAt::unknown,
     "the scanner's cover is open", "close the cover"},
    {"ScannerAdfDoorOpen", FaultKind::cover_open, Errc::cover_open, PaperAt::unknown,
     "the scanner's cover is open", "close the cover"},
}};

constexpr int kFillerRows = 8;  // a row of blocks of a JPEG
constexpr std::uint8_t kFiller = 128;
constexpr std::uint8_t kPadding = 255;

bool all_are(const std::uint8_t* from, const std::uint8_t* to, std::uint8_t value) {
  return std::all_of(from, to, [value](std::uint8_t sample) { return sample == value; });
}

/// Filler from the left edge on, over at least eight pixels, and nothing but padding behind it.
bool is_filler(const std::uint8_t* row, const std::uint8_t* end, int channels) {
  const auto* behind = std::find_if(row, end, [](std::uint8_t sample) { return sample != kFiller; });
  return behind - row >= std::ptrdiff_t(8) * channels && all_are(behind, end, kPadding);
}

}  // namespace

bool breaks_off(const ScannedSide& side) {
  if (side.bits != 8) return false;
  const auto samples = std::ptrdiff_t(side.width) * side.channels;
  const auto row = [&](int index) { return side.pixels.data() + std::ptrdiff_t(index) * side.stride; };
  int last = side.height - 1;
  while (last >= 0 && all_are(row(last), row(last) + samples, kPadding)) last--;
  int filler = 0;
  while (filler <= last && is_filler(row(last - filler), row(last - filler) + samples, side.channels))
    filler++;
  return filler >= kFillerRows;
}

EsclWitness::EsclWitness(std::unique_ptr<Scanner> scanner, DeviceAddress address)
    : scanner_(std::move(scanner)), info_(scanner_->info()), address_(std::move(address)) {}

/// What the driver offers, and what the device itself tells.
Result<Capabilities> EsclWitness::capabilities() {
  MAILROOM_TRY(Capabilities offered, scanner_->capabilities());
  const auto status = ask_device_status(address_, kPatience);
  offered.senses_paper = status && !status->adf_state.empty();
  offered.counts_sheets = bool(status);
  return offered;
}

/// eSCL knows no buttons, and the driver no paper sensor.
Result<FeederSense> EsclWitness::sense() {
  MAILROOM_TRY(const auto status, ask_device_status(address_, kPatience));
  FeederSense sense;
  if (!status.adf_state.empty()) sense.loaded = status.adf_state == "ScannerAdfLoaded";
  return sense;
}

FeedFault EsclWitness::fault_here(FaultKind kind, PaperAt paper, Errc code, std::string what,
                                  std::string remedy) const {
  Place place = Place::on_device(info().name);
  place.page = std::to_string(sheet_) + " " + std::string(name_of(side_));
  remedy += ", then go on with sheet " + std::to_string(sheet_) + " of this feed";
  return {kind, sheet_, side_, paper, {code, std::move(what), std::move(place), std::move(remedy)}};
}

Result<void> EsclWitness::begin_feed(const FeedSettings& settings) {
  duplex_ = settings.source == Source::feeder_duplex;
  sheet_ = 1;
  side_ = Side::front;
  over_ = false;
  jobs_before_.clear();
  const auto status = ask_device_status(address_, kPatience);
  knows_jobs_ = bool(status);
  if (status) {
    for (const auto& job : status->jobs) jobs_before_.insert(job.uri);
  }
  return scanner_->begin_feed(settings);
}

/// What the device says is wrong with its feeder; nullopt when nothing is.
std::optional<FeedFault> EsclWitness::trouble_in(const DeviceStatus& status) const {
  const std::string& state = status.adf_state;
  if (state.empty() || state == "ScannerAdfEmpty" || state == "ScannerAdfLoaded" ||
      state == "ScannerAdfProcessing")
    return std::nullopt;
  for (const auto& known : kTroubles) {
    if (state == known.state)
      return fault_here(known.kind, known.paper, known.code, known.what, known.remedy);
  }
  return fault_here(FaultKind::device_error, PaperAt::unknown, Errc::io, "the scanner reports " + state,
                    "look at the scanner");
}

/// The driver's fault, as far as the device knows better what it is.
FeedFault EsclWitness::explained(FeedFault fault) const {
  if (fault.kind != FaultKind::device_error && fault.kind != FaultKind::out_of_paper) return fault;
  const auto status = ask_device_status(address_, kPatience);
  if (!status && status.error().code == Errc::device_lost) {
    return fault_here(FaultKind::device_lost, PaperAt::unknown, Errc::device_lost,
                      "the scanner does not answer on the network any more", "check its power and network");
  }
  auto trouble = status ? trouble_in(*status) : std::nullopt;
  return trouble ? *std::move(trouble) : fault;
}

/// The fault with the place of its sheet as the device's count tells it: a sheet whose image was cut off on
/// the way lies in the output tray, whatever the driver makes of it.
FeedFault EsclWitness::placed(FeedFault fault) const {
  if (fault.paper != PaperAt::feeder && fault.paper != PaperAt::unknown) return fault;
  const auto status = ask_device_status(address_, kPatience);
  const auto completed = status ? sheets_completed(*status) : std::nullopt;
  if (completed && *completed >= fault.sheet) fault.paper = PaperAt::tray;
  return fault;
}

/// Whether "no more documents" is not the end of the stack.
std::optional<FeedFault> EsclWitness::trouble_at_the_end() const {
  const auto status = ask_device_status(address_, kPatience);
  if (!status) return std::nullopt;
  if (status->adf_state != "ScannerAdfLoaded") return trouble_in(*status);
  return fault_here(FaultKind::stop_button, PaperAt::feeder, Errc::cancelled,
                    "the scanner stopped although there is paper in the feeder", "look at the scanner");
}

/// A side whose lower part never came although the driver calls it good; the feed is over then.
std::optional<FeedFault> EsclWitness::damage_of(const ScannedSide& side) {
  if (!breaks_off(side)) return std::nullopt;
  over_ = true;
  scanner_->cancel();
  return fault_here(FaultKind::damaged_image, PaperAt::tray, Errc::corrupt,
                    "the lower part of a side is missing: its picture broke off on the way",
                    "take this sheet out of the output tray and put it back on top");
}

NextSide EsclWitness::next_side(const Progress& progress) {
  if (over_) return std::optional<ScannedSide>{};
  auto side = scanner_->next_side(progress);
  if (!side) return tl::unexpected<FeedFault>(placed(explained(std::move(side).error())));
  if (!*side) {
    auto trouble = trouble_at_the_end();
    if (trouble) return tl::unexpected<FeedFault>(*std::move(trouble));
    return side;
  }
  auto damage = damage_of(**side);
  if (damage) return tl::unexpected<FeedFault>(*std::move(damage));
  const bool back_next = duplex_ && (*side)->side == Side::front;
  sheet_ = back_next ? (*side)->sheet : (*side)->sheet + 1;
  side_ = back_next ? Side::back : Side::front;
  return side;
}

/// Sheets of the jobs that are new since the feed began; nullopt when the device does not say. A foreign job
/// among them makes the sum too large, and the batch is held: that is meant.
std::optional<int> EsclWitness::sheets_completed(const DeviceStatus& status) const {
  if (!knows_jobs_) return std::nullopt;
  int images = 0;
  bool any = false;
  for (const auto& job : status.jobs) {
    if (jobs_before_.contains(job.uri)) continue;
    if (!job.images_completed) return std::nullopt;
    images += *job.images_completed;
    any = true;
  }
  if (!any) return std::nullopt;
  return duplex_ ? (images + 1) / 2 : images;
}

/// The status once no sheet moves any more: a job that was cancelled ends when the device finds time for it.
Result<DeviceStatus> EsclWitness::status_at_rest() const {
  const auto end = std::chrono::steady_clock::now() + kRest;
  auto status = ask_device_status(address_, kPatience);
  while (status && status->working && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(kLook);
    status = ask_device_status(address_, kPatience);
  }
  return status;
}

Result<DeviceCount> EsclWitness::count() {
  MAILROOM_TRY(DeviceCount count, scanner_->count());
  over_ = true;
  scanner_.reset();  // sane-airscan goes on pulling sheets after a cancel, until it is closed
  const auto status = status_at_rest();
  if (!status) {
    log::warning(status.error().message(), {.device = info().name});
    return count;
  }
  const std::string& state = status->adf_state;
  count.sheets_fed = sheets_completed(*status);
  if (state == "ScannerAdfEmpty" || state == "ScannerAdfLoaded")
    count.feeder_loaded = state == "ScannerAdfLoaded";
  if (!state.empty()) count.double_feed = state == "ScannerAdfMultipickDetected";
  return count;
}

}  // namespace mailroom::drivers
