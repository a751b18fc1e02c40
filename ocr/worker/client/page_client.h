#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/base/bytes.h"
#include "daemon/base/result.h"
#include "daemon/document/likeness.h"
#include "daemon/document/page_report.h"

namespace mailroom::ocr {

/// What is to be found out about a page.
struct PageRequest {
  bool recognise = true;       ///< read the text; blank pages are never read
  bool patch_t = false;        ///< the profile lets PATCHT act
  bool routing_sheets = true;  ///< the profile lets routing sheets act
  bool full_search = false;    ///< look for codes with every engine, not only on suspicion
};

/// A picture of a captured side for a screen.
struct PictureRequest {
  int rotation = 0;  ///< degrees clockwise: 0, 90, 180 or 270
  int longest = 0;   ///< pixels of the longer side at most; 0: full resolution
  int page = 0;      ///< of a PDF, from 1; 0: it is the image of a side
};

/// A page of a PDF for a screen.
struct DrawnPage {
  Bytes jpeg;
  int pages = 0;  ///< that the PDF has
};

/// How a page worker is run.
struct PageWorkerOptions {
  std::filesystem::path program;                  ///< mailroom-page
  bool pictures_only = false;                     ///< loads no models and draws pictures, nothing else
  std::vector<std::string> languages = {"deu"};   ///< Tesseract models, loaded once, used together
  std::filesystem::path tessdata = {};            ///< folder of the models; empty: where Debian has them
  std::size_t memory_mib = 1536;                  ///< growth of the address space beyond the loaded models
  std::chrono::milliseconds page_limit{60'000};   ///< per page; on the way to it the worker is killed
  std::chrono::milliseconds start_limit{30'000};  ///< until the models are loaded
};

/// One page of a file and how reading it went.
using OnPage = std::function<void(int page, Result<PageReport>)>;

/// The daemon's end of one mailroom-page process (docs/formats/helper-protocol.md): every foreign byte
/// is decoded there, behind a shut sandbox, never here.
///
/// Errors of a page, and what to do about them:
///   corrupt, unsupported, invalid_input  the bytes are unreadable and will stay so: do not retry
///   refused      beyond the limits for size or memory, or encrypted: do not retry
///   crashed      the worker died on it: restart() and try once more
///   timed_out    the worker was killed at the limit: restart() and try once more
///
/// Move-only, thread-bound. The thread that called start() or restart() must live as long as the worker
/// shall (see ChildProcess).
class PageWorker {
 public:
  /// Starts a worker and waits until it is ready. Fails when the program or a model is missing
  /// (not_found), or it does not become ready (crashed, timed_out).
  static Result<PageWorker> start(const PageWorkerOptions& options);

  PageWorker(PageWorker&&) noexcept;
  PageWorker& operator=(PageWorker&&) noexcept;
  ~PageWorker();  ///< ends the worker, by force when it does not answer

  /// Reads an image that must hold exactly one page. More pages are invalid_input.
  Result<PageReport> read_page(ByteView image, const PageRequest& request);

  /// Reads an image or PDF of any number of pages; `on_page` gets each, counted from 1, with its report
  /// or the error of that page alone. The value is the number of pages; an error means that reading
  /// stopped after the pages given so far.
  Result<int> read_file(ByteView bytes, const PageRequest& request, const OnPage& on_page);

  /// Whether two images show the same side of the same sheet (ocr/image/likeness.h). Errors as of a page.
  Result<Likeness> compare(ByteView first, ByteView second);

  /// Looks for an electronic invoice in any file: {"line": members of a line of `mailroomctl invoice`,
  /// "invoice": docs/formats/invoice.md, when there is one}. Whatever is wrong with the file is a finding in
  /// the line.
  Result<nlohmann::json> read_invoice(ByteView bytes);

  /// The one image of a captured side as a JPEG, turned and made smaller as asked. Of workers that draw
  /// pictures only. Errors as of a page.
  Result<Bytes> picture(ByteView image, const PictureRequest& request);

  /// A page of a foreign PDF, or of the PDFs in an e-mail one after the other, as a JPEG of `longest` pixels at
  /// most. Of workers that draw pictures only. Errors as of a page; Errc::not_found when it has no such page.
  Result<DrawnPage> pdf_page(ByteView pdf, int page, int longest);

  /// False once the worker died or was killed; every request is Errc::crashed from then on.
  [[nodiscard]] bool alive() const;

  /// Starts a fresh worker in place of this one.
  Result<void> restart();

  /// CPU time of the worker process so far, loading included; 0 when it is gone.
  [[nodiscard]] std::chrono::milliseconds cpu_time() const;

 private:
  class Session;
  explicit PageWorker(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace mailroom::ocr
