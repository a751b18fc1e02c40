#include <iostream>

#include "daemon/crypto/identity.h"

/// Sets up identities in the folder given, in a process of its own that a test may kill.
int main(int, char** argv) {
  const auto report = mailroom::set_up_identities(argv[1], {"O", "s", {}, "mailroomd", {}});
  if (!report) std::cout << report.error().message() << "\n";
  return report ? 0 : 1;
}
