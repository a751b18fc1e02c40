#include "daemon/config/card_readers.h"

#include "daemon/config/toml_reader.h"

namespace mailroom {

Result<std::vector<BadgeReaderPlace>> load_badge_readers(const std::filesystem::path& folder) {
  std::vector<BadgeReaderPlace> places;
  const auto file = folder / "card_readers.toml";
  if (!std::filesystem::exists(file)) return places;
  MAILROOM_TRY_VOID(config::read_toml_file(file, [&](config::TomlTable& root) {
    root.each_table([&](const std::string& station, config::TomlTable& table) {
      places.push_back({station, table.text("reader", ""), table.text("module")});
    });
  }));
  return places;
}

}  // namespace mailroom
