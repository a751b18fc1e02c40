#pragma once

#include <filesystem>
#include <string>

namespace mailroom::delivery {

/// How to reach a broker as one certificate holder.
struct BrokerAccess {
  std::string host = "127.0.0.1";  ///< must be in the broker's certificate
  int port = 8883;
  std::filesystem::path ca;           ///< PEM
  std::filesystem::path certificate;  ///< PEM
  std::filesystem::path key;          ///< PEM, readable by us only
};

}  // namespace mailroom::delivery
