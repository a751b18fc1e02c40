#include <cstdlib>

#include "drivers/card/eid/cv_certificate.h"
#include "drivers/card/eid/data_groups.h"
#include "drivers/card/eid/security_infos.h"

using namespace mailroom;
using namespace mailroom::card;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  (void)read_cv_certificate(bytes);
  if (const auto infos = read_security_infos(bytes)) {
    (void)restricted_identification_in(*infos);
    if (!is_confirmed(*infos, *infos)) std::abort();
  }
  for (int number = 0; number <= 23; ++number) {
    const auto words = read_data_group(number, bytes);
    // What is taken must be text that JSON can hold.
    if (words && words->dump().empty()) std::abort();
  }
  return 0;
}
