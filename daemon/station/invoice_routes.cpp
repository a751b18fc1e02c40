#include "daemon/station/routes.h"

/// What people at stations ask about invoices beside their documents: from whom, and until when to be paid.
namespace mailroom::station {
namespace {

using nlohmann::json;
using web::Method;

/// Whom an invoice may be from: for those who answer questions.
Result<web::Response> creditors(Desk& desk, const Visit& visit) {
  constexpr std::size_t kShown = 20;
  const std::string text = visit.request.asked("q");
  if (text.size() > 200) return fail(Errc::invalid_input, "`q` has at most 200 bytes");
  MAILROOM_TRY(const json list, desk.rooms.core.call([&]() -> Result<json> {
    MAILROOM_TRY(const auto* book, desk.rooms.flow.creditors());
    json found = json::array();
    for (const auto* creditor : book->search(text, kShown)) {
      found.push_back({{"id", creditor->id},
                       {"name", creditor->name},
                       {"street", creditor->street},
                       {"postcode", creditor->postcode},
                       {"city", creditor->city},
                       {"vat_id", creditor->vat_id}});
    }
    return found;
  }));
  return json_response({{"creditors", list}});
}

json deadline_json(const intake::OpenDeadline& open, const invoice::CreditorBook& book) {
  const auto& [invoice, deadline] = open;
  const auto* creditor = book.find(invoice.creditor);
  return {{"document", invoice.number},
          {"invoice_number", invoice.invoice_number},
          {"creditor", creditor == nullptr ? "" : creditor->name},
          {"payable", invoice.payable},
          {"kind", deadline.kind},
          {"date", deadline.date},
          {"pay_by", deadline.pay_by},
          {"urgency", invoice::name_of(deadline.urgency)},
          {"state", invoice.state}};
}

/// Those of invoices that this person may see.
Result<json> deadlines_for(Desk& desk, const Visit& visit) {
  auto& catalogue = desk.rooms.catalogue;
  MAILROOM_TRY(const auto* book, desk.rooms.flow.creditors());
  MAILROOM_TRY(const auto open, desk.rooms.flow.open_deadlines());
  json list = json::array();
  for (const auto& entry : open) {
    MAILROOM_TRY(const auto document, catalogue.documents().get(entry.invoice.document));
    MAILROOM_TRY(const auto batch, catalogue.batches().get(document.batch));
    if (visit.may(Action::read, Desk::protection_of(document, batch)))
      list.push_back(deadline_json(entry, *book));
  }
  return list;
}

Result<web::Response> deadlines(Desk& desk, const Visit& visit) {
  MAILROOM_TRY(const json list, desk.rooms.core.call([&] { return deadlines_for(desk, visit); }));
  return json_response({{"deadlines", list}});
}

}  // namespace

std::vector<web::Route> invoice_routes(Desk& desk) {
  return {desk.route(Method::get, "/creditors", "creditors.search", {Action::clarify},
                     [&](const Visit& visit) { return creditors(desk, visit); }),
          desk.route(Method::get, "/deadlines", "deadlines.list", {Action::read},
                     [&](const Visit& visit) { return deadlines(desk, visit); })};
}

}  // namespace mailroom::station
