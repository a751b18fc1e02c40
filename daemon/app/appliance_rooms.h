#pragma once

#include <thread>

#include "daemon/app/appliance.h"
#include "daemon/app/care.h"
#include "daemon/app/change_bell.h"
#include "daemon/app/file_intake.h"
#include "daemon/app/foundation.h"
#include "daemon/app/invoice_desk.h"
#include "daemon/app/kiosk_front.h"
#include "daemon/app/station_front.h"
#include "daemon/base/work_thread.h"
#include "daemon/delivery/delivery_session.h"
#include "daemon/intake/batch_flow.h"
#include "daemon/intake/catalogue_outbox.h"
#include "daemon/intake/feeding.h"
#include "daemon/intake/reading_pool.h"
#include "daemon/intake/scanner_watch.h"

namespace mailroom::app {

/// Owns every room and thread. Members are destroyed in reverse, so the threads end before what
/// they work on.
class Appliance::Rooms {
  using json = nlohmann::json;

 public:
  Rooms(const Folders& folders, Foundation foundation);
  ~Rooms() { drain(); }

  Result<void> begin();
  void go_on();
  void tidy();
  void drain();
  std::string status_line();

  Result<json> status();
  Result<json> scanners();
  Result<json> scan(const json& arguments, const Caller& caller);
  Result<json> stop(const json& arguments);
  Result<json> batches();
  Result<json> clarifications();
  Result<json> show(const json& arguments);
  Result<json> follow(const json& arguments, const CommandContext& context);
  Result<json> clarify(const json& arguments, const Caller& caller);
  Result<json> discard(const json& arguments, const Caller& caller);
  Result<json> import_creditors(const json& arguments, const Caller& caller);
  Result<json> creditors();
  Result<json> verify(const json& arguments);
  std::map<std::string, Command> care() { return care_.commands(); }
  std::map<std::string, Command> station_commands() { return front_.commands(); }
  std::map<std::string, Command> file_commands() { return files_.commands(); }
  std::map<std::string, Command> kiosk_commands() { return kiosks_.commands(); }
  std::map<std::string, Command> invoice_commands() { return invoices_.commands(); }

 private:
  station::StationRooms station_rooms();
  KioskSurroundings kiosk_surroundings();
  json machine_status();
  void changed();
  intake::FlowRooms flow_rooms();
  delivery::SessionSettings settings_of_session();
  intake::FlowRequests flow_requests();
  intake::FeedEvents feed_events();
  void request_reading(const archive::Batch& batch, const archive::Page& page);
  void request_comparison(const archive::Batch& batch, const archive::Page& page, const archive::Page& other);
  void seal(const std::string& document);
  Result<archive::Batch> begin_batch(const json& arguments, const Caller& caller);
  Result<archive::Batch> start(const intake::NewBatch& wanted);
  Result<void> feed(const archive::Batch& batch, const std::string& scanner, const std::string& record);
  Result<intake::NewBatch> new_batch_from(const json& arguments) const;

  Folders folders_;
  Foundation base_;
  SystemClock clock_;
  intake::Spool spool_;
  ChangeBell bell_;
  intake::Sealing sealing_;
  bool draining_ = false;
  std::vector<std::string> waiting_for_room_;  // documents to be sealed; of the core thread
  intake::BatchFlow flow_;
  WorkThread core_;
  intake::CatalogueOutbox outbox_;
  Care care_;
  delivery::DeliverySession delivery_;
  WorkThread sealer_;
  intake::ReadingPool readers_;
  intake::Feeding feeding_;
  FileIntake files_;
  InvoiceDesk invoices_;
  std::jthread delivering_;
  StationFront front_;
  KioskFront kiosks_;
  intake::ScannerWatch watch_;
};

}  // namespace mailroom::app
