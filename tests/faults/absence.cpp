#include <algorithm>
#include <atomic>

#include "daemon/archive/undelivered.h"
#include "tests/delivery/lossy_line.h"
#include "tests/delivery/own_network.h"
#include "tests/delivery/sending.h"
#include "tests/e2e/mailroom.h"
#include "tests/faults/fault_run.h"
#include "tests/faults/office/office.h"
#include "tests/faults/office/scratch.h"

/// Brokers and recipients that are away for days, forget, answer badly or not at all, and lines that lose
/// what they carry. The mailroom owes real documents of real batches; in the end each is at its recipient
/// or a person is asked about it, and nothing else.
namespace mailroom::faults {
namespace {

using namespace std::chrono_literals;
using delivery::BrokerState;
using delivery::ReadManifest;
using test::QuickRecipient;
using Texts = std::vector<std::string>;

constexpr int kFew = 12;
constexpr auto kLimit = 60s;

/// An office that owes letters to ecm, a broker, and the session that delivers.
class Owing {
 public:
  explicit Owing(int letters, std::string_view broker_lines = "")
      : broker(outside_.path(), broker_lines), office(house_.path()) {
    owe(letters);
  }
  ~Owing() { stop(); }
  Owing(const Owing&) = delete;
  Owing& operator=(const Owing&) = delete;

  void owe(int letters) {
    for (int i = 0; i < letters; ++i) {
      world_.stacks.push_back({"post", "ecm", 1});
      office.feed(world_, int(world_.stacks.size()) - 1);
      office.read_asked();
      office.seal_asked();
    }
  }

  void start(int port = 0, delivery::SessionSettings settings = test::impatient()) {
    sending_ = std::make_unique<test::Sending>(port == 0 ? broker.port() : port, office.outbox(), clock,
                                               std::move(settings));
  }
  void stop() { sending_.reset(); }
  delivery::DeliverySession& session() { return sending_->session(); }
  bool is(BrokerState state) {
    return test::eventually([&] { return session().status().broker == state; }, kLimit);
  }
  /// The session finds out that `count` deliveries are in `state`.
  bool reaches(std::string_view state, int count, std::chrono::milliseconds limit = kLimit) {
    return test::eventually([&] { return this->count(state) == count; }, limit);
  }
  int count(std::string_view state) {
    return office.core().call([&] {
      auto row = office.catalogue().database().query("SELECT count(*) FROM outbox WHERE state = ?1",
                                                     std::string(state));
      if (!row || !row->next()) throw OfficeEnded("the outbox cannot be read");
      return int(row->integer(0));
    });
  }
  Texts ids() {
    return office.core().call([&] {
      auto rows = office.catalogue().database().query("SELECT id FROM outbox ORDER BY id");
      Texts found;
      while (rows && rows->next().value_or(false)) found.push_back(rows->text(0));
      return found;
    });
  }

  /// Ends the session; every letter is stored once, its batch is finished, and verification finds nothing.
  Texts all_stored() {
    const int owed = int(world_.stacks.size());
    Texts broken;
    if (!reaches(archive::kStored, owed))
      broken.push_back(std::to_string(count(archive::kStored)) + " of " + std::to_string(owed) +
                       " letters are stored");
    stop();
    for (const auto& paper : world_.stacks) {
      const auto batch = office.catalogue().batches().get(paper.batch).value();
      if (batch.state != BatchState::finished) broken.push_back("batch " + batch.number + " is not finished");
    }
    for (const auto& text : office.findings()) broken.push_back(text);
    return broken;
  }

 private:
  Scratch house_;
  Scratch outside_;
  World world_;

 public:
  test::Broker broker;
  test::MovingClock clock;
  Office office;

