#include "daemon/config/panels.h"

#include "daemon/config/toml_reader.h"

namespace mailroom {

Result<std::vector<PanelPlace>> load_panels(const std::filesystem::path& folder) {
  std::vector<PanelPlace> panels;
  const auto file = folder / "panels.toml";
  if (!std::filesystem::exists(file)) return panels;
  MAILROOM_TRY_VOID(config::read_toml_file(file, [&](config::TomlTable& root) {
    root.each_table([&](const std::string& station, config::TomlTable& table) {
      PanelPlace panel{station, table.text("line")};
      panel.language = table.choice("language", {"de", "en"}, panel.language);
      if (panel.line.empty() || panel.line.front() != '/')
        table.reject("line", "is no path", "give the name below /dev that udev makes");
      panels.push_back(std::move(panel));
    });
  }));
  return panels;
}

}  // namespace mailroom
