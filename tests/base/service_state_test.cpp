#include "daemon/base/service_state.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <string>

#include "daemon/base/unique_fd.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;

TEST_CASE("the service manager hears that we are ready, alive and what we do") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "notify";
  const UniqueFd manager(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(manager.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);

  const auto heard = [&] {
    char buffer[256];
    const ssize_t count = ::recv(manager.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    return std::string(buffer, count < 0 ? 0 : std::size_t(count));
  };
  service::ready();
  CHECK(heard() == "READY=1");
  service::status("3 Stapel in Arbeit");
  CHECK(heard() == "STATUS=3 Stapel in Arbeit");
  service::alive();
  CHECK(heard() == "WATCHDOG=1");
  service::stopping();
  CHECK(heard() == "STOPPING=1");
  ::unsetenv("NOTIFY_SOCKET");
}
