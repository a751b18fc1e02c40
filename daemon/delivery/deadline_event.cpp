#include "daemon/delivery/deadline_event.h"

#include <nlohmann/json.hpp>

namespace mailroom::delivery {

using nlohmann::json;

std::string deadline_event(const DeadlineFacts& facts) {
  json data = {{"delivery", facts.delivery},
               {"number", facts.number},
               {"invoice_number", facts.invoice_number},
               {"kind", facts.kind},
               {"urgency", facts.urgency},
               {"date", facts.date},
               {"pay_by", facts.pay_by}};
  if (!facts.payable.empty()) data["payable_amount"] = facts.payable;
  const json event = {{"specversion", "1.0"},
                      {"id", facts.id},
                      {"type", "mailroom.invoice-deadline.v1"},
                      {"source", "/mailroom/" + facts.site + "/" + facts.node},
                      {"subject", facts.number},
                      {"time", facts.time},
                      {"datacontenttype", "application/json"},
                      {"dataschema", "urn:mailroom:contract:v1:deadline"},
                      {"data", data}};
  return event.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace mailroom::delivery
