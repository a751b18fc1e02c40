#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/assembly/assemble.h"
#include "daemon/assembly/findings.h"
#include "daemon/assembly/routing_sheet.h"

namespace mailroom::assembly {

/// What a separator does. Ids, not codes; empty: not said.
struct Act {
  RoutingKind kind = RoutingKind::document;
  std::string document_class = {};
  std::string department = {};
  int count = 0;
  std::string reference = {};
};

/// What one side is, after all questions about it alone.
struct SideReading {
  const PageFacts* page = nullptr;
  PageRole role = PageRole::content;  ///< content, blank, separator or copy
  std::optional<Act> act = {};        ///< of a separator, or of a content page that starts a document
  bool doubtful = false;              ///< a question about it is open
  std::string label = {};             ///< reference of a label stuck on content
};

struct SheetReading {
  int sheet = 0;
  std::optional<Act> act = {};  ///< happens before the content of the sheet
  std::vector<SideReading> sides;
  bool refed = false;  ///< paper that was fed before: it is no further sheet
};

/// What the readers of pages work with; everything outlives them.
struct ReadingRooms {
  const Profile& profile;
  const Configuration& configuration;
  const std::vector<RoutingKey>& keys;
  Findings& findings;
};

/// Asks about bytes that came in before and are no copies yet: a driver or an operator repeated them.
void ask_about_repeats(std::vector<SheetReading>& sheets, Findings& findings);

/// Reads all sheets; `pages` sorted by sheet and side.
std::vector<SheetReading> read_sheets(const std::vector<const PageFacts*>& pages, const ReadingRooms& rooms);

}  // namespace mailroom::assembly
