#include "drivers/virtual/played_options.h"

#include <algorithm>
#include <array>

namespace mailroom::drivers::feeder {
namespace {

using Kind = PlayedOption::Kind;

constexpr std::array<std::string_view, 8> kPlays = {"fujitsu",  "canon_dr", "avision", "epsonds",
                                                    "kodakaio", "kvs40xx",  "nothing", "nonsense"};

PlayedOption flag(const char* name, const char* value = "no") {
  return {name, Kind::yes_no, value};
}
PlayedOption words(const char* name, std::vector<std::string> offered) {
  const std::string first = offered.front();
  return {name, Kind::words, first, std::move(offered)};
}
PlayedOption number(const char* name, int lowest, int highest) {
  return {name, Kind::number, std::to_string(lowest), {}, lowest, highest};
}
PlayedOption text(const char* name, int letters) {
  return {name, Kind::text, "", {}, 0, 0, letters};
}
PlayedOption sensor(const char* name) {
  return {name, Kind::sensor, "0"};
}

const std::vector<std::string> kModes = {"Lineart", "Gray", "Color"};
const std::vector<std::string> kSources = {"Flatbed", "ADF Front", "ADF Duplex"};
const std::vector<std::string> kSourcesWithBack = {"Flatbed", "ADF Front", "ADF Back", "ADF Duplex"};

PlayedSet own() {
  return {
      kSources, kModes, {flag("endorser"), text("endorser-string", 60), number("endorser-val", 0, 999'999)}};
}

PlayedSet fujitsu() {
  return {kSourcesWithBack,
          kModes,
          {words("df-action", {"Default", "Continue", "Stop"}),
           flag("df-thickness"),
           flag("df-length"),
           flag("paper-protect"),
           flag("staple-detect"),
           words("prepick", {"Default", "On", "Off"}),
           words("buffermode", {"Default", "On", "Off"}),
           words("overscan", {"Default", "On", "Off"}),
           flag("ald"),
           flag("hwdeskewcrop", "yes"),
           flag("swdeskew", "yes"),
           number("swdespeck", 0, 9),
           flag("swcrop", "yes"),
           number("swskip", 0, 100),
           flag("endorser"),
           text("endorser-string", 80),
           number("endorser-val", 0, 16'777'215),
           sensor("function"),
           sensor("email"),
           sensor("error-code")}};
}

PlayedSet canon_dr() {
  return {kSourcesWithBack,
          kModes,
          {flag("df-length"), flag("df-thickness"), flag("rollerdeskew", "yes"), flag("stapledetect"),
           flag("buffermode"), flag("hwcrop", "yes"), flag("swdeskew", "yes"), number("swdespeck", 0, 9),
           flag("swcrop", "yes"), number("swskip", 0, 100), text("pre-imprint-string", 32), sensor("start"),
           sensor("stop"), sensor("newfile"), sensor("counter"), sensor("adf-loaded")}};
}

PlayedSet kvs40xx() {
  return {{"adf", "fb"},
          kModes,
          {flag("duplex"), words("feeder-mode", {"single", "continuous"}), flag("dfeed"),
           flag("dfstop", "yes"), flag("length-control", "yes"), flag("stapeled_doc"), flag("deskew", "yes"),
           flag("stop-skew"), flag("crop", "yes")}};
}

}  // namespace

bool can_play(std::string_view backend) {
  return std::find(kPlays.begin(), kPlays.end(), backend) != kPlays.end();
}

PlayedSet options_played_by(std::string_view backend) {
  if (backend == "fujitsu") return fujitsu();
  if (backend == "canon_dr") return canon_dr();
  if (backend == "kvs40xx") return kvs40xx();
  if (backend == "avision")
    return {kSourcesWithBack,
            kModes,
            {number("paper-length", 0, 1000), flag("flip-page", "yes"), text("message", 30)}};
  if (backend == "epsonds") return {kSources, kModes, {flag("adf-skew", "yes"), flag("adf-crp", "yes")}};
  if (backend == "kodakaio") {
    return {{"Flatbed", "Automatic Document Feeder"},
            kModes,
            {words("adf-mode", {"Simplex", "Duplex"}), number("adf-padding", 0, 100)}};
  }
  if (backend == "nothing") return {{"Transparency Adapter"}, {"Halftone"}, {}};
  return own();
}

}  // namespace mailroom::drivers::feeder
