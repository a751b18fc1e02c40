#include "daemon/delivery/manifest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "daemon/base/uuid.h"
#include "daemon/crypto/canonical_json.h"
#include "daemon/crypto/digest.h"

namespace mailroom::delivery {
namespace {

using nlohmann::json;

constexpr std::array kRoles = {"document", "original", "transfer-note", "fields", "invoice"};
constexpr const char* kDocumentType = "mailroom.document.v1";
constexpr const char* kInvoiceType = "mailroom.invoice.v1";

bool is_role(const std::string& role) {
  return std::find(kRoles.begin(), kRoles.end(), role) != kRoles.end();
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

json field_json(const IndexField& field) {
  return {{"name", field.name},
          {"value", field.value},
          {"confidence", std::lround(std::clamp(field.confidence, 0.0, 1.0) * 100)},
          {"source", field.source}};
}

json fields_json(const std::vector<IndexField>& fields) {
  auto list = json::array();
  for (const auto& field : fields) list.push_back(field_json(field));
  return list;
}

json records_json(const std::vector<RecordLink>& records) {
  auto list = json::array();
  for (const auto& record : records)
    list.push_back({{"kind", record.kind}, {"key", record.key}, {"title", record.title}});
  return list;
}

json content_json(const ManifestContent& content) {
  json entry = {{"role", content.role},
                {"media_type", content.media_type},
                {"size", content.size},
                {"sha256", content.sha256}};
  if (content.encrypted) entry["encryption"] = "cms-auth-enveloped";
  if (content.inline_bytes) {
    entry["inline"] = to_base64(*content.inline_bytes);
  } else {
    entry["block_size"] = kBlockBytes;
    entry["blocks"] = (content.size + kBlockBytes - 1) / kBlockBytes;
  }
  return entry;
}

Result<void> check(const ManifestFacts& facts, const ManifestContent& content) {
  const auto named = "the content with role " + content.role;
  if (!is_role(content.role)) return fail(Errc::invalid_input, "unknown content role " + content.role);
  if (!is_sha256(content.sha256)) return fail(Errc::invalid_input, named + " has no SHA-256");
  if (facts.confidential && !content.encrypted) {
    return fail(Errc::invalid_input, named + " is not encrypted, though its class is confidential",
                Place::in_file("manifest " + facts.id), "give the recipient a certificate to encrypt to");
  }
  if (!content.inline_bytes) return {};
  const auto& bytes = *content.inline_bytes;
  if (bytes.size() > kInlineBytes) return fail(Errc::refused, named + " is too large to ride inline");
  if (bytes.size() != content.size || sha256_hex(bytes) != content.sha256) {
    return fail(Errc::corrupt, named + " does not match its digest");
  }
  return {};
}

json document_json(const ManifestFacts& facts) {
  json document = {
      {"number", facts.number},
      {"class", facts.document_class},
      {"department", facts.department},
      {"received", {{"date", facts.received.date}, {"channel", name_of(facts.received.channel)}}},
      {"priority", name_of(facts.priority)}};
  if (!facts.confidential) document["fields"] = fields_json(facts.fields);
  if (!facts.confidential && !facts.records.empty()) document["records"] = records_json(facts.records);
  if (!facts.supersedes.empty()) document["supersedes"] = facts.supersedes;
  return document;
}

json data_json(const ManifestFacts& facts) {
  auto contents = json::array();
  for (const auto& content : facts.contents) contents.push_back(content_json(content));
  json data = {{"document", document_json(facts)},
               {"recipient", facts.recipient},
               {"audit", {{"seq", facts.audit_seq}, {"head", facts.audit_head}}},
               {"contents", std::move(contents)}};
  if (facts.https) data["https"] = {{"url", facts.https->url}, {"token", facts.https->token}};
  return data;
}

json event_json(const ManifestFacts& facts) {
  return {{"specversion", "1.0"},
          {"id", facts.id},
          {"type", facts.is_invoice ? kInvoiceType : kDocumentType},
          {"source", "/mailroom/" + facts.site + "/" + facts.node},
          {"subject", facts.number},
          {"time", to_rfc3339(facts.time)},
          {"datacontenttype", "application/json"},
          {"dataschema", "urn:mailroom:contract:v1:manifest"},
          {"data", data_json(facts)}};
}

std::string extension_of(const std::string& media_type) {
  static const std::map<std::string, std::string> known = {
      {"application/pdf", ".pdf"}, {"application/json", ".json"},
      {"application/xml", ".xml"}, {"text/xml", ".xml"},
      {"text/plain", ".txt"},      {"image/jpeg", ".jpg"},
      {"image/tiff", ".tif"},      {"image/png", ".png"},
      {"message/rfc822", ".eml"},  {"application/pkcs7-signature", ".p7s"}};
  const auto found = known.find(media_type);
  return found == known.end() ? ".bin" : found->second;
}

Result<ManifestContent> read_content(const json& entry) {
  ManifestContent content;
  content.role = entry.at("role").get<std::string>();
  content.media_type = entry.at("media_type").get<std::string>();
  content.size = entry.at("size").get<std::uint64_t>();
  content.sha256 = entry.at("sha256").get<std::string>();
  content.encrypted = entry.contains("encryption");
  if (!is_role(content.role)) return fail(Errc::invalid_input, "the manifest has a content of unknown role");
  if (!is_sha256(content.sha256))
    return fail(Errc::invalid_input, "a content of the manifest has no SHA-256");
  if (!entry.contains("inline")) {
    if (entry.at("block_size").get<std::uint64_t>() != kBlockBytes) {
      return fail(Errc::unsupported, "the manifest uses an unknown block size");
    }
    return content;
  }
  auto bytes = from_base64(entry.at("inline").get<std::string>());
  if (!bytes) return fail(bytes.error());
  content.inline_bytes = std::move(*bytes);
  return content;
}

Result<ReadManifest> read_event(json event) {
  ReadManifest manifest;
  const auto& type = event.at("type");
  if (event.at("specversion") != "1.0" || (type != kDocumentType && type != kInvoiceType))
    return fail(Errc::unsupported, "the event is no mailroom.document.v1 or mailroom.invoice.v1");
  manifest.id = event.at("id").get<std::string>();
  if (!is_uuid7(manifest.id)) return fail(Errc::invalid_input, "the manifest's id is no UUID version 7");
  manifest.recipient = event.at("data").at("recipient").get<std::string>();
  auto signature = from_base64(event.at("signature").get<std::string>());
  if (!signature) return fail(signature.error());
  manifest.signature = std::move(*signature);
  for (const auto& entry : event.at("data").at("contents")) {
    auto content = read_content(entry);
    if (!content) return fail(content.error());
    manifest.contents.push_back(std::move(*content));
  }
  manifest.json = std::move(event);
  return manifest;
}

}  // namespace

Result<std::string> build_manifest(const ManifestFacts& facts, const Signer& sign) {
  for (const auto& content : facts.contents) {
    if (auto checked = check(facts, content); !checked) return fail(checked.error());
  }
  auto event = event_json(facts);
  const auto canonical = canonical_json(event);
  if (!canonical) return fail(canonical.error());
  auto signature = sign(as_bytes(*canonical));
  if (!signature) return fail(signature.error());
  event["signature"] = to_base64(*signature);
  auto text = event.dump();
  if (text.size() > kManifestBytes) {
    return fail(Errc::refused, "the manifest of document " + facts.number + " exceeds 64 KiB", {},
                "send its contents in blocks and its fields as a content");
  }
  return text;
}

std::string fields_content(const std::vector<IndexField>& fields) {
  return json{{"version", 1}, {"fields", fields_json(fields)}}.dump(-1, ' ', false,
                                                                    json::error_handler_t::replace);
}

Result<std::string> canonical_without_signature(json manifest) {
  if (manifest.is_object()) manifest.erase("signature");
  return canonical_json(manifest);
}

Result<ReadManifest> read_manifest(std::string_view text) {
  if (text.size() > kManifestBytes) return fail(Errc::refused, "the manifest exceeds 64 KiB");
  try {
    return read_event(json::parse(text));
  } catch (const json::exception& error) {
    return fail(Errc::invalid_input, std::string("not a manifest: ") + error.what());
  }
}

bool digests_agree(std::string_view text, const Receipt& receipt) {
  const auto manifest = read_manifest(text);
  if (!manifest) return false;
  std::multiset<std::pair<std::string, std::string>> owed;
  std::multiset<std::pair<std::string, std::string>> told;
  for (const auto& content : manifest->contents) owed.emplace(content.role, content.sha256);
  for (const auto& content : receipt.contents) told.emplace(content.role, content.sha256);
  return owed == told;
}

std::vector<std::string> file_names(const std::vector<ManifestContent>& contents) {
  std::vector<std::string> names;
  std::map<std::string, int> seen;
  for (const auto& content : contents) {
    const auto extension = extension_of(content.media_type);
    const int nth = ++seen[content.role + extension];
    names.push_back(content.role + (nth > 1 ? "-" + std::to_string(nth) : "") + extension);
  }
  return names;
}

}  // namespace mailroom::delivery
