#include "daemon/assembly/assemble.h"

#include <algorithm>
#include <stdexcept>

#include "daemon/assembly/accounting.h"
#include "daemon/assembly/document_stream.h"
#include "daemon/assembly/gates.h"

namespace mailroom::assembly {
namespace {

std::vector<const PageFacts*> in_feed_order(const std::vector<PageFacts>& pages) {
  std::vector<const PageFacts*> sorted;
  for (const auto& page : pages) sorted.push_back(&page);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->sheet != b->sheet ? a->sheet < b->sheet : a->side < b->side;
  });
  return sorted;
}

}  // namespace

Assembly assemble(const BatchFacts& batch, const std::vector<PageFacts>& pages,
                  const std::vector<Resolution>& resolutions, const Configuration& configuration,
                  const std::vector<RoutingKey>& keys) {
  const auto profile = configuration.profiles.find(batch.profile);
  if (profile == configuration.profiles.end())
    throw std::logic_error("assemble: no profile " + batch.profile);

  Findings findings(resolutions, configuration);
  const auto sheets = read_sheets(in_feed_order(pages), {profile->second, configuration, keys, findings});
  DocumentStream stream(batch, profile->second, findings);
  for (const auto& sheet : sheets) stream.add(sheet);
  stream.finish();

  Assembly assembly;
  assembly.documents = pass_gates(stream.take_documents(), pages, configuration, findings);
  assembly.set_aside = stream.take_set_aside();
  assembly.count = count_sheets(batch, sheets, profile->second, findings);
  if (assembly.documents.empty()) findings.ask(make_clarification("no_content", {"batch"}, {}, {}));
  assembly.discarded = findings.discarded();
  assembly.clarifications = findings.take_open();
  return assembly;
}

}  // namespace mailroom::assembly
