#include "drivers/virtual/feeder_device.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>

namespace mailroom::drivers::feeder {
namespace {

/// What a decoder makes of the missing half of an image: one value to the end.
void damage(PaperSide& side) {
  const auto half = std::ptrdiff_t(side.height / 2) * side.stride;
  std::fill(side.rows.begin() + half, side.rows.end(), std::uint8_t(128));
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

}  // namespace

Result<std::unique_ptr<FeederDevice>> FeederDevice::open(DeviceConfig config) {
  MAILROOM_TRY(FeederState state, FeederState::open(config));
  return std::make_unique<FeederDevice>(std::move(config), std::move(state));
}

FeederDevice::FeederDevice(DeviceConfig config, FeederState state)
    : config_(std::move(config)), state_(std::move(state)), options_(config_) {}

void FeederDevice::complain(const Error& error) const {
  std::cerr << "mailroomfeeder: " << config_.name << ": " << error.message() << std::endl;
}

SANE_Status FeederDevice::get_option(SANE_Int option, void* value) {
  if (lost_) return SANE_STATUS_IO_ERROR;
  const auto left = state_.images_left();
  const bool loaded = left && !left->empty();
  const Sensors sensors{loaded,  cover_open_, double_feed_, state_.counter(),
                        staple_, ink_low_,    printed_,     state_.button_pressed()};
  const SANE_Status status = options_.get(option, value, sensors);
  const bool read = option == kScanButton && status == SANE_STATUS_GOOD;
  if (read && *static_cast<SANE_Word*>(value) != 0) state_.forget_button();
  return status;
}

/// Lets time pass until the next image has come through the rollers. A caller that is late by less than
/// one image does not slow the device down: its buffer holds one.
void FeederDevice::keep_pace() {
  if (config_.pace <= 0) return;
  using Clock = std::chrono::steady_clock;
  const auto interval =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(60 / config_.pace));
  due_ = std::max(due_, Clock::now() - interval);
  std::this_thread::sleep_until(due_);
  due_ += interval;
}

std::optional<FaultKind> FeederDevice::fault_at(int sheet) {
  for (const Fault& fault : config_.faults) {
    if (fault.sheet != sheet) continue;
    const auto fires = state_.fires(fault);
    if (!fires) complain(fires.error());
    if (fires && *fires) return fault.kind;
  }
  return std::nullopt;
}

SANE_Status FeederDevice::start() {
  if (lost_) return SANE_STATUS_IO_ERROR;
  if (current_) return SANE_STATUS_DEVICE_BUSY;
  cover_open_ = double_feed_ = staple_ = ink_low_ = contradicts_ = false;
  if (!back_) return start_sheet();
  keep_pace();
  PaperSide back = *std::move(back_);
  back_.reset();
  return show(std::move(back));
}

SANE_Status FeederDevice::start_sheet() {
  const auto left = state_.images_left();
  if (!left) {
    complain(left.error());
    return SANE_STATUS_IO_ERROR;
  }
  if (left->empty()) return SANE_STATUS_NO_DOCS;
  keep_pace();
  const std::size_t sides = options_.source() == Source::feeder_duplex ? 2 : 1;
  const int sheet = state_.sheets() + 1;
  pending_ = fault_at(sheet);
  if (pending_) {
    const SANE_Status status = fail_at_start(*pending_);
    if (status != SANE_STATUS_GOOD) return status;
  }
  return pull({left->begin(), left->begin() + std::ptrdiff_t(std::min(sides, left->size()))}, sheet);
}

/// The faults that happen before the sheet is in the paper path: it stays in the feeder.
SANE_Status FeederDevice::fail_at_start(FaultKind kind) {
  switch (kind) {
    case FaultKind::jam: return SANE_STATUS_JAMMED;
    case FaultKind::doublefeed: double_feed_ = true; return SANE_STATUS_JAMMED;
    case FaultKind::cover: cover_open_ = true; return SANE_STATUS_COVER_OPEN;
    case FaultKind::io: return SANE_STATUS_IO_ERROR;
    case FaultKind::lost: lost_ = true; return SANE_STATUS_IO_ERROR;
    case FaultKind::stop_button: return SANE_STATUS_NO_DOCS;
    case FaultKind::staple: staple_ = true; return SANE_STATUS_JAMMED;
    case FaultKind::no_ink: ink_low_ = true; return SANE_STATUS_IO_ERROR;
    case FaultKind::busy: return SANE_STATUS_DEVICE_BUSY;
    case FaultKind::start_hang: hang();
    case FaultKind::changes: options_.change_resolution(); return SANE_STATUS_GOOD;
    case FaultKind::contradicts: contradicts_ = true; return SANE_STATUS_GOOD;
    default: return SANE_STATUS_GOOD;
  }
}

Result<PaperSide> FeederDevice::load(const std::string& image) const {
  auto side = load_side(config_.folder / image, options_.mode(), options_.dpi());
  if (!side) {
    Error error = std::move(side).error();
    error.place.file = image;
    return fail(std::move(error));
  }
  return side;
}

SANE_Status FeederDevice::pull(const std::vector<std::string>& images, int sheet) {
  const bool duplex = options_.source() == Source::feeder_duplex;
  auto front = load(images.front());
  auto back = images.size() > 1 ? load(images.back()) : Result<PaperSide>{};
  if (front && images.size() == 1 && duplex) back = blank_side(*front, options_.mode());
  if (!front || !back) {
    std::cerr << "mailroomfeeder: " << config_.name << ": sheet " << sheet << " cannot be scanned\n";
    complain(front ? back.error() : front.error());
    return SANE_STATUS_IO_ERROR;
  }
  const auto consumed = state_.consume(images, pending_ == FaultKind::counter ? 2 : 1);
  if (!consumed) {
    complain(consumed.error());
    return SANE_STATUS_IO_ERROR;
  }
  if (options_.prints()) printed_++;
  if (duplex) back_ = std::move(*back);
  if (pending_ == FaultKind::damaged) damage(*front);
  return show(std::move(*front));
}

SANE_Status FeederDevice::show(PaperSide side) {
  current_ = std::move(side);
  shape_ = {current_->width, current_->height, current_->stride, {}};
  position_ = 0;
  return SANE_STATUS_GOOD;
}

SANE_Parameters FeederDevice::parameters() const {
  SANE_Parameters parameters{};
  const ColourMode mode = options_.mode();
  parameters.format = mode == ColourMode::colour ? SANE_FRAME_RGB : SANE_FRAME_GRAY;
  parameters.last_frame = SANE_TRUE;
  parameters.depth = mode == ColourMode::bilevel ? 1 : 8;
  // Also when the side has been read already: a server that reads ahead asks late (saned).
  if (shape_.height > 0) {
    parameters.pixels_per_line = shape_.width;
    parameters.bytes_per_line = shape_.stride;
    parameters.lines = config_.unknown_height ? -1 : shape_.height;
    if (contradicts_) parameters.bytes_per_line /= 2;
    return parameters;
  }
  parameters.pixels_per_line = int(210 / 25.4 * options_.dpi());
  parameters.lines = config_.unknown_height ? -1 : int(297 / 25.4 * options_.dpi());
  const int channels = mode == ColourMode::colour ? 3 : 1;
  parameters.bytes_per_line = mode == ColourMode::bilevel ? (parameters.pixels_per_line + 7) / 8
                                                          : parameters.pixels_per_line * channels;
  return parameters;
}

/// The faults that strike in the middle of a side: its sheet has left the feeder.
SANE_Status FeederDevice::fail_while_reading() {
  const bool front = options_.source() != Source::feeder_duplex || back_.has_value();
  if (pending_ == FaultKind::back_jam && front) return SANE_STATUS_GOOD;
  const FaultKind kind = *pending_;
  pending_.reset();
  switch (kind) {
    case FaultKind::crash: std::abort();
    case FaultKind::read_hang: hang();
    case FaultKind::read_jam:
    case FaultKind::back_jam: cancel(); return SANE_STATUS_JAMMED;
    case FaultKind::short_page: current_.reset(); return SANE_STATUS_EOF;
    default: return SANE_STATUS_GOOD;
  }
}

SANE_Status FeederDevice::read(SANE_Byte* to, SANE_Int limit, SANE_Int& length) {
  length = 0;
  if (lost_) return SANE_STATUS_IO_ERROR;
  if (!current_) return SANE_STATUS_CANCELLED;
  const std::size_t size = current_->rows.size();
  const std::size_t half = std::size_t(current_->height / 2) * std::size_t(current_->stride);
  if (pending_ && position_ >= half) {
    const SANE_Status status = fail_while_reading();
    if (status != SANE_STATUS_GOOD) return status;
  }
  if (position_ == size) {
    current_.reset();
    return SANE_STATUS_EOF;
  }
  const std::size_t end = pending_ && position_ < half ? half : size;
  const std::size_t count = std::min(std::size_t(limit), end - position_);
  std::memcpy(to, current_->rows.data() + position_, count);
  position_ += count;
  length = SANE_Int(count);
  return SANE_STATUS_GOOD;
}

void FeederDevice::cancel() {
  current_.reset();
  shape_ = {};
  back_.reset();
  pending_.reset();
}

}  // namespace mailroom::drivers::feeder
