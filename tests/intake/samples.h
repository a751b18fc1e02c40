#pragma once

#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>
#include <stdexcept>

#include "daemon/base/unique_fd.h"
#include "daemon/config/configuration.h"
#include "daemon/crypto/identity.h"
#include "ocr/codec/encode.h"
#include "tests/support/places.h"

namespace mailroom::test {

/// Keys and certificates of the tests, made once for the build folder: making keys is slow. Every
/// test case is a process of its own, hence the lock.
inline const std::filesystem::path& identities() {
  static const std::filesystem::path path = [] {
    const auto folder = std::filesystem::path(build_path("tests")) / "intake-identities";
    std::filesystem::create_directories(folder);
    const UniqueFd lock(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (::flock(lock.get(), LOCK_EX) != 0) throw std::runtime_error("the identities cannot be locked");
    const auto made =
        set_up_identities(folder, {"Stadt", "marburg", {}, "mailroomd", {"ecm", "payment", "hr"}});
    if (!made) throw std::runtime_error(made.error().message());
    return folder;
  }();
  return path;
}

inline const Configuration& shipped() {
  static const auto configuration = load_configuration(source_path("config"));
  return configuration.value();
}

inline const Identity& appliance() {
  static const auto identity = read_identity(identities(), "appliance");
  return identity.value();
}

/// A small captured side, evenly grey; another `shade` is another image.
inline CapturedImage captured(int sheet, Side side, int shade) {
  const Bytes pixels(std::size_t(160) * 200, std::uint8_t(shade));
  auto image = ocr::encode_capture({160, 200, 300, 1, 8, 160, pixels}, 80).value();
  image.sheet = sheet;
  image.side = side;
  return image;
}

}  // namespace mailroom::test
