#include "daemon/kiosk/views.h"

namespace mailroom::kiosk {
namespace {

using nlohmann::json;

std::string clock_time(int minute) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(minute / 60) + ":" + two(minute % 60);
}

json detail_json(const MatterDetail& detail) {
  return {{"id", detail.id},           {"title", detail.title},   {"hint", detail.hint},
          {"example", detail.example}, {"needed", detail.needed}, {"digits", detail.digits}};
}

}  // namespace

std::string_view name_of(Help help) {
  switch (help) {
    case Help::none: return "none";
    case Help::called: return "called";
    case Help::coming: return "coming";
  }
  return "";
}

json matter_json(const Matter& matter, const std::vector<std::string>& missing) {
  json view = {{"id", matter.id},
               {"title", matter.title},
               {"text", matter.text},
               {"reads", json::array()},
               {"details", json::array()},
               {"proofs", json::array()},
               {"fee", matter.fee_cents},
               {"ways_to_pay", matter.ways_to_pay},
               {"available", missing.empty()},
               {"missing", missing}};
  for (const auto& datum : matter.reads)
    view["reads"].push_back({{"group", datum.group}, {"why", datum.why}});
  for (const auto& detail : matter.details) view["details"].push_back(detail_json(detail));
  for (const auto& proof : matter.proofs) {
    view["proofs"].push_back(
        {{"id", proof.id}, {"title", proof.title}, {"hint", proof.hint}, {"needed", proof.needed}});
  }
  return view;
}

json hours_json(const std::vector<OpeningHours>& hours) {
  json view = json::array();
  for (const auto& span : hours) {
    view.push_back(
        {{"days", span.days}, {"from", clock_time(span.from_minute)}, {"to", clock_time(span.to_minute)}});
  }
  return view;
}

json proof_json(const Proof& proof) {
  json view = {{"id", proof.asked->id}, {"state", name_of(proof.state)}, {"sides", json::array()}};
  if (!proof.fault.empty()) view["fault"] = proof.fault;
  for (const auto& side : proof.sides) {
    view["sides"].push_back(
        {{"side", side.number}, {"blank", side.report.blank}, {"turned", side.report.rotation}});
  }
  if (proof.on_file) {
    view["earlier"] = {{"date", proof.on_file->row.on},
                       {"pages", proof.on_file->row.sides},
                       {"tracking", proof.on_file->tracking}};
  }
  return view;
}

json reading_json(const IdentityReading& reading) {
  json view = {{"state", name_of(reading.state)}};
  if (!reading.step.empty()) view["step"] = reading.step;
  if (!reading.fault.empty()) view["fault"] = reading.fault;
  if (reading.tries_left) view["tries_left"] = *reading.tries_left;
  return view;
}

json payment_json(const Payment& payment, int cents) {
  json view = {{"state", name_of(payment.state)}};
  if (cents > 0) view["cents"] = cents;
  if (!payment.step.empty()) view["step"] = payment.step;
  if (!payment.text.empty()) view["text"] = payment.text;
  if (!payment.reference.empty()) view["reference"] = payment.reference;
  return view;
}

/// Under the lock.
json Kiosk::looked_up_json(const LookedUp& found) const {
  const auto matter = rooms_.configuration.matters.find(found.row.matter);
  json status = json::array();
  int answers = 0;
  const auto steps = rooms_.core.call(
      [&] { return archive::Matters(rooms_.catalogue.database()).steps_of(found.row.id); });
  for (const auto& step : steps ? *steps : std::vector<archive::MatterStep>()) {
    status.push_back({{"at", step.at}, {"step", step.step}, {"text", step.text}});
    if (step.step == "answered") ++answers;
  }
  json opened = json::array();
  for (const auto& reply : found.opened)
    opened.push_back(
        {{"answer", reply.number}, {"at", reply.at}, {"title", reply.title}, {"pages", reply.pages}});
  return {{"tracking", found.row.tracking},
          {"matter", matter == rooms_.configuration.matters.end()
                         ? Texts{{"de", found.row.matter}, {"en", found.row.matter}}
                         : matter->second.title},
          {"handed_in_at", found.row.handed_in_at},
          {"status", std::move(status)},
          {"answers", answers},
          {"opened", std::move(opened)}};
}

/// Under the lock.
json Kiosk::visit_json(const Visit& visit) const {
  const auto passed =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - visit.touched);
  json proofs = json::array();
  for (const Proof& proof : visit.proofs) proofs.push_back(proof_json(proof));
  json handed_in = {{"done", visit.is_done()}};
  if (visit.is_done()) {
    handed_in["tracking"] = visit.handed_in->tracking;
    handed_in["at"] = visit.handed_in->handed_in_at;
    handed_in["delivery"] = rooms_.delivers() ? "ok" : "waiting";
  }
  return {{"language", visit.language},
          {"matter", visit.matter == nullptr ? std::string() : visit.matter->id},
          {"consent", !visit.consent_at.empty()},
          {"details", visit.details},
          {"identity", reading_json(visit.reading)},
          {"proofs", std::move(proofs)},
          {"payment", payment_json(visit.payment, visit.matter == nullptr ? 0 : visit.matter->fee_cents)},
          {"handed_in", std::move(handed_in)},
          {"tracking", visit.looked_up ? looked_up_json(*visit.looked_up) : json(nullptr)},
          {"help", name_of(help_)},
          {"seconds_left", std::max<std::int64_t>(0, place_.idle_seconds - passed.count())},
          {"extensions_left", visit.extensions_left}};
}

}  // namespace mailroom::kiosk
