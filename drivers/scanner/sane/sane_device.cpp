#include "drivers/scanner/sane/sane_device.h"

namespace mailroom::drivers {
namespace {

struct Meaning {
  Errc code;
  const char* what;
  const char* remedy;
};

Meaning meaning_of(SANE_Status status) {
  switch (status) {
    case SANE_STATUS_UNSUPPORTED: return {Errc::unsupported, "the scanner does not offer this", ""};
    case SANE_STATUS_CANCELLED: return {Errc::cancelled, "the scanner was stopped", ""};
    case SANE_STATUS_DEVICE_BUSY: return {Errc::busy, "the scanner is in use", "end the other scan program"};
    case SANE_STATUS_INVAL: return {Errc::unsupported, "the scanner does not accept this", ""};
    case SANE_STATUS_JAMMED: return {Errc::paper_jam, "paper jam", "clear the paper path"};
    case SANE_STATUS_NO_DOCS:
      return {Errc::feeder_empty, "no paper in the feeder", "put paper in the feeder"};
    case SANE_STATUS_EOF:
      return {Errc::feeder_empty, "the scanner has nothing to scan", "put paper in the feeder"};
    case SANE_STATUS_COVER_OPEN: return {Errc::cover_open, "the scanner's cover is open", "close the cover"};
    case SANE_STATUS_ACCESS_DENIED:
      return {Errc::refused, "no access to the scanner", "give the service's user access to the device"};
    case SANE_STATUS_NO_MEM: return {Errc::io, "the scanner's driver ran out of memory", ""};
    default:
      return {Errc::io, "the scanner reported an input/output error", "check cable and power of the scanner"};
  }
}

}  // namespace

Error error_of(SANE_Status status, const std::string& doing, Place place) {
  const Meaning meaning = meaning_of(status);
  return {meaning.code, std::string(meaning.what) + " (" + doing + ")", std::move(place), meaning.remedy};
}

Result<SaneDevice> SaneDevice::open(const std::string& name) {
  SANE_Handle handle = nullptr;
  const SANE_Status status = sane_open(name.c_str(), &handle);
  if (status == SANE_STATUS_INVAL) {
    return fail(Errc::not_found, "there is no such scanner", Place::on_device(name),
                "check its cable and power; `mailroomctl scanners` lists what is there");
  }
  if (status != SANE_STATUS_GOOD) return fail(error_of(status, "opening", Place::on_device(name)));
  return SaneDevice(handle, name);
}

SaneDevice::~SaneDevice() {
  if (handle_ == nullptr) return;
  // Always, also after an orderly end: some backends leave the device unusable otherwise.
  sane_cancel(handle_);
  sane_close(handle_);
}

}  // namespace mailroom::drivers
