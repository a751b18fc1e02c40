#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/e2e/mailroom.h"

namespace mailroom::e2e {

/// What came out of a batch, without what differs from run to run.
using Outcome = std::set<std::string>;

/// The documents of a batch as the recipients have them: class, department and captured sides.
Outcome outcome_of(const Mailroom& mailroom, const nlohmann::json& summary);

/// The same without the roles of sides: one that ended two workers was not read and counts as content, blank
/// or not.
std::set<nlohmann::json> without_roles(const Outcome& outcome);

/// Whether a side of the batch was not read.
bool has_unread_side(const Mailroom& mailroom, const std::string& batch);

/// Goes on with a batch as a person at the scanner would: what is not safe goes back into the feeder as
/// often as a feed is interrupted, questions that an interruption leaves open are answered with the number of
/// sheets that were counted. Gives the summary. Throws std::runtime_error on a question that an interruption
/// cannot be the cause of.
nlohmann::json finish(Mailroom& mailroom, const std::string& scanner, const std::string& batch, int sheets);

}  // namespace mailroom::e2e
