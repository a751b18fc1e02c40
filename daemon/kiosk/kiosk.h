#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/kiosk/hand_in.h"
#include "daemon/kiosk/proof_scanner.h"
#include "daemon/kiosk/reader.h"
#include "daemon/kiosk/speech.h"
#include "daemon/kiosk/till.h"
#include "daemon/kiosk/visit.h"

namespace mailroom::kiosk {

enum class Help { none, called, coming };

/// What reads identity cards: mailroom-card, or the line to one at the kiosk's own computer.
struct ReaderProgram {
  std::filesystem::path program;
  std::vector<std::string> arguments;
};

/// What a kiosk works with; everything outlives it. The functions are thread-safe.
struct KioskRooms {
  WorkThread& core;
  archive::Catalogue& catalogue;  ///< on the core thread only
  intake::BatchFlow& flow;        ///< the same
  const KioskConfiguration& configuration;
  const Clock& clock;
  HandIn& hand_in;
  ScannerRooms scanning;
  identity::DeskRooms identity;
  /// The reader of a place as a program to start; nullopt: it has none.
  std::function<std::optional<ReaderProgram>(const KioskPlace& place)> reader_of;
  std::map<std::string, std::vector<std::string>> recipients;  ///< certificates in PEM by matter
  std::function<bool()> delivers;                              ///< whether the broker is there
  std::function<bool()> has_room;                              ///< whether the data disk takes something in
  std::function<void(const std::string& kiosk, Help help)> help_wanted;
};

/// One kiosk (Bürgerterminal): the visit of the citizen who stands there, and its devices. Everything about
/// the person is in the visit and in nothing else, and goes when the visit ends. Thread-safe.
class Kiosk {
 public:
  Kiosk(KioskRooms rooms, const KioskPlace& place);
  ~Kiosk();
  Kiosk(const Kiosk&) = delete;
  Kiosk& operator=(const Kiosk&) = delete;

  [[nodiscard]] nlohmann::json view();  ///< `Kiosk` of config/contract/kiosk.yaml

  /// Wipes whoever was there and begins a visit. Errc::refused outside the opening hours.
  Result<nlohmann::json> begin(const std::string& language);

  /// Each needs the token of the visit, else Errc::not_found; the answer is the visit as it is then.
  Result<nlohmann::json> show(const std::string& token);
  Result<nlohmann::json> touch(const std::string& token);
  Result<void> end(const std::string& token);
  Result<nlohmann::json> set_language(const std::string& token, const std::string& language);
  Result<nlohmann::json> choose_matter(const std::string& token, const std::string& matter);
  Result<nlohmann::json> consent(const std::string& token);
  /// Errc::invalid_input; `wrong` gets the ids of the fields that are.
  Result<nlohmann::json> fill_in(const std::string& token, std::map<std::string, std::string> details,
                                 std::vector<std::string>& wrong);
  Result<nlohmann::json> identify(const std::string& token);
  Result<nlohmann::json> stop_identifying(const std::string& token);
  Result<nlohmann::json> scan(const std::string& token, const std::string& proof);
  Result<nlohmann::json> stop_scanning(const std::string& token);
  Result<nlohmann::json> retake(const std::string& token, const std::string& proof);
  Result<nlohmann::json> drop_side(const std::string& token, const std::string& proof, int side);
  Result<Bytes> picture(const std::string& token, const std::string& proof, int side, int longest);
  Result<nlohmann::json> use_earlier(const std::string& token, const std::string& proof, bool use);
  Result<nlohmann::json> hand_in(const std::string& token, const std::string& way);
  Result<nlohmann::json> pay(const std::string& token, const std::string& way);
  Result<nlohmann::json> abort_payment(const std::string& token);
  Result<Bytes> receipt(const std::string& token);
  Result<std::string> code(const std::string& token, const std::string& of);  ///< SVG
  Result<nlohmann::json> look_up(const std::string& token, const std::string& tracking);
  Result<Bytes> answer_page(const std::string& token, int answer, int page);
  Result<Bytes> speak(const std::string& token, const std::string& text, const std::string& language);
  Result<void> give_opinion(const std::string& token, int easy);

  void set_help(Help help);

  /// Ends a visit whose time is over or whose screen is gone; for twice a second.
  void tick();
  void look_at_devices();  ///< may take seconds; for every quarter of a minute
  [[nodiscard]] const std::string& station() const { return place_.station; }
  Till& till() { return till_; }

 private:
  using json = nlohmann::json;
  using Change = std::function<Result<void>(Visit&)>;

  Result<json> with(const std::string& token, const Change& change);  // as a touch of the person
  Result<Visit*> visit_of(const std::string& token);                  // under the lock
  void wipe(const char* reason);
  Result<Proof*> proof_of(Visit& visit, const std::string& id);
  Result<void> find_earlier(Visit& visit);
  identity::Wish wish_for(const Visit& visit) const;
  ReadingEvents reading_events(const std::string& token);
  void read(const std::string& token, card::EidResult<identity::SealedIdentity> outcome);
  Result<void> open_answers(Visit& visit);
  bool take_side(const std::string& token, const std::string& proof, CapturedImage&& image,
                 const PageReport& report);
  void scanned(const std::string& token, const std::string& proof, const drivers::DeviceInfo& device,
               const std::string& fault);
  Result<void> check_complete(const Visit& visit) const;
  void start_payment(const Visit& visit);
  void paid(const std::string& token, const TillNews& news);
  [[nodiscard]] bool is_open() const;
  [[nodiscard]] json works() const;
  [[nodiscard]] std::vector<std::string> missing_for(const Matter& matter, const json& works) const;
  json visit_json(const Visit& visit) const;
  json looked_up_json(const LookedUp& found) const;

  KioskRooms rooms_;
  const KioskPlace& place_;
  mutable std::mutex mutex_;
  std::optional<Visit> visit_;
  std::string ended_;  // token of the visit before, and why it ended
  std::string reason_;
  std::string end_soon_;  // why the visit is to be ended by the next tick
  Help help_ = Help::none;
  int wrong_numbers_ = 0;
  Moment numbers_again_{};
  Speech speech_;
  std::unique_ptr<Reader> reader_;  // none: the kiosk has no reader
  ProofScanner scanner_;
  Till till_;
};

}  // namespace mailroom::kiosk
