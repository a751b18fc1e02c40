#pragma once

#include <vector>

#include "daemon/assembly/assemble.h"
#include "daemon/assembly/findings.h"

namespace mailroom::assembly {

/// Fills in what the class demands and asks what its gate demands; joins and splits documents as
/// persons answered there. A document that a person confirmed in `edits` as it is has been reviewed. `pages`
/// gives the sheet numbers for the texts.
std::vector<AssembledDocument> pass_gates(std::vector<AssembledDocument> documents,
                                          const std::vector<PageFacts>& pages,
                                          const Configuration& configuration, Findings& findings,
                                          const std::vector<Edit>& edits = {});

}  // namespace mailroom::assembly
