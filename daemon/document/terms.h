#pragma once

#include <string>
#include <string_view>

#include "daemon/base/result.h"

/// The closed lists of the domain. The names are persistent and part of the wire contract: they
/// never change meaning (docs/formats/catalogue.md).
namespace mailroom {

/// What a page is within its batch. Only content, attachment and note enter a document's PDF.
enum class PageRole { content, envelope, attachment, note, separator, blank, copy };

enum class Priority { ordinary, urgent, deadline };  ///< ordered: a higher one overtakes

enum class Channel { letter, deadline_letterbox, hand_in, kiosk, email, upload, phone_note };

enum class Originals { destroy, keep, forward, give_back };  ///< what happens to the paper

enum class Confidentiality { normal, high };

enum class Gate { none, review, quality_control };  ///< what a class demands before release

/// What is read from the documents of a class before release, beside their words.
enum class Reading {
  none,
  invoice,
  outgoing_invoice,  ///< one that the house writes itself
  order,             ///< an order or payment order: the record of vouchers it belongs to
  asset,             ///< a paper about something the house owns: the asset's number
};

std::string_view name_of(PageRole);
std::string_view name_of(Priority);
std::string_view name_of(Channel);
std::string_view name_of(Originals);
std::string_view name_of(Confidentiality);
std::string_view name_of(Gate);
std::string_view name_of(Reading);

Result<PageRole> page_role_from(std::string_view name);
Result<Priority> priority_from(std::string_view name);
Result<Channel> channel_from(std::string_view name);
Result<Originals> originals_from(std::string_view name);
Result<Confidentiality> confidentiality_from(std::string_view name);
Result<Gate> gate_from(std::string_view name);
Result<Reading> reading_from(std::string_view name);

/// The receipt stamp: the day the item reached the city and how.
struct Received {
  std::string date;  ///< ISO, "2026-11-23"
  Channel channel = Channel::letter;
};

/// A datum about a document: where it came from and how sure we are.
struct IndexField {
  std::string name;
  std::string value;
  double confidence = 1;
  std::string source;  ///< "barcode", "xml", "text", "person", "profile"
  std::string page;    ///< page id the value stands on, or empty
};

/// A record of the house that a document belongs to beside its own file, by reference
/// (docs/formats/records.md).
struct RecordLink {
  std::string kind;   ///< "voucher", "asset"
  std::string key;    ///< small letters, digits and -; equal for all documents of the record
  std::string title;  ///< what people call the record

  friend bool operator==(const RecordLink&, const RecordLink&) = default;
};

}  // namespace mailroom
