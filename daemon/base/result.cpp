#include "daemon/base/result.h"

#include <cerrno>
#include <system_error>

namespace mailroom {

tl::unexpected<Error> fail_errno(const std::string& what, int error_number, Place place) {
  Errc code = Errc::io;
  std::string remedy;
  if (error_number == ENOSPC || error_number == EDQUOT) {
    code = Errc::disk_full;
    remedy = "free space on this disk";
  } else if (error_number == ENOENT) {
    code = Errc::not_found;
  } else if (error_number == EACCES || error_number == EPERM) {
    code = Errc::refused;
  }
  return fail(code, what + ": " + std::generic_category().message(error_number), std::move(place),
              std::move(remedy));
}

}  // namespace mailroom
