#include "drivers/virtual/card/badge/cac_badge.h"

#include <libcacard.h>

#include <chrono>
#include <string>
#include <thread>

namespace mailroom::card {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestAnswer = 65000;

VReader* reader_with_card() {
  VReaderList* list = vreader_get_reader_list();
  VReader* found = nullptr;
  for (VReaderListEntry* entry = vreader_list_get_first(list); entry != nullptr && found == nullptr;
       entry = vreader_list_get_next(entry)) {
    VReader* reader = vreader_list_get_reader(entry);
    if (vreader_card_is_present(reader) == VREADER_OK)
      found = reader;
    else
      vreader_free(reader);
  }
  vreader_list_delete(list);
  return found;
}

}  // namespace

class CacBadge::Reader {
 public:
  explicit Reader(VReader* reader) : reader_(reader) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { vreader_free(reader_); }
  [[nodiscard]] VReader* get() const { return reader_; }

 private:
  VReader* reader_;
};

CacBadge::CacBadge(std::unique_ptr<Reader> reader) : reader_(std::move(reader)) {
  reset();
}
CacBadge::~CacBadge() = default;

Result<std::unique_ptr<CacBadge>> CacBadge::open(const std::filesystem::path& database) {
  const std::string text =
      "db=\"sql:" + database.string() + "\" use_hw=no soft=(,Badge Reader,CAC,,cert1,cert2,cert3)";
  VCardEmulOptions* options = vcard_emul_options(text.c_str());
  if (options == nullptr || vcard_emul_init(options) != VCARD_EMUL_OK)
    return fail(Errc::not_found, "libcacard cannot use this NSS database",
                mailroom::Place::in_file(database.string()));
  for (int i = 0; i < 50; ++i) {
    if (VReader* reader = reader_with_card())
      return std::unique_ptr<CacBadge>(new CacBadge(std::make_unique<Reader>(reader)));
    std::this_thread::sleep_for(50ms);
  }
  return fail(Errc::not_found, "libcacard shows no card", mailroom::Place::in_file(database.string()));
}

void CacBadge::reset() {
  unsigned char octets[64];
  int size = sizeof octets;
  if (vreader_power_on(reader_->get(), octets, &size) == VREADER_OK) atr_.assign(octets, octets + size);
}

Bytes CacBadge::respond(ByteView command) {
  Bytes sent(command.begin(), command.end()), answer(kLongestAnswer);
  int size = int(answer.size());
  if (vreader_xfr_bytes(reader_->get(), sent.data(), int(sent.size()), answer.data(), &size) != VREADER_OK)
    return {0x6F, 0x00};
  answer.resize(std::size_t(size));
  return answer;
}

}  // namespace mailroom::card
