#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "daemon/base/bytes.h"
#include "daemon/base/child_process.h"
#include "daemon/base/durable_file.h"
#include "daemon/config/configuration.h"
#include "daemon/crypto/digest.h"
#include "tests/support/places.h"

using namespace mailroom;
using namespace mailroom::test;
namespace fs = std::filesystem;

namespace {

/// A copy of the shipped configuration that a test may spoil.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("mailroom-config-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
    for (const auto* name : {"mailroom.toml", "classes.toml", "departments.toml", "profiles.toml"})
      fs::copy(fs::path(source_path("config")) / name, path_ / name);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  /// Replaces the first `from`; the line it stands on, from 1.
  unsigned long long replace(const std::string& file, const std::string& from, const std::string& to) const {
    const auto bytes = read_file(path_ / file).value();
    std::string text(as_text(bytes));
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    const auto line = 1 + static_cast<unsigned long long>(
                              std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
    text.replace(at, from.size(), to);
    REQUIRE(write_durably(path_ / file, as_bytes(text)));
    return line;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

int check_schema(const fs::path& folder) {
  auto child = ChildProcess::start({"/usr/bin/python3",
                                    {source_path("tests/config/check_schema.py"), folder.string(),
                                     source_path("config/schema")}});
  REQUIRE(child);
  const auto status = child->wait(std::chrono::seconds(60));
  return status && status->signal == 0 ? status->code : -1;
}

struct Mistake {
  const char* file;
  const char* from;
  const char* to;
  const char* key;      ///< what the message must name
  const char* allowed;  ///< and what it must say is allowed
};

}  // namespace

TEST_CASE("the shipped configuration is read whole") {
  const auto read = load_configuration(source_path("config"));
  REQUIRE(read);
  CHECK(read->site == "marburg");
  CHECK(read->profiles.contains(read->default_profile));
  CHECK(read->classes.at("invoice").recipients == std::vector<std::string>{"ecm", "payment"});
  CHECK(read->classes.at("personnel").confidentiality == Confidentiality::high);
  CHECK(read->classes.at("closed_item").originals == Originals::forward);
  CHECK(read->recipients.at("hr").encrypt);
  CHECK_FALSE(read->profiles.at("post").patch_t);
  CHECK(read->profiles.at("post-patch").patch_t);
  CHECK(read->digest == sha256_hex(as_bytes(read->snapshot)));
}

TEST_CASE("the shipped files fit their schemas, and the schemas refuse mistakes") {
  const Folder folder;
  CHECK(check_schema(folder.path()) == 0);
  folder.replace("profiles.toml", "patch_t = true", "patch_t = 1");
  CHECK(check_schema(folder.path()) == 1);
}

TEST_CASE("the digest changes with what is in effect and with nothing else") {
  const Folder folder;
  const auto before = load_configuration(folder.path()).value().digest;
  CHECK(before == load_configuration(source_path("config")).value().digest);
  folder.replace("mailroom.toml", "# The mailroom", "# A mailroom");
  CHECK(load_configuration(folder.path()).value().digest == before);
  folder.replace("mailroom.toml", "page_seconds = 60", "page_seconds = 61");
  CHECK(load_configuration(folder.path()).value().digest != before);
}

TEST_CASE("a mistake is named with file, line, key and what is allowed") {
  const auto mistake = GENERATE(
      Mistake{"mailroom.toml", "page_seconds = 60", "page_secs = 60", "limits.page_secs", "page_seconds"},
      Mistake{"mailroom.toml", "page_seconds = 60", "page_seconds = 0", "limits.page_seconds", "1 to 3600"},
      Mistake{"mailroom.toml", "page_seconds = 60", "page_seconds = 6.5", "limits.page_seconds",
              "whole number"},
      Mistake{"mailroom.toml", "port = 8883", "port = \"8883\"", "broker.port", "1 to 65535"},
      Mistake{"mailroom.toml", "site = \"marburg\"", "site = \"Marburg/1\"", "site", "a-z"},
      Mistake{"mailroom.toml", "certificate = \"hr.pem\"", "certificate = \"../hr.pem\"",
              "recipients.hr.certificate", "identities"},
      Mistake{"mailroom.toml", "encrypt = true", "encrypt = \"yes\"", "recipients.hr.encrypt", "true, false"},
      Mistake{"mailroom.toml", "order_numbers = \"B-20[0-9]{2}-[0-9]{5}\"", "order_numbers = \"B-[0-9\"",
              "invoices.order_numbers", "write it like"},
      Mistake{"mailroom.toml", "asset_numbers = \"AN-[0-9]{6}\"", "asset_numbers = \"[0-9]*\"",
              "invoices.asset_numbers", "at least one character"},
      Mistake{"classes.toml", "code = \"APP\"", "code = \"OBJ\"", "objection.code", "of its own"},
      Mistake{"classes.toml", "code = \"LET\"", "code = \"LETT\"", "letter.code", "three of A-Z"},
      Mistake{"classes.toml", "recipients = [\"ecm\", \"payment\"]", "recipients = [\"ecm\", \"bank\"]",
              "invoice.recipients", "payment"},
      Mistake{"classes.toml", "recipients = [\"ecm\", \"payment\"]", "recipients = []", "invoice.recipients",
              "not empty"},
      Mistake{"classes.toml", "gate = \"review\"", "gate = \"four_eyes\"", "objection.gate",
              "none, review, quality_control"},
      Mistake{"departments.toml", "code = \"1010\"", "code = \"1000\"", "poststelle.code", "of its own"},
      Mistake{"departments.toml", "name_en = \"Mailroom\"", "name = \"Mailroom\"", "poststelle.name", ""},
      Mistake{"profiles.toml", "department = \"rechtsamt\"", "department = \"nowhere\"",
              "deadline.department", "buergerbuero"},
      Mistake{"profiles.toml", "mode = \"colour\"", "mode = \"sepia\"", "colour.mode",
              "bilevel, grey, colour"},
      Mistake{"profiles.toml", "counting = \"confirm\"", "counting = \"guess\"", "flatbed.counting",
              "device_counter"},
      Mistake{"profiles.toml", "patch_t = true", "patch_t = 1", "post-patch.patch_t", "true, false"},
      Mistake{"profiles.toml", "[flatbed]", "[Flatbed]", "Flatbed", "a-z"});
  const Folder folder;
  const auto line = folder.replace(mistake.file, mistake.from, mistake.to);
  const auto read = load_configuration(folder.path());
  REQUIRE_FALSE(read);
  INFO(read.error().message());
  CHECK(read.error().code == Errc::invalid_input);
  CHECK(read.error().place.file == (folder.path() / mistake.file).string());
  CHECK(read.error().what.find(mistake.key) != std::string::npos);
  CHECK(read.error().remedy.find(mistake.allowed) != std::string::npos);
  REQUIRE(read.error().place.line);
  const bool duplicate = std::string(mistake.allowed) == "of its own";  // named where it is seen second
  if (!duplicate && std::string(mistake.key) != "poststelle.name") CHECK(*read.error().place.line == line);
}

TEST_CASE("a file that is missing, no TOML, or without the default profile is an error") {
  const Folder folder;
  folder.replace("mailroom.toml", "default_profile = \"post\"", "default_profile = \"none\"");
  CHECK(load_configuration(folder.path()).error().message().find("default_profile") != std::string::npos);
  const auto line = folder.replace("mailroom.toml", "default_profile = \"none\"", "default_profile = ");
  const auto broken = load_configuration(folder.path());
  REQUIRE_FALSE(broken);
  CHECK(broken.error().place.line == line);
  fs::remove(folder.path() / "mailroom.toml");
  CHECK(load_configuration(folder.path()).error().code == Errc::not_found);
}
