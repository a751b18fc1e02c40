#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "drivers/payment/zvt/exchange.h"
#include "drivers/payment/zvt/fields.h"
#include "drivers/payment/zvt/messages.h"

/// Whatever a card terminal says: its octets are cut into messages and read without harm, and a payment it is
/// told in ends.
namespace {

using namespace mailroom;
using namespace mailroom::payment;
using namespace mailroom::payment::zvt;

void read_data(ByteView data) {
  static_cast<void>(read_status_information(data));
  static_cast<void>(read_intermediate_status(data));
  static_cast<void>(read_text_block(data));
  static_cast<void>(read_print_line(data));
  static_cast<void>(read_terminal_state(data));
}

/// What was cut into messages and written is cut into the same.
void cut(ByteView bytes) {
  ApduReader reader;
  reader.feed(bytes);
  for (auto next = reader.next(); next && *next; next = reader.next()) {
    ApduReader again;
    again.feed(encode(**next));
    const auto same = again.next();
    if (!same || !*same || (*same)->command != (*next)->command || (*same)->data != (*next)->data)
      std::abort();
    read_data((*next)->data);
  }
}

/// What was read of TLV and written is read as the same.
void write_again(ByteView bytes) {
  const auto objects = read_tlv(bytes);
  if (!objects) return;
  Bytes again;
  for (const auto& object : *objects) add_tlv(again, object.tag, object.value);
  const auto second = read_tlv(again);
  if (!second || second->size() != objects->size()) std::abort();
}

void be_told(ByteView bytes) {
  constexpr std::size_t kMost = 32'768;  // so much fits in the socket
  int ends[2];
  if (bytes.size() > kMost || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  UniqueFd terminal(ends[1]);
  TcpLine line(UniqueFd(ends[0]), "fuzz");
  if (::write(terminal.get(), bytes.data(), bytes.size()) < 0) return;
  ::shutdown(terminal.get(), SHUT_WR);
  ZvtSettings settings;
  const OnStep ignored;
  static_cast<void>(Exchange(line, settings, ignored, {}).carry_out(authorisation(3'070)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  cut(bytes);
  read_data(bytes);
  write_again(bytes);
  be_told(bytes);
  return 0;
}
