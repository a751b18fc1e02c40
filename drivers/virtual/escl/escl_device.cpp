#include "drivers/virtual/escl/escl_device.h"

#include <algorithm>
#include <array>
#include <iostream>

#include "daemon/base/durable_file.h"
#include "daemon/base/uuid.h"
#include "drivers/virtual/paper.h"
#include "ocr/codec/encode.h"

namespace mailroom::drivers::escl {
namespace {

using feeder::FaultKind;

constexpr const char* kXml = "text/xml";
constexpr const char* kJpeg = "image/jpeg";
constexpr const char* kRoot = "/eSCL/";
constexpr int kQuality = 90;

Result<feeder::DeviceConfig> config_of(const std::filesystem::path& file, const std::string& name) {
  MAILROOM_TRY(const Bytes text, read_file(file));
  MAILROOM_TRY(auto configs, feeder::parse_config({reinterpret_cast<const char*>(text.data()), text.size()},
                                                  file.string()));
  for (auto& config : configs) {
    if (config.name == name) return std::move(config);
  }
  return fail(Errc::not_found, "there is no virtual scanner of this name", Place::on_device(name));
}

void complain(const feeder::DeviceConfig& config, const Error& error) {
  std::cerr << "eSCL device " << config.name << ": " << error.message() << std::endl;
}

Result<Bytes> encode(const feeder::PaperSide& side, const JobSettings& settings) {
  const ocr::RawImage raw{side.width, side.height, settings.dpi, settings.mode == ColourMode::colour ? 3 : 1,
                          8,          side.stride, side.rows};
  MAILROOM_TRY(CapturedImage image, ocr::encode_capture(raw, kQuality));
  return std::move(image.bytes);
}

/// Where half of a JPEG's picture has gone by: behind its tables (ITU-T T.81, start of scan).
std::size_t middle_of(const Bytes& jpeg) {
  constexpr std::array<std::uint8_t, 2> kStartOfScan = {0xFF, 0xDA};
  const auto scan = std::search(jpeg.begin(), jpeg.end(), kStartOfScan.begin(), kStartOfScan.end());
  return (std::size_t(scan - jpeg.begin()) + jpeg.size()) / 2;
}

}  // namespace

Result<std::unique_ptr<EsclDevice>> EsclDevice::start(const std::filesystem::path& file,
                                                      const std::string& name, const std::string& address) {
  MAILROOM_TRY(auto config, config_of(file, name));
  MAILROOM_TRY(auto state, feeder::FeederState::open(config));
  auto device = std::make_unique<EsclDevice>(file, std::move(config), std::move(state));
  auto* self = device.get();
  MAILROOM_TRY(device->server_,
               HttpServer::start(address, [self](const HttpRequest& request, HttpReply& reply) {
                 self->answer(request, reply);
               }));
  return device;
}

EsclDevice::EsclDevice(std::filesystem::path file, feeder::DeviceConfig config, feeder::FeederState state)
    : file_(std::move(file)), config_(std::move(config)), state_(std::move(state)) {}

EsclDevice::~EsclDevice() {
  server_.reset();  // its threads use the rest
}

std::string EsclDevice::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + "/eSCL";
}

/// A file that went wrong leaves the device as it was; what is wrong is said.
void EsclDevice::read_config() {
  auto config = config_of(file_, config_.name);
  if (config) {
    config_ = *std::move(config);
  } else {
    complain(config_, config.error());
  }
}

void EsclDevice::answer(const HttpRequest& request, HttpReply& reply) {
  if (!request.path.starts_with(kRoot)) return reply.send(404);
  const std::string what = request.path.substr(std::string(kRoot).size());
  std::unique_lock lock(mutex_);
  if (what == "ScannerCapabilities") lost_ = false;  // a client begins anew
  if (lost_) return;
  if (what == "ScannerCapabilities") return reply.send(200, kXml, as_bytes(capabilities_of(config_)));
  if (what == "ScannerStatus") return reply.send(200, kXml, as_bytes(status_text()));
  lock.unlock();
  if (what == "ScanJobs") return create_job(request, reply);
  const std::string uuid = what.starts_with("ScanJobs/") ? what.substr(9, 36) : "";
  if (request.method == "DELETE") return end_job(uuid, reply);
  if (what.ends_with("/NextDocument")) return send_next(uuid, reply);
  reply.send(404);
}

std::string EsclDevice::adf_state() const {
  if (!trouble_.empty()) return trouble_;
  const auto left = state_.images_left();
  return left && !left->empty() ? "ScannerAdfLoaded" : "ScannerAdfEmpty";
}

std::string EsclDevice::status_text() const {
  std::vector<JobState> states;
  for (auto job = jobs_.rbegin(); job != jobs_.rend(); ++job) states.push_back(job->state);
  const bool busy = std::any_of(states.begin(), states.end(), [](const auto& job) { return !job.finished; });
  return status_of(busy, adf_state(), states);
}

void EsclDevice::create_job(const HttpRequest& request, HttpReply& reply) {
  const std::scoped_lock lock(mutex_);
  read_config();
  const auto settings = job_settings_from(request.body, config_);
  if (!settings) return reply.send(409);
  if (!jobs_.empty() && !jobs_.back().state.finished) return reply.send(503);
  trouble_.clear();
  const auto left = state_.images_left();
  if (!left || left->empty()) return reply.send(409);
  Job job;
  job.state.uuid = new_uuid(SystemClock{});
  job.state.uri = std::string(kRoot) + "ScanJobs/" + job.state.uuid;
  job.settings = *settings;
  jobs_.push_back(job);
  reply.send(201, "", {},
             {{"Location", "http://127.0.0.1:" + std::to_string(server_->port()) + job.state.uri}});
}

