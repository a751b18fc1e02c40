#include "drivers/scanner/messages/messages.h"

#include <utility>

#include "daemon/crypto/digest.h"
#include "drivers/scanner/names.h"

namespace mailroom::drivers::messages {
namespace {

using nlohmann::json;

/// The value that `from` finds for the word `body[key]`; throws json::exception like json itself for any
/// other.
template <typename From>
auto value_in(const json& body, const char* key, From from) {
  const auto& wanted = body.at(key).get_ref<const std::string&>();
  const auto value = from(wanted);
  if (!value) throw json::other_error::create(501, "'" + wanted + "' is no value of " + key, &body);
  return *value;
}

template <typename Value, typename From>
std::vector<Value> values_in(const json& body, const char* key, From from) {
  std::vector<Value> values;
  for (const auto& entry : body.at(key)) {
    const auto value = from(entry.get_ref<const std::string&>());
    if (!value) throw json::other_error::create(501, "an unknown word in " + std::string(key), &body);
    values.push_back(*value);
  }
  return values;
}

template <typename Value>
json words(const std::vector<Value>& values) {
  json list = json::array();
  for (const Value value : values) list.push_back(name_of(value));
  return list;
}

/// Runs `read` on bytes of the peer: what json throws there is the peer's fault.
template <typename Read>
auto checked(Read read) -> Result<decltype(read())> {
  try {
    return read();
  } catch (const json::exception& problem) {
    return fail(Errc::corrupt,
                "the scan process sent a message that breaks the protocol: " + std::string(problem.what()));
  }
}

template <typename T>
std::optional<T> optional_in(const json& body, const char* key) {
  if (!body.contains(key)) return std::nullopt;
  return body.at(key).get<T>();
}

}  // namespace

json to_json(const Error& error) {
  json place = json::object();
  if (!error.place.device.empty()) place["device"] = error.place.device;
  if (!error.place.batch.empty()) place["batch"] = error.place.batch;
  if (!error.place.page.empty()) place["page"] = error.place.page;
  if (!error.place.file.empty()) place["file"] = error.place.file;
  return {{"code", name_of(error.code)}, {"what", error.what}, {"remedy", error.remedy}, {"place", place}};
}

Error error_from(const json& body) {
  const auto read = checked([&] {
    Error error;
    error.code = errc_from(body.at("code").get<std::string>()).value_or(Errc::corrupt);
    error.what = body.at("what").get<std::string>();
    error.remedy = body.value("remedy", "");
    const json place = body.value("place", json::object());
    error.place.device = place.value("device", "");
    error.place.batch = place.value("batch", "");
    error.place.page = place.value("page", "");
    error.place.file = place.value("file", "");
    return error;
  });
  return read ? *read : read.error();
}

json to_json(const FeedSettings& settings) {
  return {{"source", name_of(settings.source)},
          {"mode", name_of(settings.mode)},
          {"dpi", settings.dpi},
          {"width_mm", settings.width_mm},
          {"height_mm", settings.height_mm},
          {"jpeg_quality", settings.jpeg_quality},
          {"measured", settings.measured},
          {"double_feed", name_of(settings.double_feed)},
          {"endorser", settings.endorser},
          {"endorser_start", settings.endorser_start}};
}

Result<FeedSettings> settings_from(const json& body) {
  return checked([&] {
    FeedSettings settings;
    settings.source = value_in(body, "source", source_from);
    settings.mode = value_in(body, "mode", mode_from);
    settings.dpi = body.at("dpi").get<int>();
    settings.width_mm = body.at("width_mm").get<double>();
    settings.height_mm = body.at("height_mm").get<double>();
    settings.jpeg_quality = body.at("jpeg_quality").get<int>();
    settings.measured = body.at("measured").get<bool>();
    settings.double_feed = value_in(body, "double_feed", double_feed_from);
    settings.endorser = body.at("endorser").get<std::string>();
    settings.endorser_start = body.at("endorser_start").get<int>();
    return settings;
  });
}

json to_json(const Capabilities& device) {
  return {{"sources", words(device.sources)},
          {"modes", words(device.modes)},
          {"resolutions",
           {{"listed", device.resolutions.listed},
            {"lowest", device.resolutions.lowest},
            {"highest", device.resolutions.highest},
            {"step", device.resolutions.step}}},
          {"max_width_mm", device.max_width_mm},
          {"max_height_mm", device.max_height_mm},
          {"measures_paper", device.measures_paper},
          {"detects_double_feed", device.detects_double_feed},
          {"endorser_letters", device.endorser_letters},
          {"counts_sheets", device.counts_sheets},
          {"senses_paper", device.senses_paper},
          {"buttons", device.buttons},
          {"quirks", device.quirks},
          {"doubts", device.doubts}};
}

Result<Capabilities> capabilities_from(const json& body) {
  return checked([&] {
    Capabilities device;
    device.sources = values_in<Source>(body, "sources", source_from);
    device.modes = values_in<ColourMode>(body, "modes", mode_from);
    const json& resolutions = body.at("resolutions");
    resolutions.at("listed").get_to(device.resolutions.listed);
    resolutions.at("lowest").get_to(device.resolutions.lowest);
    resolutions.at("highest").get_to(device.resolutions.highest);
    resolutions.at("step").get_to(device.resolutions.step);
    body.at("max_width_mm").get_to(device.max_width_mm);
    body.at("max_height_mm").get_to(device.max_height_mm);
    body.at("measures_paper").get_to(device.measures_paper);
    body.at("detects_double_feed").get_to(device.detects_double_feed);
    body.at("endorser_letters").get_to(device.endorser_letters);
    body.at("counts_sheets").get_to(device.counts_sheets);
    body.at("senses_paper").get_to(device.senses_paper);
    body.at("buttons").get_to(device.buttons);
    body.at("quirks").get_to(device.quirks);
    body.at("doubts").get_to(device.doubts);
    return device;
  });
}

json to_json(const FeederSense& sense) {
  json body = {{"pressed", sense.pressed}};
  if (sense.loaded) body["loaded"] = *sense.loaded;
  return body;
}

Result<FeederSense> sense_from(const json& body) {
  return checked([&] {
    FeederSense sense;
    body.at("pressed").get_to(sense.pressed);
    if (body.contains("loaded")) sense.loaded = body.at("loaded").get<bool>();
    return sense;
  });
}

json to_json(const FeedFault& fault) {
  json body = mailroom::to_json(fault);
  body["error"] = to_json(fault.error);
  return body;
}

FeedFault fault_from(const json& body) {
  FeedFault fault;
  if (auto read = feed_fault_from(body)) fault = *std::move(read);
  fault.error = error_from(body.value("error", json::object()));
  return fault;
}

json to_json(const DeviceInfo& info) {
  return {{"name", info.name}, {"vendor", info.vendor}, {"model", info.model}, {"type", info.type}};
}

Result<DeviceInfo> device_from(const json& body) {
  return checked([&] {
    return DeviceInfo{body.at("name").get<std::string>(), body.at("vendor").get<std::string>(),
                      body.at("model").get<std::string>(), body.at("type").get<std::string>()};
  });
}

json to_json(const DeviceCount& count) {
  json body = json::object();
  if (count.sheets_fed) body["sheets_fed"] = *count.sheets_fed;
  if (count.feeder_loaded) body["feeder_loaded"] = *count.feeder_loaded;
  if (count.double_feed) body["double_feed"] = *count.double_feed;
  if (count.endorsed) body["endorsed"] = *count.endorsed;
  return body;
}

Result<DeviceCount> count_from(const json& body) {
  return checked([&] {
    return DeviceCount{optional_in<int>(body, "sheets_fed"), optional_in<bool>(body, "feeder_loaded"),
                       optional_in<bool>(body, "double_feed"), optional_in<int>(body, "endorsed")};
  });
}

Frame image_frame(CapturedImage image) {
  json body = {{"sheet", image.sheet},
               {"side", name_of(image.side)},
               {"media_type", media_type_of(image.format)},
               {"width", image.width},
               {"height", image.height},
               {"dpi", image.dpi},
               {"channels", image.channels},
               {"bits", image.bits},
               {"sha256", image.sha256}};
  return {"image", std::move(body), std::move(image.bytes)};
}

Result<CapturedImage> image_from(Frame frame) {
  const json& body = frame.body;
  MAILROOM_TRY(
      auto words, checked([&] {
        return std::pair{body.at("side").get<std::string>(), body.at("media_type").get<std::string>()};
      }));
  MAILROOM_TRY(const Side side, side_from(words.first));
  MAILROOM_TRY(const ImageFormat format, image_format_from(words.second));
  if (is_received_file(format)) return fail(Errc::corrupt, "a scanner gave something that is no picture");
  MAILROOM_TRY(CapturedImage image, checked([&] {
                 return CapturedImage{body.at("sheet").get<int>(),
                                      side,
                                      format,
                                      body.at("width").get<int>(),
                                      body.at("height").get<int>(),
                                      body.at("dpi").get<int>(),
                                      body.at("channels").get<int>(),
                                      body.at("bits").get<int>(),
                                      body.at("sha256").get<std::string>()};
               }));
  image.bytes = std::move(frame.payload);
  if (sha256_hex(image.bytes) != image.sha256) {
    return fail(Errc::corrupt, "an image changed on its way from the scan process");
  }
  return image;
}

}  // namespace mailroom::drivers::messages
