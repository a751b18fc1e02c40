#include "daemon/archive/schema.h"

#include <array>
#include <string>

#include "daemon/archive/audit.h"

namespace mailroom::archive {
namespace {

constexpr const char* kFirst = R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE config_snapshot (
  digest TEXT PRIMARY KEY, json TEXT NOT NULL, first_used TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  scanner TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '{}',
  settings TEXT NOT NULL DEFAULT '{}',
  operator TEXT NOT NULL,
  profile TEXT NOT NULL,
  config_digest TEXT NOT NULL REFERENCES config_snapshot,
  received_date TEXT NOT NULL,
  channel TEXT NOT NULL,
  declared_sheets INTEGER,
  device_sheets INTEGER,
  feeder_empty INTEGER,
  confirmed_sheets INTEGER,
  feed_end TEXT NOT NULL DEFAULT '',
  fault TEXT NOT NULL DEFAULT '',
  sheets INTEGER NOT NULL DEFAULT 0,
  counted_by TEXT NOT NULL DEFAULT '',
  opened_at TEXT NOT NULL,
  closed_at TEXT NOT NULL DEFAULT '',
  finished_at TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE INDEX batch_by_state ON batch (state);

CREATE TABLE page (
  id TEXT PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch,
  sheet INTEGER NOT NULL,
  side TEXT NOT NULL,
  format TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  dpi INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  bits INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  captured_at TEXT NOT NULL,
  report TEXT,
  failure TEXT,
  deaths INTEGER NOT NULL DEFAULT 0,
  role TEXT NOT NULL DEFAULT '',
  UNIQUE (batch, sheet, side)) STRICT, WITHOUT ROWID;

CREATE TABLE clarification (
  id TEXT PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch,
  key TEXT NOT NULL,
  scope TEXT NOT NULL,
  reason TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  assignee TEXT NOT NULL DEFAULT '',
  opened_at TEXT NOT NULL,
  closed_at TEXT NOT NULL DEFAULT '',
  UNIQUE (batch, key)) STRICT, WITHOUT ROWID;
CREATE INDEX clarification_by_state ON clarification (state);

CREATE TABLE resolution (
  id TEXT PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch,
  clarification_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  arguments TEXT NOT NULL,
  person TEXT NOT NULL,
  at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX resolution_by_batch ON resolution (batch);

CREATE TABLE document (
  id TEXT PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch,
  key TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  class TEXT NOT NULL,
  department TEXT NOT NULL,
  priority TEXT NOT NULL,
  received_date TEXT NOT NULL,
  channel TEXT NOT NULL,
  originals TEXT NOT NULL,
  confidentiality TEXT NOT NULL,
  fields TEXT NOT NULL DEFAULT '[]',
  reference TEXT NOT NULL DEFAULT '',
  remarks TEXT NOT NULL DEFAULT '[]',
  supersedes TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  sealed_at TEXT NOT NULL DEFAULT '',
  receipted_at TEXT NOT NULL DEFAULT '',
  UNIQUE (batch, key, supersedes)) STRICT, WITHOUT ROWID;

CREATE TABLE document_page (
  document TEXT NOT NULL REFERENCES document,
  position INTEGER NOT NULL,
  page TEXT NOT NULL REFERENCES page,
  role TEXT NOT NULL,
  PRIMARY KEY (document, position)) STRICT, WITHOUT ROWID;

CREATE TABLE content (
  document TEXT NOT NULL REFERENCES document,
  recipient TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (document, recipient, name)) STRICT, WITHOUT ROWID;
CREATE INDEX content_by_digest ON content (sha256);

CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  document TEXT NOT NULL REFERENCES document,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  priority INTEGER NOT NULL,
  manifest TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_due TEXT NOT NULL,
  last_attempt TEXT NOT NULL DEFAULT '',
  record TEXT NOT NULL DEFAULT '',
  answered_at TEXT NOT NULL DEFAULT '',
  answer TEXT NOT NULL DEFAULT '',
  UNIQUE (document, recipient)) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_owed ON outbox (recipient, state, priority DESC, id);

CREATE TABLE progress (
  delivery TEXT NOT NULL REFERENCES outbox,
  seq INTEGER NOT NULL,
  step TEXT NOT NULL,
  text TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (delivery, seq)) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
  id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  recipient TEXT NOT NULL,
  topic TEXT NOT NULL,
  reason TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  payload BLOB NOT NULL) STRICT, WITHOUT ROWID;
)sql";

}  // namespace

std::span<const Migration> catalogue_migrations() {
  static const std::string first = kFirst + std::string(kAuditSchema);
  static const std::array steps = {Migration{"catalogue", first}};
  return steps;
}

}  // namespace mailroom::archive
