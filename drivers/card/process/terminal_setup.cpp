#include "drivers/card/process/terminal_setup.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "daemon/base/durable_file.h"
#include "drivers/card/token/token_terminal_key.h"

namespace mailroom::card {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 64UL * 1024;

tl::unexpected<Error> wrong(const fs::path& file, const std::string& what) {
  return fail(Errc::invalid_input, what, Place::in_file(file.string()), "see docs/formats/card-terminal.md");
}

Result<std::string> text_of(const json& body, const char* name, const fs::path& file) {
  if (!body.contains(name) || !body[name].is_string()) return wrong(file, std::string("'") + name + "' is missing");
  return body[name].get<std::string>();
}

/// The octets of the file that member `name` names.
Result<Bytes> file_of(const json& body, const char* name, const fs::path& setup) {
  MAILROOM_TRY(const std::string path, text_of(body, name, setup));
  return read_file(setup.parent_path() / path, kLargestFile);
}

Result<CvCertificate> certificate_of(const json& body, const char* name, const fs::path& setup) {
  MAILROOM_TRY(const Bytes object, file_of(body, name, setup));
  return read_cv_certificate(object);
}

Result<std::vector<Certificate>> country_signers_in(const fs::path& folder) {
  std::vector<Certificate> list;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(folder, problem)) {
    if (entry.path().extension() != ".pem") continue;
    MAILROOM_TRY(auto certificate, Certificate::read(entry.path()));
    list.push_back(std::move(certificate));
  }
  if (problem || list.empty()) return wrong(folder, "there are no CSCA certificates (*.pem) to trust");
  return list;
}

Result<TokenKeyPlace> key_place_of(const json& body, const fs::path& setup) {
  if (!body.contains("key") || !body["key"].is_object()) return wrong(setup, "'key' is missing");
  TokenKeyPlace place;
  MAILROOM_TRY(place.module, text_of(body["key"], "module", setup));
  MAILROOM_TRY(place.token, text_of(body["key"], "token", setup));
  MAILROOM_TRY(place.key, text_of(body["key"], "label", setup));
  MAILROOM_TRY(const std::string pin_file, text_of(body["key"], "pin_file", setup));
  place.pin_file = setup.parent_path() / pin_file;
  return place;
}

Result<TerminalChain> chain_of(const json& body, const fs::path& setup) {
  TerminalChain chain;
  MAILROOM_TRY(chain.anchor, certificate_of(body, "cvca", setup));
  MAILROOM_TRY(chain.verifier, certificate_of(body, "verifier", setup));
  MAILROOM_TRY(chain.terminal, certificate_of(body, "terminal", setup));
  if (body.contains("description")) {
    MAILROOM_TRY(chain.description, file_of(body, "description", setup));
  }
  return chain;
}

}  // namespace

Result<TerminalSetup> read_terminal_setup(const fs::path& file) {
  MAILROOM_TRY(const Bytes text, read_file(file, kLargestFile));
  const json body = json::parse(text.begin(), text.end(), nullptr, false);
  if (!body.is_object()) return wrong(file, "this is no JSON object");
  MAILROOM_TRY(const std::string mode, text_of(body, "mode", file));
  if (!mode_from(mode)) return wrong(file, "'mode' is kiosk or counter");
  MAILROOM_TRY(auto chain, chain_of(body, file));
  MAILROOM_TRY(const std::string trusted, text_of(body, "country_signers", file));
  MAILROOM_TRY(auto signers, country_signers_in(file.parent_path() / trusted));
  Bytes sector;
  if (body.contains("sector_key")) {
    MAILROOM_TRY(sector, file_of(body, "sector_key", file));
  }
  MAILROOM_TRY(const auto place, key_place_of(body, file));
  MAILROOM_TRY(auto key, open_token_key(place));
  TerminalKey& kept = *key;
  return TerminalSetup{std::move(key),
                       {*mode_from(mode), std::move(chain), kept, std::move(signers), std::move(sector)}};
}

}  // namespace mailroom::card
