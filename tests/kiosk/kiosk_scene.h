#pragma once

#include <string>

#include "tests/drivers/card/keypad_scene.h"
#include "tests/e2e/mailroom.h"
#include "tests/e2e/small_stack.h"

namespace mailroom::test {

/// A whole mailroom with a kiosk: identity cards of our own behind a real pcscd and a reader with a keypad, a
/// virtual scanner, a broker and recipients. Everything is a real process, in a network of its own.
/// Thread-bound.
struct KioskScene : KeypadScene {
  /// `terminal`: "HOST:PORT" of a card terminal, or empty; `more` are lines of kiosks.toml for the kiosk.
  void open(const std::string& terminal = "", const std::string& more = "",
            const std::vector<std::string>& ecm = {}, std::map<std::string, std::string> environment = {});

  /// A citizen lays a card on the reader; its PIN is 123456.
  card::EidCard& lay(card::Personalisation personal);
  void take_card();                            ///< off the reader
  void type(const std::string& digits) const;  ///< at the keypad, when it is next asked for

  void put(const std::vector<e2e::DrawnSide>& sides);  ///< into the feeder
  bool far_reader = false;    ///< the reader is at the kiosk's own computer, before open()
  std::string scanner_lines;  ///< more of the virtual scanner's table, before open()

  /// One sheet: words on its front, an empty back.
  void put_into_feeder(const std::string& mark = "Fahrzeugschein");

  struct Answer {
    int status = 0;
    std::string body;
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
  };
  Answer ask(const std::string& method, const std::string& path, const nlohmann::json& body = nullptr,
             const std::string& visit = "");

  /// As the citizen at the screen: a request that must succeed.
  nlohmann::json does(const std::string& method, const std::string& path,
                      const nlohmann::json& body = nullptr);
  nlohmann::json sees() { return does("GET", "/visit"); }
  /// Waits until the visit looks like that; what it looks like then.
  nlohmann::json until(const std::function<bool(const nlohmann::json&)>& condition,
                       std::chrono::seconds limit = std::chrono::seconds(30));

  void begin(const std::string& matter);  ///< a visit that has agreed to what the matter reads
  void identify(const std::string& pin = "123456");
  void scan(const std::string& proof);
  void fill_in_plate() { does("PUT", "/visit/details", {{"details", {{"plate", "MR-XY 987"}}}}); }
  void leave() { does("DELETE", "/visit"); }

  /// The package of the latest matter at the office, decrypted: a PDF. Empty when there is none within 20 s.
  std::filesystem::path opened_package(std::size_t deliveries = 1);

  /// The kiosk's own computer with its reader: switched on by open() when there is one.
  void switch_on();
  ChildProcess& computer() { return computer_; }
  void await_reader(const std::string& state);  ///< "ok", "lost"
  e2e::Mailroom& mailroom() { return *mailroom_; }
  [[nodiscard]] const std::string& url() const { return url_; }
  std::string token;

 private:
  std::optional<e2e::Mailroom> mailroom_;
  std::optional<KeypadSlot> slot_;
  std::string url_;
  std::filesystem::path terminal_folder_;
  ChildProcess computer_;
};

}  // namespace mailroom::test
