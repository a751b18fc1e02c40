#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/document/image.h"

namespace mailroom {

/// Why a feed stopped before its end. The names are persistent (docs/scanner-faults.md).
enum class FaultKind {
  paper_jam,
  double_feed,  ///< more than one sheet was pulled
  cover_open,
  out_of_paper,    ///< no sheet where one was expected
  stop_button,     ///< somebody pressed stop at the device: paper is left, the stack is not at its end
  staple,          ///< a staple or clip was felt
  no_ink,          ///< the endorser or imprinter is empty
  device_lost,     ///< it does not answer any more: power, cable, network
  driver_crashed,  ///< the driver died with its process
  no_progress,     ///< the driver hung and was ended
  short_side,      ///< a side came with fewer rows than announced
  damaged_image,   ///< an image that contradicts what was announced, although the device said good
  device_error,    ///< the device reports an error that says no more
  not_stored,      ///< the side came well but could not be kept: disk, memory
};

/// Where the sheet of a fault is now. The names are persistent.
enum class PaperAt {
  feeder,   ///< not pulled, or given back: still on the stack
  path,     ///< within the device
  tray,     ///< through; its image is missing or not good
  unknown,  ///< nobody can tell: it may be in any of the three
};

std::string_view name_of(FaultKind kind);
std::string_view name_of(PaperAt paper);
Result<FaultKind> fault_kind_from(std::string_view name);
Result<PaperAt> paper_at_from(std::string_view name);

/// What stopped a feed, at which sheet, and where that sheet is.
struct FeedFault {
  FaultKind kind = FaultKind::device_error;
  int sheet = 0;  ///< 1-based: the first sheet that is not whole; 0: not known
  Side side = Side::front;
  PaperAt paper = PaperAt::unknown;
  Error error = {};  ///< what the driver said, for the log

  /// The sheet left the feeder, so that the device has counted it, and gave no whole image.
  [[nodiscard]] bool went_through() const { return paper == PaperAt::path || paper == PaperAt::tray; }
};

/// A fault in the words of the person who stands at the scanner.
struct FaultWords {
  std::string what_de;    ///< what happened, at which sheet and side, and where the paper is
  std::string remedy_de;  ///< what to do now
  std::string what_en;
  std::string remedy_en;
};

FaultWords words_of(const FeedFault& fault);

/// `{kind, sheet, side, paper}`; the error stays out: it goes to the log only.
nlohmann::json to_json(const FeedFault& fault);

/// Errc::corrupt when it is none.
Result<FeedFault> feed_fault_from(const nlohmann::json& json);

/// The kind that an error of the world has when nobody knows more.
FaultKind fault_kind_of(Errc code);

}  // namespace mailroom
