#include "ocr/recognition/recogniser.h"

#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "ocr/image/pixels.h"
#include "ocr/recognition/orientation.h"
#include "ocr/recognition/pix.h"

namespace mailroom::ocr {
namespace {

constexpr int kReadingDpi = 300;          // what the models were trained for
constexpr double kDoubtfulReading = 0.6;  // mean confidence; text read the wrong way up stays below

struct Level {
  static constexpr auto word = tesseract::RIL_WORD;
  static constexpr auto line = tesseract::RIL_TEXTLINE;
  static constexpr auto paragraph = tesseract::RIL_PARA;
  static constexpr auto block = tesseract::RIL_BLOCK;
};

/// `grey` at the resolution for reading, and by how much it was scaled.
struct ReadingPage {
  Pixels pixels;
  double factor = 1;
};

ReadingPage at_reading_size(const Pixels& grey) {
  const int dpi = working_dpi(grey);
  const double factor = std::clamp(double(kReadingDpi) / dpi, 0.05, 4.0);
  if (factor > 0.85 && factor < 1.2) return {grey, 1};
  return {scaled(grey, factor), factor};
}

/// From a box of the upright, scaled page back to the page as given.
Box on_given_page(const Box& box, const ReadingPage& page, int rotation, const Pixels& given) {
  const bool sideways = rotation % 180 != 0;
  const int width = sideways ? page.pixels.height : page.pixels.width;
  const int height = sideways ? page.pixels.width : page.pixels.height;
  const Box turned_back = upright(box, width, height, (360 - rotation) % 360);
  const auto back = [&page](int value) { return int(std::lround(value / page.factor)); };
  Box result{back(turned_back.x), back(turned_back.y), back(turned_back.width), back(turned_back.height)};
  result.x = std::clamp(result.x, 0, std::max(0, given.width - 1));
  result.y = std::clamp(result.y, 0, std::max(0, given.height - 1));
  result.width = std::clamp(result.width, 1, std::max(1, given.width - result.x));
  result.height = std::clamp(result.height, 1, std::max(1, given.height - result.y));
  return result;
}

bool only_white_space(const std::string& text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string::npos;
}

Error no_model(const std::string& languages) {
  return {Errc::not_found,
          "the text recognition cannot load its models (" + languages + ")",
          {},
          "install the packages tesseract-ocr-<language> and tesseract-ocr-osd, or name the folder of the "
          "models"};
}

}  // namespace

class Recogniser::Engine {
 public:
  Result<void> load(const std::vector<std::string>& languages, const std::filesystem::path& tessdata) {
    std::string names;
    for (const auto& language : languages) names += (names.empty() ? "" : "+") + language;
    const std::string folder = tessdata.string();
    const char* from = folder.empty() ? nullptr : folder.c_str();
    if (text_.Init(from, names.c_str(), tesseract::OEM_LSTM_ONLY) != 0) return fail(no_model(names));
    if (direction_.Init(from, "osd", tesseract::OEM_TESSERACT_ONLY) != 0) return fail(no_model("osd"));
    text_.SetPageSegMode(tesseract::PSM_AUTO);
    direction_.SetPageSegMode(tesseract::PSM_OSD_ONLY);
    setMsgSeverity(L_SEVERITY_NONE);
    // Its remarks on odd pages would fill the log; what matters comes back as a Result.
    text_.SetVariable("debug_file", "/dev/null");
    direction_.SetVariable("debug_file", "/dev/null");
    return {};
  }

  Result<Recognition> recognise(const Pixels& grey) {
    const ReadingPage page = at_reading_size(grey);
    const PixPtr captured = bilevel_pix(page.pixels, kReadingDpi);
    if (!captured) return fail(Errc::refused, "there is no memory for the page");
    const auto told = rotation_by_ascenders(captured.get(), kReadingDpi);
    const int rotation = told ? *told : rotation_by_engine(captured.get()).value_or(0);
    MAILROOM_TRY(Recognition best, read_turned(page, captured.get(), rotation, grey));
    if (best.words.empty() || best.confidence >= kDoubtfulReading || !told) return best;
    const int second = rotation_by_engine(captured.get()).value_or(rotation);
    if (second == rotation) return best;
    MAILROOM_TRY(Recognition other, read_turned(page, captured.get(), second, grey));
    return other.confidence > best.confidence ? std::move(other) : std::move(best);
  }