 private:
  std::unique_ptr<test::Sending> sending_;
};

Texts good(const ReadManifest& manifest) {
  return {QuickRecipient::stored(manifest)};
}

Texts rejected(const ReadManifest& manifest) {
  return {R"({"id":")" + manifest.id + R"(","status":"rejected","reason":"no"})"};
}

Texts broker_away(FaultRun&, int letters) {
  Owing owing(letters);
  owing.broker.kill();
  owing.start();
  if (!owing.is(BrokerState::unreachable)) return {"nobody notices that the broker is away"};
  for (int hour = 0; hour < 72; ++hour) owing.clock.move(1h);
  if (owing.count(archive::kOwed) != letters) return {"something was concluded without a broker"};
  owing.broker.start();
  std::atomic<int> most = 0;
  const QuickRecipient ecm("ecm", owing.broker.port(), [&](const ReadManifest& manifest) {
    most = std::max(most.load(), owing.office.outbox().unreceipted("ecm").value_or(0));
    return good(manifest);
  });
  Texts broken;
  if (!owing.reaches(archive::kStored, letters, std::max<std::chrono::milliseconds>(kLimit, letters * 50ms)))
    broken.emplace_back("not all went out");
  if (most > 100) broken.push_back(std::to_string(most) + " manifests were out at once");
  for (const auto& text : owing.all_stored()) broken.push_back(text);
  return broken;
}

Texts broker_killed(FaultRun& run) {
  Owing owing(60);
  owing.start();
  std::unique_ptr<QuickRecipient> ecm;
  for (int kill = 0; kill < 5; ++kill) {
    ecm.reset();
    ecm = std::make_unique<QuickRecipient>("ecm", owing.broker.port(), good);
    std::this_thread::sleep_for(std::chrono::milliseconds(run.below(150)));
    owing.broker.kill();
    std::this_thread::sleep_for(std::chrono::milliseconds(run.below(150)));
    owing.broker.start();
  }
  ecm = std::make_unique<QuickRecipient>("ecm", owing.broker.port(), good);
  return owing.all_stored();
}

Texts recipient_away(FaultRun&) {
  Owing owing(130);
  owing.start();
  if (!test::eventually([&] { return owing.office.outbox().unreceipted("ecm").value_or(0) >= 90; }, kLimit))
    return {"nothing is sent to a recipient that is away"};
  for (int i = 0; i < 12; ++i) {
    owing.clock.move(6h);
    owing.session().poke();
    std::this_thread::sleep_for(30ms);
  }
  if (owing.count(archive::kDead) != 0) return {"somebody who is away was given up"};
  const QuickRecipient ecm("ecm", owing.broker.port(), good);
  owing.clock.move(1h);
  owing.session().poke();
  return owing.all_stored();
}

/// The broker drops, without a word, what is beyond five messages.
Texts queue_limit(FaultRun&) {
  Owing owing(60, "max_queued_messages 5\nmax_inflight_messages 5\n");
  owing.start();
  const QuickRecipient ecm("ecm", owing.broker.port(), good);
  return owing.all_stored();
}

Texts rejects_some(FaultRun& run) {
  Owing owing(kFew);
  const auto ids = owing.ids();
  const auto bad = ids[std::size_t(run.below(kFew))];
  std::atomic<int> asked = 0;
  const QuickRecipient ecm("ecm", owing.broker.port(), [&](const ReadManifest& manifest) {
    if (manifest.id == bad) ++asked;
    return manifest.id == bad ? rejected(manifest) : good(manifest);
  });
  owing.start();
  Texts broken;
  if (!owing.reaches(archive::kStored, kFew - 1)) broken.emplace_back("one bad document blocks others");
  if (!owing.reaches(archive::kRejected, 1)) broken.emplace_back("a rejection is not taken");
  std::this_thread::sleep_for(200ms);  // what was on its way when the rejection came
  const int before = asked;
  owing.clock.move(24h);
  owing.session().poke();
  std::this_thread::sleep_for(100ms);
  if (asked != before) broken.emplace_back("a rejected document was sent again");
  owing.stop();
  if (owing.office.catalogue().clarifications().open().value().size() != 1)
    broken.emplace_back("nobody is asked about what was rejected");
  for (const auto& text : owing.office.findings()) broken.push_back(text);
  return broken;
}

/// One that chokes on some documents; then it is mended, and a person has them sent again.
Texts never_answers_some(FaultRun& run) {
  Owing owing(kFew);
  auto ids = owing.ids();
  std::shuffle(ids.begin(), ids.end(), run.random());
  const std::set<std::string> chokes_on(ids.begin(), ids.begin() + 3);
  std::atomic<bool> mended = false;
  const QuickRecipient ecm("ecm", owing.broker.port(), [&](const ReadManifest& manifest) {
    return !mended && chokes_on.contains(manifest.id) ? Texts() : good(manifest);
  });
  auto settings = test::impatient();
  settings.resend_first = settings.resend_last = 20ms;
  owing.start(0, settings);
  for (int i = 0; i < 200 && owing.count(archive::kDead) < 3; ++i) {
    owing.office.core().call([&] { owing.owe(1); });  // it answers others all day
    owing.session().poke();
    std::this_thread::sleep_for(40ms);
  }
  if (owing.count(archive::kDead) != 3) return {"what is never answered is no question"};
  mended = true;
  for (const auto& id : chokes_on) {
    const bool sent =
        owing.office.core().call([&] { return owing.office.flow().resend(id, "anna").has_value(); });
    if (!sent) return {"a dead delivery cannot be sent again"};
  }
  owing.session().poke();
  return owing.all_stored();
}

Texts answers_too_much(FaultRun&) {
  Owing owing(kFew);
  const auto ids = owing.ids();
  const QuickRecipient ecm("ecm", owing.broker.port(), [&](const ReadManifest& manifest) {
    auto other = manifest;
    other.id =
        ids[(std::size_t(std::find(ids.begin(), ids.end(), manifest.id) - ids.begin()) + 1) % ids.size()];
    const auto wrong = QuickRecipient::stored(other);  // another's id with this one's digests
    const auto right = QuickRecipient::stored(manifest);
    return Texts{wrong, "{", right, right, rejected(manifest).front()};
  });
  owing.start();
  return owing.all_stored();
}

Texts answers_for_somebody_else(FaultRun&) {
  Owing owing(kFew);
  QuickRecipient payment("payment", owing.broker.port(), good);
  test::Listener forger("payment", owing.broker.port(), {}, "forger");
  owing.start();
  if (!owing.is(BrokerState::connected)) return {"no connection"};
  for (const auto& id : owing.ids()) {
    const auto row = owing.office.core().call([&] { return owing.office.catalogue().deliveries().find(id); });
    const auto manifest = delivery::read_manifest(row.value().value().manifest).value();
    for (const char* topic :
         {"mailroom/v1/marburg/from/payment/receipt", "mailroom/v1/marburg/from/ecm/receipt"})
      (void)forger.say(topic, QuickRecipient::stored(manifest));
  }
  std::this_thread::sleep_for(100ms);
  Texts broken;
  if (owing.count(archive::kOwed) != kFew) broken.emplace_back("somebody else's answer counts");
  const QuickRecipient ecm("ecm", owing.broker.port(), good);
  for (const auto& text : owing.all_stored()) broken.push_back(text);
  return broken;
}

/// payment asks for blocks as fast as it can; the reference recipient of ecm gets what it asks for.
Texts endless_requests(FaultRun&) {
  Owing owing(kFew);
  owing.start();
  if (!owing.is(BrokerState::connected)) return {"no connection"};
  const std::string own = "mailroom/v1/marburg/to/payment/block/x";
  test::Listener payment("payment", owing.broker.port(), {own});
  const std::jthread flood([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      delivery::MqttMessage message;
      message.topic = "mailroom/v1/marburg/from/payment/request";
      message.response_topic = own;
      message.payload = Bytes(50, 'x');
      if (!payment.client().publish(message)) std::this_thread::sleep_for(1ms);
      std::this_thread::sleep_for(200us);
    }
  });
  const Scratch out;
  const auto& identities = test::identities();
  const auto ecm =
      ChildProcess::start({e2e::program("mailroom-recipient"),
                           {"--id", "ecm", "--site", "marburg", "--port", std::to_string(owing.broker.port()),
                            "--ca", identities / "ca.pem", "--cert", identities / "ecm.pem", "--key",
                            identities / "ecm.key", "--out", out.path()}});
  if (!ecm) return {ecm.error().message()};
  return owing.all_stored();
}

/// What the broker says is swallowed, and the line breaks, again and again.
Texts lossy_line(FaultRun& run) {
  Owing owing(40);
  test::LossyLine line(owing.broker.port());
  const QuickRecipient ecm("ecm", owing.broker.port(), good);
  owing.start(line.port());
  for (int i = 0; i < 6; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(run.below(150)));
    line.swallow(true);
    std::this_thread::sleep_for(std::chrono::milliseconds(run.below(100)));
    line.cut();
    line.swallow(false);
  }
  return owing.all_stored();
}

