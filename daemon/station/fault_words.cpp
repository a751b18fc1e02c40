#include "daemon/station/fault_words.h"

namespace mailroom::station {
namespace {

std::string_view picture_of(FaultKind kind) {
  using enum FaultKind;
  switch (kind) {
    case double_feed: return "double_feed";
    case cover_open: return "cover";
    case out_of_paper: return "empty";
    case device_lost:
    case no_progress: return "lost";
    case driver_crashed: return "restart";
    case not_stored: return "full";
    case stop_button:
    case no_ink:
    case device_error: return "stop";
    case paper_jam:
    case staple:
    case short_side:
    case damaged_image: return "jam";
  }
  return "stop";
}

/// A feed that ended without a fault of the scanner: paused, or the daemon ended meanwhile.
nlohmann::json ended_json(const archive::Batch& batch) {
  const std::string sheet = std::to_string(batch.sheets + 1);
  const bool paused = batch.feed_end == "paused";
  return {{"code", batch.feed_end},
          {"text_de", paused ? "Angehalten. Ab Blatt " + sheet + " geht es weiter."
                             : "Der Einzug wurde unterbrochen. Was ab Blatt " + sheet +
                                   " in der Ablage liegt, wieder obenauf in den Einzug legen, dann weiter."},
          {"text_en", paused ? "Paused. Go on from sheet " + sheet + "."
                             : "The feed was interrupted. Put what lies in the output tray from sheet " +
                                   sheet + " on back on top of the stack in the feeder, then go on."},
          {"sheet", batch.sheets + 1},
          {"picture", "stop"}};
}

}  // namespace

Result<nlohmann::json> fault_json(archive::Catalogue& catalogue, const archive::Batch& batch) {
  if (batch.state != BatchState::interrupted) return nullptr;
  MAILROOM_TRY(const auto feeds, catalogue.feeds().of_batch(batch.id));
  if (feeds.empty() || !feeds.back().fault) return ended_json(batch);
  const FeedFault& fault = *feeds.back().fault;
  const FaultWords words = words_of(fault);
  return nlohmann::json{{"code", name_of(fault.kind)},
                        {"text_de", words.what_de + " " + words.remedy_de},
                        {"text_en", words.what_en + " " + words.remedy_en},
                        {"sheet", batch.sheets + 1},
                        {"picture", picture_of(fault.kind)}};
}

}  // namespace mailroom::station
