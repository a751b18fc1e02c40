#include <getopt.h>
#include <csignal>

#include <charconv>
#include <iostream>
#include <map>
#include <thread>

#include "daemon/base/durable_file.h"
#include "daemon/base/log.h"
#include "daemon/delivery/recipient/recipient.h"

namespace {

using namespace mailroom;
using namespace mailroom::delivery;

constexpr const char* kUsage =
    "mailroom-recipient --id NAME --site SITE --ca FILE --cert FILE --key FILE --out DIR\n"
    "  [--host HOST] [--port PORT]   the broker, default 127.0.0.1 8883\n"
    "  [--trust FILE]                issuer of the mailroom's signing certificate, default --ca\n"
    "  [--decrypt]                   also store encrypted contents in the clear, with --key\n"
    "  [--progress]                  tell the mailroom each step\n"
    "  [--reject-class CLASS]        answer documents of this class with `rejected` (repeatable)\n"
    "  [--return-class CLASS]        answer documents of this class with `returned` (repeatable)\n"
    "  [--reply CLASS=FILE.pdf]      answer who handed in documents of this class with this letter (repeatable)\n"
    "  [--once | --count N]          end after one, or N, answered deliveries\n"
    "  [--until-idle SECONDS]        end after so long without a message\n"
    "Exit codes: 0 done or stopped, 1 failed, 2 wrong usage, 4 the broker refuses us.\n";

enum Option {
  kId,
  kSite,
  kHost,
  kPort,
  kCa,
  kCert,
  kKey,
  kTrust,
  kOut,
  kDecrypt,
  kProgress,
  kReject,
  kReturn,
  kReply,
  kOnce,
  kCount,
  kIdle,
  kHelp
};

const option kOptions[] = {{"id", 1, nullptr, kId},
                           {"site", 1, nullptr, kSite},
                           {"host", 1, nullptr, kHost},
                           {"port", 1, nullptr, kPort},
                           {"ca", 1, nullptr, kCa},
                           {"cert", 1, nullptr, kCert},
                           {"key", 1, nullptr, kKey},
                           {"trust", 1, nullptr, kTrust},
                           {"out", 1, nullptr, kOut},
                           {"decrypt", 0, nullptr, kDecrypt},
                           {"progress", 0, nullptr, kProgress},
                           {"reject-class", 1, nullptr, kReject},
                           {"return-class", 1, nullptr, kReturn},
                           {"reply", 1, nullptr, kReply},
                           {"once", 0, nullptr, kOnce},
                           {"count", 1, nullptr, kCount},
                           {"until-idle", 1, nullptr, kIdle},
                           {"help", 0, nullptr, kHelp},
                           {nullptr, 0, nullptr, 0}};

int number_of(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : -1;
}

bool set_reply(RecipientSettings& settings, std::string_view value) {
  const auto equals = value.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  settings.replies[std::string(value.substr(0, equals))] = value.substr(equals + 1);
  return true;
}

bool set(RecipientSettings& settings, int which, const char* value) {
  switch (which) {
    case kId: settings.id = value; return true;
    case kSite: settings.site = value; return true;
    case kHost: settings.broker.host = value; return true;
    case kPort: settings.broker.port = number_of(value); return settings.broker.port > 0;
    case kCa: settings.broker.ca = value; return true;
    case kCert: settings.broker.certificate = value; return true;
    case kKey: settings.broker.key = value; return true;
    case kTrust: settings.trust = value; return true;
    case kOut: settings.out = value; return true;
    case kDecrypt: settings.decrypt = true; return true;
    case kProgress: settings.progress = true; return true;
    case kReject: settings.reject_classes.insert(value); return true;
    case kReturn: settings.return_classes.insert(value); return true;
    case kReply: return set_reply(settings, value);
    case kOnce: settings.count = 1; return true;
    case kCount: settings.count = number_of(value); return settings.count > 0;
    case kIdle:
      settings.until_idle = std::chrono::seconds(number_of(value));
      return settings.until_idle.count() > 0;
    default: return false;
  }
}

bool complete(const RecipientSettings& settings) {
  return !settings.id.empty() && !settings.site.empty() && !settings.broker.ca.empty() &&
         !settings.broker.certificate.empty() && !settings.broker.key.empty() && !settings.out.empty();
}

Result<Recipient*> opened(RecipientSettings settings, std::optional<Recipient>& recipient) {
  auto folder = DeliveryFolder::open(settings.out);
  if (!folder) return fail(folder.error());
  auto trusted = Certificate::read(settings.trust.empty() ? settings.broker.ca : settings.trust);
  if (!trusted) return fail(trusted.error());
  std::optional<Identity> identity;
  if (settings.decrypt) {
    auto key = PrivateKey::read(settings.broker.key);
    if (!key) return fail(key.error());
    auto certificate = Certificate::read(settings.broker.certificate);
    if (!certificate) return fail(certificate.error());
    identity.emplace(Identity{std::move(*key), std::move(*certificate)});
  }
  recipient.emplace(std::move(settings), std::move(*folder), std::move(*trusted), std::move(identity));
  return &*recipient;
}

/// Runs until done or until SIGTERM or SIGINT, which one thread waits for.
Result<void> run(Recipient& recipient) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::stop_source stop;
  const std::jthread listener([&](const std::stop_token& ended) {
    const timespec moment{0, 100'000'000};
    while (!ended.stop_requested()) {
      if (sigtimedwait(&signals, nullptr, &moment) > 0) stop.request_stop();
    }
  });
  return recipient.run(stop.get_token());
}

int told(const Error& error) {
  log::error(error);
  return error.code == Errc::refused ? 4 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  log::open("mailroom-recipient");
  RecipientSettings settings;
  for (int which = 0; (which = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    if (which == kHelp) {
      std::cout << kUsage;
      return 0;
    }
    if (!set(settings, which, optarg)) {
      std::cerr << kUsage;
      return 2;
    }
  }
  if (optind != argc || !complete(settings)) {
    std::cerr << kUsage;
    return 2;
  }
  try {
    std::optional<Recipient> place;
    const auto recipient = opened(std::move(settings), place);
    if (!recipient) return told(recipient.error());
    const auto outcome = run(**recipient);
    return outcome ? 0 : told(outcome.error());
  } catch (const FsyncFailed& failure) {
    log::error(failure.what());
    return 1;
  }
}