void EsclDevice::end_job(const std::string& uuid, HttpReply& reply) {
  const std::scoped_lock lock(mutex_);
  for (auto& job : jobs_) {
    if (job.state.uuid == uuid) job.state.finished = true;
  }
  reply.send(200);
}

void EsclDevice::send_next(const std::string& uuid, HttpReply& reply) {
  NextImage next;
  {
    const std::scoped_lock lock(mutex_);
    const auto job = std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& known) {
      return known.state.uuid == uuid && !known.state.finished;
    });
    if (job == jobs_.end()) return reply.send(404);
    next = next_image(*job);
    if (lost_) return;
  }
  if (next.status != 200 && next.way != Way::stall) return reply.send(next.status);
  switch (next.way) {
    case Way::whole: return reply.send(200, kJpeg, next.bytes);
    case Way::half: return reply.send(200, kJpeg, ByteView(next.bytes).first(middle_of(next.bytes)));
    case Way::cut: return reply.send_part(kJpeg, next.bytes, middle_of(next.bytes));
    case Way::stall:
      if (!next.bytes.empty()) reply.send_part(kJpeg, next.bytes, middle_of(next.bytes));
      return reply.stall();
  }
}

EsclDevice::NextImage EsclDevice::next_image(Job& job) {
  if (busy_answers_ > 0) {
    busy_answers_--;
    return {503};
  }
  return job.back || job.back_jams ? show_back(job) : pull_sheet(job);
}

/// The job ends without another image.
EsclDevice::NextImage EsclDevice::refuse(Job& job, int status, const std::string& adf_state) {
  job.state.finished = true;
  job.state.aborted = !adf_state.empty();
  trouble_ = adf_state;
  return {status};
}

EsclDevice::NextImage EsclDevice::show_back(Job& job) {
  if (job.back_jams) return refuse(job, 404, "ScannerAdfJam");
  NextImage next{200, *std::move(job.back)};
  job.back.reset();
  job.state.images_completed++;
  return next;
}

/// The faults that happen before the sheet is in the paper path: it stays in the feeder.
std::optional<EsclDevice::NextImage> EsclDevice::fail_at_start(Job& job, FaultKind kind) {
  switch (kind) {
    case FaultKind::jam: return refuse(job, 404, "ScannerAdfJam");
    case FaultKind::doublefeed: return refuse(job, 404, "ScannerAdfMultipickDetected");
    case FaultKind::cover: return refuse(job, 404, "ScannerAdfHatchOpen");
    case FaultKind::stop_button: return refuse(job, 404, "");
    case FaultKind::io: return refuse(job, 500, "");
    case FaultKind::lost:
      lost_ = true;
      job.state.finished = true;
      return NextImage{};
    case FaultKind::start_hang: job.state.finished = true; return NextImage{404, {}, Way::stall};
    case FaultKind::busy: return NextImage{503};
    default: return std::nullopt;
  }
}

EsclDevice::NextImage EsclDevice::pull_sheet(Job& job) {
  const auto left = state_.images_left();
  if (!left || left->empty()) return refuse(job, left ? 404 : 500, "");
  const auto fault = fault_at(state_.sheets() + 1);
  if (fault) {
    auto failed = fail_at_start(job, *fault);
    if (failed) return *std::move(failed);
  }
  const bool duplex = job.settings.source == Source::feeder_duplex;
  const std::size_t sides = std::min<std::size_t>(duplex ? 2 : 1, left->size());
  auto front = encoded(left->front(), job.settings);
  auto back = sides == 2 ? encoded(left->at(1), job.settings) : encoded_blank(left->front(), job.settings);
  const auto consumed = state_.consume({left->begin(), left->begin() + std::ptrdiff_t(sides)}, 1);
  if (!front || !back || !consumed) {
    complain(config_, !front ? front.error() : !back ? back.error() : consumed.error());
    return refuse(job, 500, "");
  }
  if (fault == FaultKind::read_jam) return refuse(job, 404, "ScannerAdfJam");
  if (duplex) job.back = *std::move(back);
  job.back_jams = fault == FaultKind::back_jam;
  job.state.images_completed += fault == FaultKind::counter ? 1 + int(sides) : 1;
  NextImage next{200, *std::move(front)};
  if (fault == FaultKind::short_page) next.way = Way::half;
  if (fault == FaultKind::crash) next.way = Way::cut;
  if (fault == FaultKind::read_hang) next.way = Way::stall;
  if (next.way == Way::cut || next.way == Way::stall) job.state.finished = true;
  return next;
}

std::optional<FaultKind> EsclDevice::fault_at(int sheet) {
  for (const auto& fault : config_.faults) {
    if (fault.sheet != sheet) continue;
    const auto fires = state_.fires(fault);
    if (!fires) complain(config_, fires.error());
    if (fires && *fires) return fault.kind;
  }
  return std::nullopt;
}

Result<Bytes> EsclDevice::encoded(const std::string& image, const JobSettings& settings) const {
  MAILROOM_TRY(const auto side, feeder::load_side(config_.folder / image, settings.mode, settings.dpi));
  return encode(side, settings);
}

Result<Bytes> EsclDevice::encoded_blank(const std::string& like, const JobSettings& settings) const {
  MAILROOM_TRY(const auto side, feeder::load_side(config_.folder / like, settings.mode, settings.dpi));
  return encode(feeder::blank_side(side, settings.mode), settings);
}

}  // namespace mailroom::drivers::escl
