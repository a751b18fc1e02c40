#include "daemon/app/invoice_desk.h"

#include "daemon/app/arguments.h"

namespace mailroom::app {
namespace {

using nlohmann::json;

constexpr int kLatest = 200;

json state_view(const archive::InvoiceState& invoice) {
  return {{"document", invoice.number},      {"document_state", invoice.document_state},
          {"class", invoice.document_class}, {"received", invoice.received},
          {"creditor", invoice.creditor},    {"invoice_number", invoice.invoice_number},
          {"gross", invoice.gross},          {"payable", invoice.payable},
          {"due_date", invoice.due_date},    {"skonto_date", invoice.skonto_date},
          {"state", invoice.state},          {"state_at", invoice.state_at},
          {"state_text", invoice.state_text}};
}

json deadline_view(const archive::InvoiceState& invoice, const invoice::Deadline& deadline) {
  return {{"document", invoice.number},   {"invoice_number", invoice.invoice_number},
          {"creditor", invoice.creditor}, {"payable", invoice.payable},
          {"kind", deadline.kind},        {"date", deadline.date},
          {"pay_by", deadline.pay_by},    {"urgency", invoice::name_of(deadline.urgency)}};
}

}  // namespace

Result<json> InvoiceDesk::invoices(const json& arguments) {
  MAILROOM_TRY_VOID(check_known(arguments, {"find"}));
  MAILROOM_TRY(const std::string wanted, text_of(arguments, "find"));
  auto states = catalogue_.invoice_states();
  json list = json::array();
  if (wanted.empty()) {
    MAILROOM_TRY(const auto latest, states.latest(kLatest));
    for (const auto& invoice : latest) list.push_back(state_view(invoice));
    return json{{"invoices", list}};
  }
  MAILROOM_TRY(const auto found, states.find(wanted));
  MAILROOM_TRY(const auto steps, states.timeline(found.document));
  json view = state_view(found);
  view["timeline"] = json::array();
  for (const auto& step : steps)
    view["timeline"].push_back(
        {{"at", step.at}, {"who", step.who}, {"step", step.step}, {"text", step.text}});
  list.push_back(std::move(view));
  return json{{"invoices", list}};
}

Result<json> InvoiceDesk::deadlines() {
  MAILROOM_TRY(const auto open, flow_.open_deadlines());
  json list = json::array();
  for (const auto& [invoice, deadline] : open) list.push_back(deadline_view(invoice, deadline));
  return json{{"deadlines", list}};
}

std::map<std::string, Command> InvoiceDesk::commands() {
  return {{"invoices", [this](const json& words,
                              const CommandContext&) { return core_.call([&] { return invoices(words); }); }},
          {"deadlines",
           [this](const json&, const CommandContext&) { return core_.call([&] { return deadlines(); }); }}};
}

}  // namespace mailroom::app
