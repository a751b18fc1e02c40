#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/document/page_report.h"
#include "ocr/codec/decode.h"

namespace mailroom::ocr {

/// What was read on a page.
struct Recognition {
  int rotation = 0;         ///< degrees clockwise that bring the page upright: 0, 90, 180, 270
  std::vector<Word> words;  ///< in reading order; boxes in pixels of the image given
  std::string text;         ///< lines separated by \n, paragraphs by a blank line
  double confidence = 0;    ///< mean of the words' confidences, 0 when there are none
};

/// The text recognition with its models loaded (Tesseract, LSTM). Move-only; thread-bound.
///
/// Environment: OMP_THREAD_LIMIT=1 must be set before the process starts, see single_threaded().
/// Opens files only in load(); afterwards it works without any.
class Recogniser {
 public:
  /// Loads the models, together and once: about 0.2 s and 100 MB. `tessdata` empty means the folder
  /// of the installed Tesseract. Errc::not_found names the model that is missing and how to get it.
  static Result<Recogniser> load(const std::vector<std::string>& languages,
                                 const std::filesystem::path& tessdata = {});

  Recogniser(Recogniser&&) noexcept;
  Recogniser& operator=(Recogniser&&) noexcept;
  ~Recogniser();

  /// Reads a grey page, whichever way it lies, tilted by up to about 5 degrees. The page is not straightened
  /// first: measured, that raises the error rate. Otsu's threshold goes first: measured, that lowers it.
  /// Pages far from 300 dpi are scaled for reading; boxes are in pixels of `grey` all the same. Errc::crashed
  /// when the engine gives up.
  Result<Recognition> recognise(const Pixels& grey);

  /// Only which way the page lies: degrees clockwise that bring it upright. Text lines' ascenders and
  /// descenders tell in about 30 ms; the engine's own detection (0.4 s) is asked only when they do not. 0
  /// when the page has too little text to say.
  int rotation_of(const Pixels& grey);

 private:
  class Engine;
  explicit Recogniser(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

/// Name and version of the engine, "tesseract 5.3.0": part of the proof of how a page was read.
std::string recogniser_version();

/// Whether OpenMP is held to one thread, as Recogniser wants it: left alone Tesseract takes 2.7 times the
/// CPU.
bool single_threaded();

}  // namespace mailroom::ocr
