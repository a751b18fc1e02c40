#include "drivers/scanner/messages/messages.h"

#include <array>
#include <utility>

#include "daemon/crypto/digest.h"

namespace mailroom::drivers::messages {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<Source, std::string_view>, 3> kSources = {
    {{Source::flatbed, "flatbed"},
     {Source::feeder_front, "feeder_front"},
     {Source::feeder_duplex, "feeder_duplex"}}};
constexpr std::array<std::pair<ColourMode, std::string_view>, 3> kModes = {
    {{ColourMode::bilevel, "bilevel"}, {ColourMode::grey, "grey"}, {ColourMode::colour, "colour"}}};

template <typename Table, typename Value>
std::string_view name_in(const Table& table, Value value) {
  for (const auto& [known, name] : table) {
    if (known == value) return name;
  }
  return {};
}

/// The value named in `body[key]`; throws json::exception like json itself for anything else.
template <typename Table>
auto value_in(const Table& table, const json& body, const char* key) {
  const auto& wanted = body.at(key).template get_ref<const std::string&>();
  for (const auto& [value, name] : table) {
    if (name == wanted) return value;
  }
  throw json::other_error::create(501, "'" + wanted + "' is no value of " + key, &body);
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
  return {{"source", name_in(kSources, settings.source)},
          {"mode", name_in(kModes, settings.mode)},
          {"dpi", settings.dpi},
          {"width_mm", settings.width_mm},
          {"height_mm", settings.height_mm},
          {"jpeg_quality", settings.jpeg_quality}};
}

Result<FeedSettings> settings_from(const json& body) {
  return checked([&] {
    FeedSettings settings;
    settings.source = value_in(kSources, body, "source");
    settings.mode = value_in(kModes, body, "mode");
    settings.dpi = body.at("dpi").get<int>();
    settings.width_mm = body.at("width_mm").get<double>();
    settings.height_mm = body.at("height_mm").get<double>();
    settings.jpeg_quality = body.at("jpeg_quality").get<int>();
    return settings;
  });
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
  return body;
}

Result<DeviceCount> count_from(const json& body) {
  return checked([&] {
    return DeviceCount{optional_in<int>(body, "sheets_fed"), optional_in<bool>(body, "feeder_loaded"),
                       optional_in<bool>(body, "double_feed")};
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
