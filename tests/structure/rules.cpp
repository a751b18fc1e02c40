#include "tests/structure/rules.h"

#include <algorithm>

namespace mailroom::test {
namespace {

bool starts_with(const std::string& text, const std::string& beginning) {
  return text.rfind(beginning, 0) == 0;
}

}  // namespace

std::vector<RoomRule> room_rules() {
  const std::string base = "daemon/base", document = "daemon/document", crypto = "daemon/crypto";
  const std::string config = "daemon/config", assembly = "daemon/assembly", archive = "daemon/archive";
  const std::string invoice = "daemon/invoice";
  const std::string delivery = "daemon/delivery", intake = "daemon/intake", app = "daemon/app";
  const std::string web = "daemon/web", station = "daemon/station";
  return {
      {base, {}},
      {document, {base}},
      {crypto, {base, document}},
      {invoice, {base, document}, "workers link it too"},

      {"ocr/codec", {base, document, crypto}},
      {"ocr/image", {base, document, crypto, "ocr/codec"}},
      {"ocr/barcode", {base, document, crypto, "ocr/codec", "ocr/image"}},
      {"ocr/recognition", {base, document, crypto, "ocr/codec", "ocr/image"}},
      {"ocr/render", {base, document, crypto, "ocr/codec"}},
      {"ocr/pdf", {base, document, crypto, "ocr/codec"}},
      {"ocr/paper", {base, document, crypto, "ocr/codec"}},
      {"ocr/worker", {base, document, crypto, invoice, "ocr"}, "it decodes invoices in its sandbox"},

      {"drivers/scanner",
       {base, document, crypto, "ocr/codec", "drivers/link"},
       "a side is encoded once, where it is captured"},
      {"drivers/link", {base, document, crypto}},
      {"drivers/card", {base, document, crypto, "drivers/link"}},
      {"drivers/payment", {base}},
      {"drivers/virtual",
       {base, document, crypto, "ocr/codec", "drivers/card", "drivers/payment", "drivers/scanner"},
       "it feeds image files as pixels and answers as a card or a card terminal does"},

      {"firmware", {}},
      {"firmware/protocol", {"firmware"}},
      {"firmware/panel", {"firmware", "firmware/protocol"}},
      {"firmware/board", {"firmware", "firmware/protocol", "firmware/panel"}},
      {"drivers/panel", {base, "firmware/protocol"}, "both ends of the line are one source"},

      {config, {base, document, crypto}},
      {assembly, {base, document, crypto, config, invoice}},
      {archive, {base, document, crypto, config, assembly, invoice}},
      {delivery, {base, document, crypto, config, assembly, archive, invoice}},
      {intake,
       {base, document, crypto, config, assembly, archive, delivery, invoice, "drivers", "ocr"},
       "it supervises the helpers and seals what they read"},
      {"daemon/identity",
       {base, document, crypto, archive, "drivers/card"},
       "it reads cards through their process"},
      {web, {base}},
      {station,
       {base, document, crypto, config, assembly, archive, delivery, intake, web, "drivers",
        "ocr/worker/client", "firmware/protocol"},
       "it has captured sides drawn as pictures and starts feeds through intake"},
      {"daemon/kiosk",
       {base, document, crypto, config, archive, delivery, intake, "daemon/identity", web, "drivers", "ocr"},
       "it has a card, a scanner and a till of its own"},
      {app, {"daemon", "drivers", "ocr"}},
  };
}

std::vector<LibraryRule> library_rules() {
  return {
      {"systemd", {"systemd/"}, {"daemon/base", "daemon/app"}},
      // libeac's own headers need it; the virtual cards compute apart from both.
      {"OpenSSL", {"openssl/"}, {"daemon/crypto", "drivers/card/eac", "drivers/virtual/card"}},
      {"libeac", {"eac/"}, {"drivers/card/eac"}},
      {"PC/SC", {"winscard.h", "reader.h", "ifdhandler.h"}, {"drivers/card/pcsc", "drivers/virtual/card"}},
      {"PKCS#11", {"p11-kit/"}, {"drivers/card/token", "drivers/virtual/card/badge"}},
      {"libcacard", {"libcacard.h"}, {"drivers/virtual/card"}},
      {"libxml2", {"libxml/"}, {"daemon/invoice/xml"}},
      {"toml++", {"toml++/", "toml.hpp"}, {"daemon/config"}},
      {"SQLite", {"sqlite3"}, {"daemon/archive"}},
      {"Boost.Beast and Asio", {"boost/"}, {"daemon/web"}},
      {"Argon2", {"argon2"}, {"daemon/station"}},
      {"glibc's allocator", {"malloc.h"}, {"daemon/app"}},
      {"Paho", {"mqtt/", "MQTTAsync", "MQTTClient"}, {"daemon/delivery"}},
      {"libjpeg, libtiff, libpng, libwebp",
       {"jpeglib.h", "jerror.h", "turbojpeg.h", "tiffio.h", "tiff.h", "png.h", "webp/"},
       {"ocr/codec"}},
      {"OpenCV", {"opencv2/"}, {"ocr/image"}},
      {"ZXing", {"ZXing/"}, {"ocr/barcode"}},
      {"ZBar", {"zbar"}, {"ocr/barcode"}},
      {"libdmtx", {"dmtx"}, {"ocr/barcode"}},
      {"Tesseract and Leptonica", {"tesseract/", "leptonica/", "allheaders.h"}, {"ocr/recognition"}},
      {"Poppler", {"poppler"}, {"ocr/render"}},
      {"qpdf", {"qpdf/"}, {"ocr/pdf"}},
      {"fontconfig", {"fontconfig/"}, {"ocr/render"}},
      {"cairo", {"cairo", "pango", "ft2build.h"}, {"ocr/paper"}},
      {"qrencode", {"qrencode"}, {"ocr/paper"}},
      {"libseccomp", {"seccomp.h"}, {"ocr/worker"}},
      {"SANE", {"sane/"}, {"drivers/scanner", "drivers/virtual"}},
      {"CLI11",
       {"CLI/"},
       {"daemon/app", "daemon/delivery", "drivers/scanner", "drivers/card", "drivers/link", "ocr/worker"}},
  };
}

bool is_common_header(const std::string& name) {
  static const std::set<std::string> posix = {
      "arpa/inet.h", "dirent.h", "dlfcn.h",   "errno.h",  "fcntl.h",   "fnmatch.h", "getopt.h", "iconv.h",
      "ucontext.h",  "grp.h",    "ifaddrs.h", "limits.h", "locale.h",  "net/if.h",  "netdb.h",  "poll.h",
      "pthread.h",   "pwd.h",    "sched.h",   "setjmp.h", "signal.h",  "spawn.h",   "stdint.h", "stdio.h",
      "stdlib.h",    "string.h", "strings.h", "syslog.h", "termios.h", "time.h",    "unistd.h"};
  if (name.find('.') == std::string::npos && name.find('/') == std::string::npos) return true;
  if (posix.count(name) != 0) return true;
  const std::vector<std::string> families = {"sys/",      "linux/",      "netinet/",
                                             "nlohmann/", "tl/expected", "fmt/"};
  return std::any_of(families.begin(), families.end(),
                     [&](const auto& family) { return starts_with(name, family); });
}

}  // namespace mailroom::test