/// A connection that is dead without a word on either side, in a network of its own.
Texts half_open(FaultRun&) {
  Owing owing(20);
  owing.start();
  if (!owing.is(BrokerState::connected)) return {"no connection"};
  test::OwnNetwork::switch_loopback(false);
  const bool noticed = owing.is(BrokerState::unreachable);
  const int concluded = 20 - owing.count(archive::kOwed);
  owing.broker.kill();
  test::OwnNetwork::switch_loopback(true);
  owing.broker.start();
  const QuickRecipient ecm("ecm", owing.broker.port(), good);
  Texts broken = owing.all_stored();
  if (!noticed) broken.emplace_back("a dead line is not noticed within a minute");
  if (concluded != 0) broken.emplace_back("something was concluded over a dead line");
  return broken;
}

struct Absence {
  const char* fault;
  int full;
  int sample;
  Texts (*happens)(FaultRun&);
};

const Absence kAbsences[] = {
    {"broker killed again and again while documents go out", 50, 1, broker_killed},
    {"recipient away for three days", 25, 1, recipient_away},
    {"broker drops what is beyond five messages", 25, 1, queue_limit},
    {"recipient rejects a document", 25, 1, rejects_some},
    {"recipient never answers some documents; sent again by hand", 25, 1, never_answers_some},
    {"recipient answers twice, for others, nonsense, late", 25, 1, answers_too_much},
    {"somebody answers for another recipient", 25, 1, answers_for_somebody_else},
    {"recipient asks for blocks without end", 25, 1, endless_requests},
    {"line loses what the broker says, and breaks", 50, 1, lossy_line},
};

Texts safely(FaultRun& run, Texts (*happens)(FaultRun&)) try {
  return happens(run);
} catch (const std::exception& error) {
  return {error.what()};
}

}  // namespace

void absence(FaultRun& run) {
  for (const Absence& one : kAbsences) {
    Row& row = run.row(one.fault, one.full, one.sample);
    while (run.goes_on(row)) run.count(row, safely(run, one.happens));
  }
  Row& days = run.row("broker away for three days, 10,000 documents owed", 2, 0);
  while (run.goes_on(days))
    run.count(days, safely(run, [](FaultRun& now) { return broker_away(now, 10'000); }));
  Row& open = run.row("connection dead without a word (network namespace)", 10, 0);
  if (!run.goes_on(open)) return;
  const test::OwnNetwork network;  // last: this process and its children have no other any more
  while (network.there() && run.goes_on(open)) run.count(open, safely(run, half_open));
}

}  // namespace mailroom::faults
