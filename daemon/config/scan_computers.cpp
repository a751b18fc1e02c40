#include "daemon/config/scan_computers.h"

#include "daemon/config/toml_reader.h"

namespace mailroom {

Result<std::vector<ScanComputer>> load_scan_computers(const std::filesystem::path& folder) {
  constexpr std::size_t kLongestName = 27;  // "scan-NAME" is the name of its certificate
  std::vector<ScanComputer> computers;
  const auto file = folder / "scan_computers.toml";
  if (!std::filesystem::exists(file)) return computers;
  MAILROOM_TRY_VOID(config::read_toml_file(file, [&](config::TomlTable& root) {
    root.each_table([&](const std::string& name, config::TomlTable& table) {
      ScanComputer computer{name, table.text("host")};
      computer.port = table.integer("port", 1, 65535, computer.port);
      computer.card_port = table.integer("card_port", 1, 65535, computer.card_port);
      if (name.size() > kLongestName || name.find('_') != std::string::npos)
        table.reject("host", "belongs to a name that cannot be used", "1 to 27 of a-z 0-9 -, first a letter");
      computers.push_back(std::move(computer));
    });
  }));
  return computers;
}

}  // namespace mailroom
