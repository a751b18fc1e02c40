#include "drivers/card/pcsc/pcsc_error.h"

#include <winscard.h>

namespace mailroom::card {

tl::unexpected<Error> fail_pcsc(long code, const char* what, const std::string& reader) {
  Place place = Place::on_device(reader);
  switch (code) {
    case SCARD_W_REMOVED_CARD:
    case SCARD_W_RESET_CARD:
    case SCARD_W_UNPOWERED_CARD:
    case SCARD_W_UNRESPONSIVE_CARD:
    case SCARD_E_NO_SMARTCARD:
      return fail(Errc::device_lost, "there is no card on the reader, or it was taken away", std::move(place),
                  "put the card on the reader and leave it there until the end");
    case SCARD_E_READER_UNAVAILABLE:
    case SCARD_E_UNKNOWN_READER:
    case SCARD_E_NO_READERS_AVAILABLE:
      return fail(Errc::unreachable, "the card reader is gone", std::move(place), "plug it in again");
    case SCARD_E_NO_SERVICE:
    case SCARD_E_SERVICE_STOPPED:
    case SCARD_F_COMM_ERROR:
      return fail(Errc::unreachable, "the card service (pcscd) does not answer", std::move(place),
                  "look at pcscd.service");
    case SCARD_E_SHARING_VIOLATION:
      return fail(Errc::busy, "another program holds the card", std::move(place), "end it");
    case SCARD_E_TIMEOUT: return fail(Errc::timed_out, std::string(what) + " took too long", std::move(place));
    case SCARD_E_CANCELLED: return fail(Errc::cancelled, std::string(what) + " was cancelled", std::move(place));
    case SCARD_E_NOT_TRANSACTED:
      // What a reader says whose card left in the middle of a command.
      return fail(Errc::device_lost, "the card was taken away in the middle of a command", std::move(place),
                  "put the card on the reader and leave it there until the end");
    default:
      return fail(Errc::io, std::string(what) + ": " + pcsc_stringify_error(code), std::move(place));
  }
}

}  // namespace mailroom::card
