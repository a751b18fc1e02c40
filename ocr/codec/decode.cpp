#include "ocr/codec/decode.h"

#include "ocr/codec/decode_formats.h"

namespace mailroom::ocr {
namespace {

using Decoder = formats::Images (*)(ByteView, const formats::Wish&);

bool begins_with(ByteView bytes, std::string_view magic, std::size_t at = 0) {
  return bytes.size() >= at + magic.size() && as_text(bytes.subspan(at, magic.size())) == magic;
}

bool is_pnm(ByteView bytes) {
  const bool kind = begins_with(bytes, "P4") || begins_with(bytes, "P5") || begins_with(bytes, "P6");
  return kind && bytes.size() > 2 &&
         (bytes[2] == '\n' || bytes[2] == ' ' || bytes[2] == '\r' || bytes[2] == '\t' || bytes[2] == '#');
}

bool is_tiff(ByteView bytes) {
  using namespace std::string_view_literals;
  return begins_with(bytes, "II*\0"sv) || begins_with(bytes, "MM\0*"sv) || begins_with(bytes, "II+\0"sv) ||
         begins_with(bytes, "MM\0+"sv);
}

/// The decoder for these bytes by their first bytes; null when nobody knows them.
Decoder decoder_for(ByteView bytes) {
  if (begins_with(bytes, "\xFF\xD8\xFF")) return formats::decode_jpeg;
  if (begins_with(bytes, "\x89PNG\r\n\x1A\n")) return formats::decode_png;
  if (is_tiff(bytes)) return formats::decode_tiff;
  if (begins_with(bytes, "RIFF") && begins_with(bytes, "WEBP", 8)) return formats::decode_webp;
  if (is_pnm(bytes)) return formats::decode_pnm;
  return nullptr;
}

formats::Images decode(ByteView bytes, const formats::Wish& wish) {
  const Decoder decoder = decoder_for(bytes);
  if (decoder == nullptr)
    return fail(Errc::unsupported,
                bytes.empty() ? "the file is empty" : "this is not an image that can be read", {},
                "Supply JPEG, PNG, TIFF, WebP or PNM.");
  return decoder(bytes, wish);
}

}  // namespace

bool looks_like_image(ByteView bytes) {
  return decoder_for(bytes) != nullptr;
}

Result<std::vector<Pixels>> decode_images(ByteView bytes, const DecodeLimits& limits, int max_images) {
  return decode(bytes, {.grey = false, .limits = limits, .max_images = max_images});
}

Result<std::vector<Pixels>> decode_grey(ByteView bytes, const DecodeLimits& limits, int max_images) {
  return decode(bytes, {.grey = true, .limits = limits, .max_images = max_images});
}

Result<std::vector<Pixels>> decode_small(ByteView bytes, int longest, const DecodeLimits& limits) {
  return decode(bytes, {.longest = longest, .limits = limits});
}

}  // namespace mailroom::ocr