  int rotation_of(const Pixels& grey) {
    const ReadingPage page = at_reading_size(grey);
    const PixPtr pix = bilevel_pix(page.pixels, kReadingDpi);
    if (!pix) return 0;
    if (const auto told = rotation_by_ascenders(pix.get(), kReadingDpi)) return *told;
    return rotation_by_engine(pix.get()).value_or(0);
  }

 private:
  std::optional<int> rotation_by_engine(PIX* page) {
    direction_.SetImage(page);
    int degrees = 0;
    float confidence = 0;
    const char* script = nullptr;
    float script_confidence = 0;
    const bool told = direction_.DetectOrientationScript(&degrees, &confidence, &script, &script_confidence);
    direction_.Clear();
    if (!told || confidence < 1) return std::nullopt;
    return (360 - degrees) % 360;
  }

  Result<Recognition> read_turned(const ReadingPage& page, PIX* captured, int rotation, const Pixels& given) {
    const PixPtr upright_page(pixRotateOrth(captured, rotation / 90));
    if (!upright_page) return fail(Errc::refused, "there is no memory for the page");
    text_.SetImage(upright_page.get());
    text_.SetSourceResolution(kReadingDpi);
    if (text_.Recognize(nullptr) != 0) return fail(Errc::crashed, "the text recognition gave up on the page");
    Recognition result;
    result.rotation = rotation;
    collect(page, given, result);
    text_.Clear();
    return result;
  }

  void collect(const ReadingPage& page, const Pixels& given, Recognition& result) {
    const std::unique_ptr<tesseract::ResultIterator> at(text_.GetIterator());
    if (!at) return;
    Word next{.line = -1, .block = -1};
    bool new_paragraph = false;
    double confidence = 0;
    do {
      if (at->IsAtBeginningOf(Level::block)) ++next.block;
      if (at->IsAtBeginningOf(Level::line)) ++next.line;
      new_paragraph = new_paragraph || at->IsAtBeginningOf(Level::paragraph);
      const std::unique_ptr<char[]> text(at->GetUTF8Text(Level::word));
      int left = 0;
      int top = 0;
      int right = 0;
      int bottom = 0;
      if (!text || !at->BoundingBox(Level::word, &left, &top, &right, &bottom)) continue;
      if (only_white_space(text.get())) continue;
      next.text = text.get();
      next.box = on_given_page({left, top, right - left, bottom - top}, page, result.rotation, given);
      next.confidence = std::clamp(at->Confidence(Level::word) / 100.0, 0.0, 1.0);
      append(next, new_paragraph, result);
      confidence += next.confidence;
      new_paragraph = false;
    } while (at->Next(Level::word));
    if (!result.words.empty()) result.confidence = confidence / double(result.words.size());
  }

  static void append(const Word& word, bool new_paragraph, Recognition& result) {
    if (!result.words.empty()) {
      const bool same_line = result.words.back().line == word.line;
      result.text += same_line ? " " : new_paragraph ? "\n\n" : "\n";
    }
    result.text += word.text;
    result.words.push_back(word);
  }

  tesseract::TessBaseAPI text_;
  tesseract::TessBaseAPI direction_;
};

Recogniser::Recogniser(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Recogniser::Recogniser(Recogniser&&) noexcept = default;
Recogniser& Recogniser::operator=(Recogniser&&) noexcept = default;
Recogniser::~Recogniser() = default;

Result<Recogniser> Recogniser::load(const std::vector<std::string>& languages,
                                    const std::filesystem::path& tessdata) {
  auto engine = std::make_unique<Engine>();
  MAILROOM_TRY_VOID(engine->load(languages, tessdata));
  return Recogniser(std::move(engine));
}

Result<Recognition> Recogniser::recognise(const Pixels& grey) {
  return engine_->recognise(grey);
}
int Recogniser::rotation_of(const Pixels& grey) {
  return engine_->rotation_of(grey);
}

std::string recogniser_version() {
  return std::string("tesseract ") + tesseract::TessBaseAPI::Version();
}

bool single_threaded() {
  const char* limit = std::getenv("OMP_THREAD_LIMIT");
  return limit != nullptr && std::string(limit) == "1";
}

}  // namespace mailroom::ocr
