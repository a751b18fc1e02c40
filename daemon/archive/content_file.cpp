#include "daemon/archive/content_file.h"

#include <algorithm>

#include "daemon/crypto/digest.h"

namespace mailroom::archive {
namespace {

// Like PNG's signature: the high bit and the line ends show a transfer that changed bytes.
constexpr std::array<std::uint8_t, 8> kMagic = {0x89, 'M', 'R', 'C', '\r', '\n', 0x1A, '\n'};
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kPlain = 0;
constexpr std::size_t kDigestAt = 24;
constexpr std::size_t kCheckAt = 56;
constexpr std::size_t kCheckSize = 8;

void put_number(Bytes& bytes, std::size_t at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = std::uint8_t(value >> (8 * (size - 1 - i)));
}

std::uint64_t number_at(ByteView bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8U | bytes[at + i];
  return value;
}

Bytes check_of(ByteView header) {
  auto check = sha256(header.first(kCheckAt));
  check.resize(kCheckSize);
  return check;
}

}  // namespace

Bytes content_header(std::uint64_t length, ByteView sha256) {
  Bytes header(kContentHeaderSize);
  std::copy(kMagic.begin(), kMagic.end(), header.begin());
  put_number(header, 8, 2, kVersion);
  put_number(header, 10, 2, kContentHeaderSize);
  put_number(header, 12, 2, kPlain);
  put_number(header, 16, 8, length);
  std::copy(sha256.begin(), sha256.end(), header.begin() + kDigestAt);
  const auto check = check_of(header);
  std::copy(check.begin(), check.end(), header.begin() + kCheckAt);
  return header;
}

Result<ContentHeader> parse_content_header(ByteView header, const Place& place) {
  if (header.size() < kContentHeaderSize || !std::equal(kMagic.begin(), kMagic.end(), header.begin())) {
    return fail(Errc::corrupt, "this is no content file, or its beginning is damaged", place,
                "restore it from the backup");
  }
  if (number_at(header, 8, 2) != kVersion || number_at(header, 12, 2) != kPlain) {
    return fail(Errc::unsupported,
                "this content file was written by a newer program, or its header is damaged", place);
  }
  const auto check = check_of(header);
  if (number_at(header, 10, 2) != kContentHeaderSize ||
      !std::equal(check.begin(), check.end(), header.begin() + kCheckAt)) {
    return fail(Errc::corrupt, "the header of this content file is damaged", place,
                "restore it from the backup");
  }
  return ContentHeader{number_at(header, 16, 8), to_hex(header.subspan(kDigestAt, 32))};
}

}  // namespace mailroom::archive
