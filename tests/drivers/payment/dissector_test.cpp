#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "counter.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

using namespace mailroom;
using namespace mailroom::test;
using namespace mailroom::payment;

namespace {

constexpr std::uint16_t kTerminalPort = 20'007;

/// Octets on a line as a capture file that dissectors read (pcap, IPv4 and TCP without checksums).
class Capture {
 public:
  Capture() {
    put32(0xA1B2C3D4);
    put16(2), put16(4), put32(0), put32(0), put32(65'535);
    put32(101);  // raw IP
  }

  void add(const Chunk& chunk) {
    const bool to_terminal = chunk.direction == Direction::to_terminal;
    auto& sent = sent_[{chunk.connection, to_terminal}];
    auto& come = sent_[{chunk.connection, !to_terminal}];
    const auto register_port = std::uint16_t(40'000 + chunk.connection);
    Bytes packet;
    ip(packet, chunk.bytes.size());
    tcp(packet, to_terminal ? register_port : kTerminalPort, to_terminal ? kTerminalPort : register_port,
        sent, come);
    packet.insert(packet.end(), chunk.bytes.begin(), chunk.bytes.end());
    sent += std::uint32_t(chunk.bytes.size());
    put32(1'700'000'000), put32(++packets_), put32(std::uint32_t(packet.size())),
        put32(std::uint32_t(packet.size()));
    file_ += as_text(packet);
  }

  void write(const std::filesystem::path& path) const { std::ofstream(path, std::ios::binary) << file_; }

 private:
  static void big(Bytes& bytes, std::uint32_t value, int octets) {
    for (int i = octets - 1; i >= 0; --i) bytes.push_back(std::uint8_t(value >> (8 * i)));
  }
  static void ip(Bytes& packet, std::size_t size) {
    big(packet, 0x4500, 2), big(packet, std::uint32_t(size + 40), 2), big(packet, 0x00004000, 4);
    big(packet, 0x40060000, 4), big(packet, 0x7F000001, 4), big(packet, 0x7F000001, 4);
  }
  static void tcp(Bytes& packet, std::uint16_t from, std::uint16_t to, std::uint32_t sent,
                  std::uint32_t come) {
    big(packet, from, 2), big(packet, to, 2), big(packet, sent + 1, 4), big(packet, come + 1, 4);
    big(packet, 0x5018FFFF, 4), big(packet, 0, 4);
  }
  void put16(std::uint16_t value) { file_ += {char(value & 0xFF), char(value >> 8)}; }
  void put32(std::uint32_t value) { put16(std::uint16_t(value & 0xFFFF)), put16(std::uint16_t(value >> 16)); }

  std::string file_;
  std::map<std::pair<int, bool>, std::uint32_t> sent_;
  std::uint32_t packets_ = 0;
};

/// What tshark reads of a capture: one line a packet, the values of a field joined by commas, fields by '|'.
std::vector<std::vector<std::string>> dissected(const std::filesystem::path& file,
                                                const std::string& fields) {
  std::string command =
      "tshark -n -r " + file.string() + " -d tcp.port==20007,zvt -T fields -E separator='|'";
  std::istringstream names(fields);
  for (std::string name; names >> name;) command += " -e " + name;
  const auto outcome = shell("(" + command + " 2>/dev/null)");
  REQUIRE(outcome.code == 0);
  std::vector<std::vector<std::string>> packets;
  std::istringstream lines(outcome.output);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> values(1);
    for (const char c : line) c == '|' ? values.emplace_back() : values.back() += c, void();
    packets.push_back(values);
  }
  return packets;
}

std::vector<std::string> column(const std::vector<std::vector<std::string>>& packets, std::size_t at) {
  std::vector<std::string> all;
  for (const auto& packet : packets) {
    std::istringstream values(packet.at(at));
    for (std::string value; std::getline(values, value, ',');) all.push_back(value);
  }
  return all;
}

bool has(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool is_here() {
  if (shell("command -v tshark").code == 0) return true;
  WARN("[skipped] tshark is not installed");
  return false;
}

using Work = std::function<void(PaymentTerminal&)>;

/// The capture of what `work` exchanges with a virtual terminal.
void capture(const std::filesystem::path& file, const TerminalScript& script, const Work& work) {
  Counter counter(script);
  CutLine line(counter.port());
  auto terminal = Counter::terminal_at(line.place());
  work(terminal);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the last acknowledgement is still under way
  Capture capture;
  for (const auto& chunk : line.chunks()) capture.add(chunk);
  capture.write(file);
}

/// Messages by our own reader: commands, and acknowledgements.
std::pair<std::size_t, std::size_t> counted(const std::filesystem::path& file) {
  const auto packets = dissected(file, "tcp.payload");
  std::size_t commands = 0, answers = 0;
  for (const auto& packet : packets) {
    zvt::ApduReader reader;
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < packet[0].size(); i += 2)
      bytes.push_back(std::uint8_t(std::stoul(packet[0].substr(i, 2), nullptr, 16)));
    reader.feed(bytes);
    for (auto next = reader.next(); next.value(); next = reader.next())
      ((*next)->is_acknowledgement() ? answers : commands) += 1;
  }
  return {commands, answers};
}

const std::string kMarks = "_ws.malformed zvt.apdu_len.invalid zvt.control_field zvt.ccrc";

void require_sound(const std::filesystem::path& file) {
  const auto packets = dissected(file, kMarks);
  CHECK(column(packets, 0).empty());
  CHECK(column(packets, 1).empty());
  const auto [commands, answers] = counted(file);
  CHECK(column(packets, 2).size() == commands);
  CHECK(column(packets, 3).size() == answers);
}

}  // namespace

TEST_CASE("Wireshark's dissector reads a payment as we mean it") {
  if (!is_here()) return;
  TemporaryFolder folder;
  const auto file = folder.path() / "payment.pcap";
  capture(file, Counter::quick(), [](PaymentTerminal& terminal) {
    REQUIRE(terminal.authorise({3'070, "r"}, {}, {}).outcome == Outcome::paid);
  });
  require_sound(file);
  const auto packets =
      dissected(file,
                "zvt.control_field zvt.password zvt.reg.config_byte zvt.cc zvt.tlv.permitted_command "
                "zvt.characters_per_line zvt.amount zvt.result_code zvt.terminal_id zvt.trace_number "
                "zvt.card_type zvt.card_name zvt.int_status zvt.tlv.text_lines.line zvt.bmp");
  CHECK(column(packets, 0) == std::vector<std::string>{"0x0600", "0x060f", "0x0601", "0x04ff", "0x04ff",
                                                       "0x04ff", "0x04ff", "0x04ff", "0x040f", "0x06d3",
                                                       "0x06d3", "0x060f"});
  CHECK(column(packets, 1) == std::vector<std::string>{"000000"});
  CHECK(column(packets, 2) == std::vector<std::string>{"0xbe"});
  for (const auto& currency : column(packets, 3)) CHECK(currency == "0x0978");
  CHECK(column(packets, 4) == std::vector<std::string>{"0x06d1", "0x06d3"});
  CHECK(column(packets, 5) == std::vector<std::string>{"40"});
  CHECK(column(packets, 6) == std::vector<std::string>{"3070", "3070"});
  CHECK(column(packets, 7) == std::vector<std::string>{"0x00"});
  CHECK(has(column(packets, 8), "68001234"));
  CHECK(column(packets, 9) == std::vector<std::string>{"000001"});
  CHECK(column(packets, 10) == std::vector<std::string>{"5"});
  CHECK(column(packets, 11) == std::vector<std::string>{"girocard"});
  CHECK(column(packets, 12) == std::vector<std::string>{"0x0a", "0x01", "0x04", "0x1c", "0x0b"});
  CHECK(has(column(packets, 13), "Beleg-Nr. 1 Trace-Nr. 1"));
  CHECK(has(column(packets, 14), "0x87"));
  // The dissector names the receipt number without a field of its own: its octets are in the details.
  const auto details =
      shell("(tshark -n -r " + file.string() + " -d tcp.port==20007,zvt -T pdml 2>/dev/null)").output;
  const auto at = details.find("Bitmap: Receipt number");
  REQUIRE(at != std::string::npos);
  CHECK(details.substr(at, 200).find("value=\"870001\"") != std::string::npos);
}

TEST_CASE(
    "Wireshark's dissector reads a declined payment, an abort, a reversal and the end of a day without a "
    "complaint") {
  if (!is_here()) return;
  TemporaryFolder folder;
  const auto file = folder.path() / "more.pcap";
  capture(file, Counter::quick(), [](PaymentTerminal& terminal) {
    CHECK(terminal.authorise({1'005, ""}, {}, {}).outcome == Outcome::declined);
    CHECK(terminal.authorise({1'006, ""}, {}, {}).outcome == Outcome::aborted);
    const auto paid = terminal.authorise({1'000, ""}, {}, {});
    CHECK(terminal.reverse(paid.booking.receipt, {})->outcome == Outcome::paid);
    CHECK(terminal.end_day());
  });
  require_sound(file);
  const auto packets = dissected(file, "zvt.control_field zvt.result_code");
  for (const auto* command : {"0x0601", "0x0630", "0x0650", "0x061e", "0x040f", "0x060f", "0x06d3"})
    CHECK(has(column(packets, 0), command));
  CHECK(column(packets, 1) == std::vector<std::string>{"0x05", "0x05", "0x6c", "0x00", "0x00"});
}

TEST_CASE("Wireshark's dissector reads receipts that come line by line") {
  if (!is_here()) return;
  TemporaryFolder folder;
  const auto file = folder.path() / "lines.pcap";
  auto script = Counter::quick();
  script.prints_lines = true;
  capture(file, script, [](PaymentTerminal& terminal) {
    CHECK(terminal.authorise({1'000, ""}, {}, {}).outcome == Outcome::paid);
  });
  require_sound(file);
  const auto commands = column(dissected(file, "zvt.control_field"), 0);
  CHECK(std::count(commands.begin(), commands.end(), "0x06d1") == 14);
}
