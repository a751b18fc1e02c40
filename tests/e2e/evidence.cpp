#include "tests/e2e/evidence.h"

#include <algorithm>
#include <fstream>
#include <numeric>
#include <stdexcept>

#include "daemon/crypto/digest.h"
#include "tests/support/places.h"
#include "tests/support/shell.h"
#include "tests/support/text_file.h"

namespace mailroom::e2e {
namespace {

namespace fs = std::filesystem;
using test::shell;
using test::source_path;
using test::text_of;

constexpr auto kPreflight =
    "java -cp /usr/share/java/preflight.jar:/usr/share/java/pdfbox2.jar:/usr/share/java/fontbox2.jar:"
    "/usr/share/java/xmpbox.jar:/usr/share/java/commons-logging.jar:/usr/share/java/javax.activation.jar:"
    "/usr/share/java/jaxb-api.jar org.apache.pdfbox.preflight.Validator_A1b ";

std::string complaint(const std::string& command) {
  const auto outcome = shell(command);
  return outcome.code == 0 ? "" : outcome.output;
}

std::string folded(const std::string& text) {
  std::string words;
  for (const unsigned char c : text) {
    const bool space = c <= ' ';
    if (!space) words.push_back(char(c));
    if (space && !words.empty() && words.back() != ' ') words.push_back(' ');
  }
  while (!words.empty() && words.back() == ' ') words.pop_back();
  return words;
}

}  // namespace

Delivered open_delivery(const fs::path& folder) {
  if (!fs::exists(folder / "manifest.json"))
    throw std::runtime_error("there is no delivery " + folder.string());
  Delivered delivered{folder, nlohmann::json::parse(text_of(folder / "manifest.json")), nullptr};
  if (fs::exists(folder / "transfer-note.json"))
    delivered.note = nlohmann::json::parse(text_of(folder / "transfer-note.json"));
  return delivered;
}

std::string text_of_page(const fs::path& pdf, int page) {
  const std::string number = std::to_string(page);
  return shell("pdftotext -raw -f " + number + " -l " + number + " " + pdf.string() + " -").output;
}

double character_error_rate(const std::string& truth_text, const std::string& read_text) {
  const std::string truth = folded(truth_text), read = folded(read_text);
  std::vector<std::size_t> row(read.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= truth.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= read.size(); ++j) {
      const std::size_t changed = diagonal + (truth[i - 1] == read[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return double(row.back()) / double(std::max<std::size_t>(1, truth.size()));
}

std::string schema_complaints(const std::string& schema, const fs::path& file) {
  const fs::path path = fs::path(source_path("config/contract/schemas")) / schema;
  return complaint(
      "python3 -c 'import json,sys,jsonschema; jsonschema.validate(json.load(open(sys.argv[2])), "
      "json.load(open(sys.argv[1])))' " +
      path.string() + " " + file.string());
}

std::string qpdf_complaints(const fs::path& pdf) {
  return complaint("qpdf --check " + pdf.string());
}

std::string signature_complaints(const fs::path& delivery, const fs::path& ca) {
  return complaint("openssl cms -verify -binary -inform DER -in " +
                   (delivery / "transfer-note.p7s").string() + " -content " +
                   (delivery / "transfer-note.json").string() + " -CAfile " + ca.string() +
                   " -out /dev/null");
}

bool can_preflight() {
  return fs::exists("/usr/share/java/preflight.jar") && fs::exists("/usr/share/java/javax.activation.jar") &&
         fs::exists("/usr/share/java/jaxb-api.jar") && shell("java -version").code == 0;
}

std::string preflight_complaints(const fs::path& pdf, const fs::path& scratch) {
  // PDFBox judges PDF/A-1b only: the same file, claiming part 1. No offset moves.
  std::string bytes = text_of(pdf);
  const std::string claim = "<pdfaid:part>2";
  const auto at = bytes.find(claim);
  if (at == std::string::npos) return "it does not claim to be PDF/A-2";
  bytes[at + claim.size() - 1] = '1';
  const fs::path patched = scratch / "claims-part-1.pdf";
  std::ofstream(patched, std::ios::binary) << bytes;
  return complaint(kPreflight + patched.string());
}

std::vector<std::string> embedded_digests(const fs::path& pdf, const fs::path& scratch) {
  const fs::path folder = scratch / "images";
  fs::remove_all(folder);
  fs::create_directories(folder);
  if (shell("pdfimages -all " + pdf.string() + " " + (folder / "i").string()).code != 0)
    throw std::runtime_error("pdfimages failed");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> digests;
  for (const auto& file : files) digests.push_back(sha256_of(file));
  return digests;
}

std::string sha256_of(const fs::path& file) {
  return sha256_hex(as_bytes(text_of(file)));
}

}  // namespace mailroom::e2e
