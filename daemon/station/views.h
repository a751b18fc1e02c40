#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "daemon/station/desk.h"

/// What the screens show, as config/contract/openapi.yaml describes it. On the core thread.
namespace mailroom::station {

Result<nlohmann::json> batch_json(Desk& desk, const archive::Batch& batch, const std::string& user);
Result<nlohmann::json> batch_view_json(Desk& desk, const Visit& visit, const BatchSight& sight);
/// Gates are passed elsewhere: quality control in its own list; in batches that persons attend a review by
/// confirming the document.
bool is_question(const archive::ClarificationRow& row, const archive::Batch& batch);
Result<nlohmann::json> clarification_json(Desk& desk, const archive::ClarificationRow& row,
                                          const std::string& user);
nlohmann::json delivery_json(const archive::DeliveryRow& delivery);
nlohmann::json page_text_json(const archive::Page& page, int rotation);
nlohmann::json terms_json(const Desk& desk, const Rights& rights);

/// Degrees that a page is shown turned by: as it was read, and as a person turned it.
int rotation_of(const archive::Page& page, const assembly::Assembly& assembly);

nlohmann::json box_json(const Box& box, const archive::Page& page, int rotation);

}  // namespace mailroom::station
