#pragma once

#include <vector>

#include "daemon/assembly/assemble.h"
#include "daemon/assembly/findings.h"

namespace mailroom::assembly {

/// What the gates look at.
struct GateRoom {
  const std::string& batch;              ///< id, chooses the sample of quality control
  const std::vector<PageFacts>& pages;   ///< gives the sheet numbers for the texts
  const Configuration& configuration;
  Findings& findings;
  const PersonsWork& work;  ///< a confirmation is a review, a result of quality control its answer
};

/// Fills in what the class demands and asks what its gates demand: a review, and quality control of the
/// whole class or of its sample. Joins and splits documents as persons answered there.
std::vector<AssembledDocument> pass_gates(std::vector<AssembledDocument> documents, const GateRoom& room);

}  // namespace mailroom::assembly
