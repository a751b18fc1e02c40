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

constexpr const char* kFeeds = R"sql(
CREATE TABLE feed (
  batch TEXT NOT NULL REFERENCES batch,
  number INTEGER NOT NULL,
  first_sheet INTEGER NOT NULL,
  stated_from INTEGER,
  begun_at TEXT NOT NULL,
  ended_at TEXT NOT NULL DEFAULT '',
  fault TEXT NOT NULL DEFAULT '',
  sheets INTEGER NOT NULL DEFAULT 0,
  counted INTEGER,
  endorsed INTEGER,
  PRIMARY KEY (batch, number)) STRICT, WITHOUT ROWID;

CREATE TABLE likeness (
  page TEXT NOT NULL,
  other TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (page, other)) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kCare = R"sql(
CREATE TABLE erasure (
  id TEXT PRIMARY KEY,
  scope TEXT NOT NULL,
  subject TEXT NOT NULL,
  batch TEXT NOT NULL REFERENCES batch,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at TEXT NOT NULL,
  decided_by TEXT NOT NULL DEFAULT '',
  decided_at TEXT NOT NULL DEFAULT '',
  finished_at TEXT NOT NULL DEFAULT '',
  tombstone TEXT NOT NULL DEFAULT '{}') STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX erasure_at_work ON erasure (subject) WHERE state IN ('requested', 'erasing');

CREATE TABLE erased (
  subject TEXT PRIMARY KEY,
  erasure TEXT NOT NULL REFERENCES erasure) STRICT, WITHOUT ROWID;

CREATE TABLE originals_release (
  batch TEXT PRIMARY KEY REFERENCES batch,
  person TEXT NOT NULL,
  at TEXT NOT NULL) STRICT, WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN passed_over INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_answered ON outbox (recipient, answered_at) WHERE answered_at != '';

