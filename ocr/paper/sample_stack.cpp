#include "ocr/paper/sample_stack.h"

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

#include "ocr/codec/encode.h"
#include "ocr/paper/sample_letters.h"
#include "ocr/paper/scan_effect.h"
#include "ocr/paper/separator_sheet.h"

namespace mailroom::ocr {
namespace {

constexpr int kDpi = 300;
constexpr double kSkew = 1.8;
constexpr const char* kFooter = "Musterstapel mit erfundenen Schreiben";

/// One side before it is scanned.
struct PlainSide {
  Pixels pixels;
  PageRole role = PageRole::blank;
  int rotation = 0;
  double skew = 0;
};

Result<PlainSide> blank_side() {
  MAILROOM_TRY(auto pixels, draw_pixels([](Canvas&) {}, kDpi));
  return PlainSide{std::move(pixels)};
}

// Drawn again at any time: not worth a sync to the disk.
Result<void> write(const std::filesystem::path& path, ByteView bytes) {
  std::ofstream file(path, std::ios::binary);
  file << as_text(bytes) << std::flush;
  if (!file) return fail_errno("the sample stack cannot be written", errno, Place::in_file(path));
  return {};
}

std::string two_digits(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

/// Puts the stack together sheet by sheet, as a person would lay it into the feeder.
class Stack {
 public:
  explicit Stack(const SampleStackRequest& request) : request_(request) {}

  Result<void> add_routing_sheet(const std::string& kind, const std::string& title);
  Result<void> add_patch_sheet();

  void start_document(const SampleTarget& document_class, const SampleTarget& department,
                      Priority priority = Priority::ordinary);

  /// A document and the sheet that announces it: of kind "document", for this one alone, or of kind
  /// "class", for all that follow.
  Result<void> announce_document(const SampleTarget& document_class, const SampleTarget& department,
                                 const std::string& kind = "document",
                                 Priority priority = Priority::ordinary);

  /// A sheet of the document started last; without `back` its back stays empty and the front shines
  /// through.
  Result<void> add_content(const LetterPage& front, const LetterPage* back, int rotation = 0,
                           double skew = 0);

  [[nodiscard]] Result<void> write_truth() const;
  SampleStack take() { return std::move(stack_); }

 private:
  Result<PlainSide> content_side(const LetterPage& page, int rotation, double skew);
  Result<void> add_separator(const SeparatorSheet& sheet);
  Result<void> add_sheet(PlainSide front, PlainSide back);
  Result<void> scan(PlainSide side, Side which);

  const SampleStackRequest& request_;
  SampleStack stack_;
  int sheet_ = 0;
};

Result<void> Stack::add_routing_sheet(const std::string& kind, const std::string& title) {
  const std::string payload = request_.payload(kind, {}, {});
  return add_separator({"Trennblatt", title, {}, payload, payload, kFooter});
}

Result<void> Stack::announce_document(const SampleTarget& document_class, const SampleTarget& department,
                                      const std::string& kind, Priority priority) {
  const std::string payload = request_.payload(kind, document_class.code, department.code);
  const char* label = kind == "class" ? "Trennblatt: ab hier" : "Trennblatt: neues Dokument";
  start_document(document_class, department, priority);
  return add_separator({label, document_class.name, {department.name}, payload, payload, kFooter});
}

Result<void> Stack::add_patch_sheet() {
  return add_separator(patch_t_sheet("Neues Dokument", "gleiche Art, gleiches Amt", kFooter));
}

Result<void> Stack::add_separator(const SeparatorSheet& sheet) {
  MAILROOM_TRY(auto pixels, render_separator_sheet(sheet, kDpi));
  MAILROOM_TRY(auto back, blank_side());
  return add_sheet({std::move(pixels), PageRole::separator}, std::move(back));
}

void Stack::start_document(const SampleTarget& document_class, const SampleTarget& department,
                           Priority priority) {
  stack_.documents.push_back({document_class.id, department.id, priority, {}});
}

Result<PlainSide> Stack::content_side(const LetterPage& page, int rotation, double skew) {
  Result<std::string> text;
  MAILROOM_TRY(auto pixels, draw_pixels([&](Canvas& canvas) { text = draw_letter(canvas, page); }, kDpi,
                                        -rotation - skew));
  if (!text) return fail(text.error());
  stack_.documents.back().pages.push_back(*text);
  return PlainSide{std::move(pixels), PageRole::content, rotation, skew};
}

Result<void> Stack::add_content(const LetterPage& front, const LetterPage* back, int rotation, double skew) {
  MAILROOM_TRY(auto front_side, content_side(front, rotation, skew));
  if (back == nullptr) {
    PlainSide empty{shining_through(front_side.pixels)};
    return add_sheet(std::move(front_side), std::move(empty));
  }
  MAILROOM_TRY(auto back_side, content_side(*back, rotation, 0));
  return add_sheet(std::move(front_side), std::move(back_side));
}

Result<void> Stack::add_sheet(PlainSide front, PlainSide back) {
  ++sheet_;
  MAILROOM_TRY_VOID(scan(std::move(front), Side::front));
  return scan(std::move(back), Side::back);
}

Result<void> Stack::scan(PlainSide side, Side which) {
  scan_like(side.pixels, static_cast<std::uint32_t>(stack_.sides.size()) + 1);
  const Pixels& pixels = side.pixels;
  MAILROOM_TRY(const auto image, encode_capture({.width = pixels.width,
                                                 .height = pixels.height,
                                                 .dpi = kDpi,
                                                 .stride = pixels.width,
                                                 .pixels = pixels.data},
                                                request_.jpeg_quality));
  const std::string file = two_digits(sheet_) + (which == Side::front ? "-1-front.jpg" : "-2-back.jpg");
  MAILROOM_TRY_VOID(write(request_.folder / file, image.bytes));
  const int document = side.role == PageRole::content ? static_cast<int>(stack_.documents.size()) - 1 : -1;
  stack_.sides.push_back({file, sheet_, which, side.role, document, side.rotation, side.skew});
  return {};
}

Result<void> Stack::write_truth() const {
  nlohmann::ordered_json truth{{"sides", nlohmann::ordered_json::array()},
                               {"documents", nlohmann::ordered_json::array()}};
  for (const auto& side : stack_.sides) {
    nlohmann::ordered_json entry{{"file", side.file},
                                 {"sheet", side.sheet},
                                 {"side", name_of(side.side)},
                                 {"role", name_of(side.role)}};
    if (side.document >= 0) entry["document"] = side.document;
    if (side.rotation != 0) entry["rotation"] = side.rotation;
    if (side.skew_degrees != 0) entry["skew_degrees"] = side.skew_degrees;
    truth["sides"].push_back(std::move(entry));
  }
  for (const auto& document : stack_.documents) {
    truth["documents"].push_back({{"class", document.document_class},
                                  {"department", document.department},
                                  {"priority", name_of(document.priority)},
                                  {"page_count", document.pages.size()},
                                  {"pages", document.pages}});
  }
  return write(request_.truth, as_bytes(truth.dump(1) + "\n"));
}

// What an operator's morning shows: a batch sheet; two letters for one department, parted by PATCHT;
// a skewed page; an urgent letter; an invoice; something confidential.
Result<void> fill(Stack& stack, const SampleStackRequest& r) {
  MAILROOM_TRY_VOID(stack.add_routing_sheet("batch", "Neuer Stapel"));

  const auto parking = parking_letter();
  MAILROOM_TRY_VOID(stack.announce_document(r.letter, r.first_department, "class"));
  MAILROOM_TRY_VOID(stack.add_content(parking[0], &parking[1]));
  MAILROOM_TRY_VOID(stack.add_content(parking[2], nullptr));

  const auto certificate = certificate_letter();
  MAILROOM_TRY_VOID(stack.add_patch_sheet());
  stack.start_document(r.letter, r.first_department);
  MAILROOM_TRY_VOID(stack.add_content(certificate[0], nullptr));
  MAILROOM_TRY_VOID(stack.add_content(certificate[1], nullptr, 180));

  MAILROOM_TRY_VOID(stack.announce_document(r.letter, r.second_department));
  MAILROOM_TRY_VOID(stack.add_content(noise_letter()[0], nullptr, 0, kSkew));

  const auto danger = danger_letter();
  MAILROOM_TRY_VOID(stack.add_routing_sheet("urgent", "Eilt"));
  MAILROOM_TRY_VOID(stack.announce_document(r.letter, r.second_department, "document", Priority::urgent));
  MAILROOM_TRY_VOID(stack.add_content(danger[0], &danger[1]));

  MAILROOM_TRY_VOID(stack.announce_document(r.invoice, r.finance_department));
  MAILROOM_TRY_VOID(stack.add_content(invoice(r.today, r.invoice_number)[0], nullptr));

  const auto personnel = personnel_letter();
  MAILROOM_TRY_VOID(stack.announce_document(r.personnel, r.personnel_department));
  return stack.add_content(personnel[0], &personnel[1]);
}

Result<void> prepare_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return fail_errno("the folder for the sample stack cannot be made", error.value(),
                      Place::in_file(folder));
  if (!std::filesystem::is_empty(folder, error) || error) {
    return fail(Errc::conflict, "the folder for the sample stack is not empty", Place::in_file(folder),
                "name an empty folder");
  }
  return {};
}

}  // namespace

Result<SampleStack> draw_sample_stack(const SampleStackRequest& request) {
  MAILROOM_TRY_VOID(prepare_folder(request.folder));
  Stack stack(request);
  MAILROOM_TRY_VOID(fill(stack, request));
  MAILROOM_TRY_VOID(stack.write_truth());
  return stack.take();
}

}  // namespace mailroom::ocr
