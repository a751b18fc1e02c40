// The driver by which pcscd finds the virtual reader with a keypad (IFD handler 3.0). DEVICENAME in
// reader.conf is the path of the virtual card's socket.

extern "C" {
#include <ifdhandler.h>
}
#include <reader.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "drivers/virtual/card/keypad/keypad_reader.h"

namespace {

using mailroom::Bytes;
using mailroom::ByteView;
using mailroom::card::KeypadReader;

constexpr DWORD kPaceControl = SCARD_CTL_CODE(3600);

std::map<DWORD, std::unique_ptr<KeypadReader>>& readers() {
  static std::map<DWORD, std::unique_ptr<KeypadReader>> all;
  return all;
}

KeypadReader* reader_at(DWORD lun) {
  const auto found = readers().find(lun);
  return found == readers().end() ? nullptr : found->second.get();
}

RESPONSECODE give(const Bytes& bytes, UCHAR* room, DWORD size, DWORD* length) {
  if (bytes.size() > size) return IFD_ERROR_INSUFFICIENT_BUFFER;
  std::copy(bytes.begin(), bytes.end(), room);
  *length = DWORD(bytes.size());
  return IFD_SUCCESS;
}

}  // namespace

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR device) {
  const std::string name(device);
  readers()[lun] = std::make_unique<KeypadReader>(name.substr(name.find(':') + 1));
  return IFD_SUCCESS;
}

RESPONSECODE IFDHCreateChannel(DWORD, DWORD) {
  return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHCloseChannel(DWORD lun) {
  readers().erase(lun);
  return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value) {
  KeypadReader* reader = reader_at(lun);
  if (reader == nullptr) return IFD_COMMUNICATION_ERROR;
  switch (tag) {
    case TAG_IFD_ATR: {
      const auto atr = reader->card().atr();
      return atr ? give(*atr, value, *length, length) : RESPONSECODE(IFD_COMMUNICATION_ERROR);
    }
    case TAG_IFD_SLOTS_NUMBER:
    case TAG_IFD_SIMULTANEOUS_ACCESS: return give(Bytes{1}, value, *length, length);
    case TAG_IFD_THREAD_SAFE:
    case TAG_IFD_SLOT_THREAD_SAFE: return give(Bytes{0}, value, *length, length);
    default: return IFD_ERROR_TAG;
  }
}

RESPONSECODE IFDHSetCapabilities(DWORD, DWORD, DWORD, PUCHAR) {
  return IFD_NOT_SUPPORTED;
}
RESPONSECODE IFDHSetProtocolParameters(DWORD, DWORD, UCHAR, UCHAR, UCHAR, UCHAR) {
  return IFD_SUCCESS;
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length) {
  KeypadReader* reader = reader_at(lun);
  const DWORD room = *length;
  *length = 0;
  if (reader == nullptr || !reader->card().is_there()) return IFD_COMMUNICATION_ERROR;
  reader->reset();
  reader->card().power(action != IFD_POWER_DOWN);
  if (action == IFD_POWER_DOWN) return IFD_SUCCESS;
  const auto told = reader->card().atr();
  return told ? give(*told, atr, std::min<DWORD>(room, MAX_ATR_SIZE), length)
              : RESPONSECODE(IFD_COMMUNICATION_ERROR);
}

RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER, PUCHAR command, DWORD size, PUCHAR answer,
                               PDWORD length, PSCARD_IO_HEADER) {
  const DWORD room = *length;
  *length = 0;
  KeypadReader* reader = reader_at(lun);
  if (reader == nullptr) return IFD_COMMUNICATION_ERROR;
  const Bytes octets = reader->transmit(ByteView(command, size));
  return octets.empty() ? RESPONSECODE(IFD_COMMUNICATION_ERROR) : give(octets, answer, room, length);
}

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR input, DWORD input_size, PUCHAR output, DWORD room,
                         LPDWORD length) {
  *length = 0;
  KeypadReader* reader = reader_at(lun);
  if (reader == nullptr) return IFD_COMMUNICATION_ERROR;
  if (code == CM_IOCTL_GET_FEATURE_REQUEST) {
    const Bytes feature{FEATURE_EXECUTE_PACE,
                        4,
                        std::uint8_t(kPaceControl >> 24U),
                        std::uint8_t(kPaceControl >> 16U),
                        std::uint8_t(kPaceControl >> 8U),
                        std::uint8_t(kPaceControl)};
    return give(feature, output, room, length);
  }
  if (code != kPaceControl) return IFD_ERROR_NOT_SUPPORTED;
  return give(reader->execute_pace(ByteView(input, input_size)), output, room, length);
}

RESPONSECODE IFDHICCPresence(DWORD lun) {
  KeypadReader* reader = reader_at(lun);
  return reader != nullptr && reader->card().is_there() ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
