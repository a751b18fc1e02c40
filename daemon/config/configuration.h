#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/document/terms.h"

namespace mailroom {

/// A kind of document (Dokumentart): decides protection, gates, recipients, fate of the paper.
struct DocumentClass {
  std::string id;    ///< "letter", used on the wire
  std::string code;  ///< three letters or digits on routing sheets, "LET"
  std::string name_de;
  std::string name_en;
  Confidentiality confidentiality = Confidentiality::normal;
  Gate gate = Gate::none;
  Reading reading = Reading::none;
  std::vector<std::string> recipients;  ///< ids of Recipient
  Originals originals = Originals::destroy;
  int retention_years = 10;
  int working_copy_days = 30;        ///< how long spool pages stay after receipt
  int quality_percent = 0;           ///< share of its documents that quality control looks at before release
  bool quality_other_person = true;  ///< by another person than the operator

  [[nodiscard]] bool is_read_as_invoice() const {
    return reading == Reading::invoice || reading == Reading::outgoing_invoice;
  }
};

struct Department {
  std::string id;    ///< "buergerbuero", used on the wire
  std::string code;  ///< four letters or digits on routing sheets, "3300"
  std::string name_de;
  std::string name_en;
};

/// The source of profiles that take in received files; nothing is scanned.
inline constexpr std::string_view kFilesSource = "files";

/// A way of scanning (Profil): settings of the device and rules of separation for one batch.
struct Profile {
  std::string id;
  std::string name_de;
  std::string name_en;
  std::string source;  ///< "flatbed", "feeder_front", "feeder_duplex", "files"
  std::string mode;    ///< "bilevel", "grey", "colour"
  int dpi = 300;
  double width_mm = 210;
  double height_mm = 297;
  int jpeg_quality = 80;
  bool measured = false;                   ///< each side as large as its paper: mixed sizes, receipts
  std::string double_feed = "if_offered";  ///< "if_offered", "required", "off"
  bool endorser = false;                   ///< the scanner prints batch and sheet number on each sheet
  std::string document_class;              ///< of documents that no separator says otherwise
  std::string department;                  ///< same
  bool patch_t = false;                    ///< PATCHT starts a new document
  bool routing_sheets = true;              ///< our own routing sheets act
  std::vector<std::string> languages = {"deu"};
  Channel channel = Channel::letter;
  std::string counting;  ///< what must close the sum: "declared", "device_counter",
                         ///< "feeder_empty" or "confirm"
};

struct Recipient {
  std::string id;           ///< "ecm": topic part and certificate name
  bool encrypt = false;     ///< contents as CMS AuthEnvelopedData to its certificate
  std::string certificate;  ///< PEM file, relative to the identities folder; needed to encrypt
  int window = 100;         ///< unreceipted manifests at most
  bool https = false;       ///< may fetch contents over HTTPS too (WebSettings::contents)
  bool deadlines = false;   ///< is told when invoices are to be paid
};

struct BrokerSettings {
  std::string host = "127.0.0.1";
  int port = 8883;
};

/// What a scanner's sensors do for the person at its workplace.
enum class StartOn {
  nothing,  ///< batches start at the screen only
  button,   ///< a button of the scanner starts one
  paper,    ///< paper put into the feeder starts one
};

/// A workplace (Arbeitsplatz) and the scanner that stands there.
struct StationPlace {
  std::string id;
  std::string name_de;
  std::string name_en;
  std::string scanner;  ///< SANE name
  std::string profile;  ///< what it feeds unless told otherwise; empty: the default profile
  StartOn start = StartOn::nothing;
};

/// A folder that others put files into (docs/formats/hot-folder.md).
struct FolderPlace {
  std::string id;
  std::filesystem::path path;
  std::string profile;     ///< one with the source "files"
  int settle_seconds = 5;  ///< a file that has not changed for so long is whole
};

/// Where the screens are served.
struct WebSettings {
  std::string address = "127.0.0.1";  ///< IP address; TLS is a must when it is not loopback
  int port = 8450;                    ///< 0: any free one
  std::string certificate;            ///< PEM file in the identities folder; empty: no TLS
  std::string key;                    ///< the same
  std::vector<std::string> names;     ///< host names it is reached by
  std::string contents;               ///< https address by which recipients reach it; empty: not offered
  int lock_minutes = 10;              ///< without a person's action until a session locks
  int session_hours = 12;             ///< until a session ends
};

struct Limits {
  int page_seconds = 60;            ///< time limit of one page in a worker
  int page_memory_mib = 1536;       ///< address-space growth a worker may have
  int scanner_progress_ms = 20000;  ///< a scanner silent for longer is hung
  int capture_queue = 32;           ///< images the scanner may run ahead
  int disk_reserve_mib = 1024;      ///< intake stops below this much free space
  int workers = 0;                  ///< page workers, 0: one per core
  int box_waiting_days = 42;        ///< from the last receipt until a box of paper may be destroyed
};

/// The whole configuration as read from one folder at start-up; never changes while running.
struct Configuration {
  std::string site;             ///< "marburg", part of every topic
  std::string organisation;     ///< "Universitätsstadt Marburg", for transfer notes
  std::string default_profile;  ///< id, for batches that name none
  std::filesystem::path folder;
  BrokerSettings broker;
  Limits limits;
  std::string voucher_check = "none";       ///< how Kassenzeichen end: "none", "mod10", "mod11", "mod97"
  std::string order_numbers;                ///< pattern of the house's own order numbers, empty: it has none
  std::string asset_numbers;                ///< pattern of the numbers of its assets, empty: it has none
  std::vector<std::string> invoice_buyers;  ///< names of the legal entities that invoices may be made out to
  std::map<std::string, DocumentClass> classes;
  std::map<std::string, Department> departments;
  std::map<std::string, Profile> profiles;
  std::map<std::string, Recipient> recipients;
  std::map<std::string, StationPlace> stations;
  std::map<std::string, FolderPlace> folders;
  std::vector<std::string> holidays;  ///< ISO dates on which nothing is paid, besides Saturday and Sunday
  int deadline_days = 3;              ///< working days before a date of payment on which it is told
  WebSettings web;
  std::string snapshot;  ///< canonical JSON of all of the above but `folder`; lengths in micrometres
  std::string digest;    ///< SHA-256 of `snapshot`, lower-case hex
};

/// Reads mailroom.toml, classes.toml, departments.toml and profiles.toml from `folder`
/// (docs/formats/configuration.md). A wrong or unknown key, a value of the wrong type or out of range,
/// a missing reference or a duplicate code is an Errc::invalid_input naming file, line and key, with
/// what is allowed. Reentrant.
Result<Configuration> load_configuration(const std::filesystem::path& folder);

}  // namespace mailroom
