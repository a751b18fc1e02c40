#pragma once

#include <vector>

#include "daemon/station/desk.h"
#include "daemon/station/file_parts.h"
#include "daemon/station/pictures.h"
#include "daemon/web/message.h"

/// The addresses of config/contract/openapi.yaml, by what they are about. The desk outlives them.
namespace mailroom::station {

std::vector<web::Route> session_routes(Desk& desk);
std::vector<web::Route> batch_routes(Desk& desk);
std::vector<web::Route> page_routes(Desk& desk, Pictures& pictures, FileParts& files);
std::vector<web::Route> file_routes(Desk& desk);
std::vector<web::Route> kiosk_call_routes(Desk& desk);
std::vector<web::Route> clarification_routes(Desk& desk);
std::vector<web::Route> invoice_routes(Desk& desk);
std::vector<web::Route> document_routes(Desk& desk);
std::vector<web::Route> delivery_routes(Desk& desk);
std::vector<web::Route> erasure_routes(Desk& desk);
std::vector<web::Route> box_routes(Desk& desk);
std::vector<web::Route> administration_routes(Desk& desk);

}  // namespace mailroom::station