CREATE TABLE restored_batch (
  batch TEXT PRIMARY KEY REFERENCES batch,
  at TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE held_elsewhere (
  id TEXT PRIMARY KEY,
  recipient TEXT NOT NULL,
  record TEXT NOT NULL,
  contents TEXT NOT NULL,
  at TEXT NOT NULL,
  settled_by TEXT NOT NULL DEFAULT '',
  settled_at TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;

CREATE INDEX outbox_tried ON outbox (recipient, next_due) WHERE state = 'owed' AND attempts > 0;
)sql";

constexpr const char* kInvoices = R"sql(
CREATE TABLE creditor (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  city TEXT NOT NULL,
  vat_id TEXT NOT NULL,
  tax_number TEXT NOT NULL,
  changed_at TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE creditor_account (
  creditor TEXT NOT NULL REFERENCES creditor,
  iban TEXT NOT NULL,
  bic TEXT NOT NULL,
  source TEXT NOT NULL,
  added_at TEXT NOT NULL,
  PRIMARY KEY (creditor, iban)) STRICT, WITHOUT ROWID;

CREATE TABLE creditor_anchor (
  creditor TEXT NOT NULL REFERENCES creditor,
  field TEXT NOT NULL,
  label TEXT NOT NULL,
  dx REAL NOT NULL,
  dy REAL NOT NULL,
  PRIMARY KEY (creditor, field)) STRICT, WITHOUT ROWID;

CREATE TABLE invoice (
  document TEXT PRIMARY KEY REFERENCES document,
  creditor TEXT NOT NULL,
  number TEXT NOT NULL,
  number_key TEXT NOT NULL,
  gross TEXT NOT NULL,
  likeness INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX invoice_by_number ON invoice (number_key);
CREATE INDEX invoice_by_gross ON invoice (gross);
CREATE INDEX invoice_by_creditor ON invoice (creditor, document);
)sql";

/// What persons are and do at the stations.
constexpr std::string_view kStation = R"sql(
ALTER TABLE batch ADD COLUMN station TEXT NOT NULL DEFAULT '';
ALTER TABLE batch ADD COLUMN mode TEXT NOT NULL DEFAULT 'unattended';
ALTER TABLE batch ADD COLUMN priority TEXT NOT NULL DEFAULT 'ordinary';
ALTER TABLE batch ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN box TEXT NOT NULL DEFAULT '';
CREATE INDEX batch_by_box ON batch (box) WHERE box <> '';
ALTER TABLE document_page ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN confirmed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN checked_by TEXT NOT NULL DEFAULT '';

CREATE TABLE user (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  must_change INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE user_right (
  user TEXT NOT NULL REFERENCES user,
  role TEXT NOT NULL,
  class TEXT NOT NULL,
  department TEXT NOT NULL,
  station TEXT NOT NULL,
  PRIMARY KEY (user, role, class, department, station)) STRICT, WITHOUT ROWID;

CREATE TABLE edit (
  id TEXT PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  arguments TEXT NOT NULL,
  person TEXT NOT NULL,
  at TEXT NOT NULL,
  undone_by TEXT NOT NULL DEFAULT '',
  undone_at TEXT NOT NULL DEFAULT '',
  UNIQUE (batch, seq)) STRICT, WITHOUT ROWID;

CREATE TABLE quality (
  id TEXT PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch,
  pages TEXT NOT NULL,
  outcome TEXT NOT NULL,
  wrong TEXT NOT NULL DEFAULT '[]',
  note TEXT NOT NULL DEFAULT '',
  person TEXT NOT NULL,
  at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX quality_by_batch ON quality (batch);

CREATE TABLE box (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  fate TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'open',
  opened_at TEXT NOT NULL,
  closed_at TEXT NOT NULL DEFAULT '',
  destruction TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view kCards = R"sql(
CREATE TABLE badge (
  fingerprint TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES user,
  certificate TEXT NOT NULL,
  enrolled_at TEXT NOT NULL,
  withdrawn_at TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE INDEX badge_by_user ON badge (user);

CREATE TABLE identity_reading (
  id TEXT PRIMARY KEY,
  matter TEXT NOT NULL,
  recipient TEXT NOT NULL,
  mode TEXT NOT NULL,
  assurance TEXT NOT NULL,
  kind TEXT NOT NULL,
  read_at TEXT NOT NULL,
  terminal TEXT NOT NULL,
  certificate_digest TEXT NOT NULL,
  pseudonym TEXT NOT NULL DEFAULT '',
  record_digest TEXT NOT NULL,
  sealed_digest TEXT NOT NULL,
  staff TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE INDEX identity_reading_by_matter ON identity_reading (matter);
)sql";

/// Invoices that come as files, and when they are to be paid.
constexpr std::string_view kElectronic = R"sql(
ALTER TABLE invoice ADD COLUMN payable TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice ADD COLUMN due_date TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice ADD COLUMN skonto_date TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice ADD COLUMN model TEXT NOT NULL DEFAULT '';
CREATE INDEX invoice_by_due_date ON invoice (due_date) WHERE due_date <> '';
CREATE INDEX invoice_by_skonto_date ON invoice (skonto_date) WHERE skonto_date <> '';

CREATE TABLE received_file (
  origin TEXT PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX received_file_by_digest ON received_file (sha256);
CREATE INDEX received_file_by_batch ON received_file (batch);

CREATE TABLE invoice_deadline (
  document TEXT NOT NULL REFERENCES document,
  kind TEXT NOT NULL,
  urgency TEXT NOT NULL,
  event TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (document, kind, urgency)) STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view kKiosk = R"sql(
CREATE TABLE matter (
  id TEXT PRIMARY KEY,
  tracking TEXT NOT NULL UNIQUE,
  kiosk TEXT NOT NULL,
  matter TEXT NOT NULL,
  state TEXT NOT NULL,
  pseudonym TEXT NOT NULL,
  reading TEXT NOT NULL,
  begun_at TEXT NOT NULL,
  handed_in_at TEXT NOT NULL,
  fee INTEGER NOT NULL,
  way TEXT NOT NULL,
  reference TEXT NOT NULL,
  batch TEXT NOT NULL DEFAULT '',
  payment_batch TEXT NOT NULL DEFAULT '',
  mailbox_certificate TEXT NOT NULL,
  mailbox_key BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX matter_by_state ON matter (state) WHERE state <> 'received';
CREATE INDEX matter_by_pseudonym ON matter (pseudonym, matter) WHERE pseudonym <> '';
CREATE INDEX matter_by_batch ON matter (batch) WHERE batch <> '';

CREATE TABLE matter_proof (
  matter TEXT NOT NULL REFERENCES matter,
  proof TEXT NOT NULL,
  digest TEXT NOT NULL,
  sides INTEGER NOT NULL,
  first_on TEXT NOT NULL,
  earlier TEXT NOT NULL,
  PRIMARY KEY (matter, proof)) STRICT, WITHOUT ROWID;

CREATE TABLE payment_attempt (
  id TEXT PRIMARY KEY,
  matter TEXT NOT NULL REFERENCES matter,
  terminal TEXT NOT NULL,
  state TEXT NOT NULL,
  record TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT '',
  begun_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX payment_attempt_open ON payment_attempt (id) WHERE state IN ('running', 'unknown');
CREATE INDEX payment_attempt_by_matter ON payment_attempt (matter);

CREATE TABLE matter_reply (
  matter TEXT NOT NULL REFERENCES matter,
  number INTEGER NOT NULL,
  delivery TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (matter, number),
  UNIQUE (delivery, seq)) STRICT, WITHOUT ROWID;

CREATE TABLE kiosk_opinion (
  kiosk TEXT NOT NULL,
  month TEXT NOT NULL,
  easy INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (kiosk, month, easy)) STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view kRecords = R"sql(
CREATE TABLE document_record (
  document TEXT NOT NULL REFERENCES document,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (document, position),
  UNIQUE (kind, key, document)) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_owing ON outbox (id) WHERE state = 'owed';
)sql";

}  // namespace

std::span<const Migration> catalogue_migrations() {
  static const std::string first = kFirst + std::string(kAuditSchema);
  static const std::array steps = {
      Migration{"catalogue", first},        Migration{"feeds", kFeeds},     Migration{"care", kCare},
      Migration{"invoices", kInvoices},     Migration{"station", kStation}, Migration{"cards", kCards},
      Migration{"electronic", kElectronic}, Migration{"kiosk", kKiosk},     Migration{"records", kRecords}};
  return steps;
}

}  // namespace mailroom::archive
