#include "ocr/worker/process/answer.h"

#include <functional>
#include <new>

#include "daemon/base/kill_point.h"
#include "daemon/invoice/mail/mail_parts.h"
#include "daemon/invoice/model/invoice_json.h"
#include "ocr/codec/decode.h"
#include "ocr/image/likeness.h"
#include "ocr/render/pdf_pages.h"
#include "ocr/worker/analysis/analyse_page.h"
#include "ocr/worker/analysis/find_invoice.h"
#include "ocr/worker/messages/messages.h"
#include "ocr/worker/process/draw_picture.h"
#include "ocr/worker/process/self_test.h"

namespace mailroom::ocr {
namespace {

constexpr std::chrono::hours kForever{24 * 365};

/// Runs `work`; what foreign code throws becomes an error of this page.
template <typename Work>
auto guarded(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return fail(Errc::refused, "the page needs more memory than a page may have");
  } catch (const std::exception& thrown) {
    return fail(Errc::refused, std::string("the page cannot be worked on: ") + thrown.what());
  }
}

/// One request at work.
class Answer {
 public:
  Answer(FrameChannel& channel, Recogniser& recogniser, const PageRequest& request)
      : channel_(channel), recogniser_(recogniser), request_(request) {}

  /// The inner result is the file's, the outer one the channel's.
  Result<void> give(ByteView file) {
    auto done = guarded([&] {
      if (looks_like_pdf(file) && !looks_like_image(file)) return read_pdf(file);
      return looks_like_image(file) || !invoice::looks_like_mail(file) ? read_images(file) : read_mail(file);
    });
    if (broken_) return fail(std::move(*broken_));
    if (!done) return channel_.send({"error", messages::to_json(done.error())});
    return channel_.send({"end", {{"pages", *done}}});
  }

 private:
  /// The pages of all PDF files in it, one after the other.
  Result<int> read_mail(ByteView file) {
    MAILROOM_TRY(const auto parts, invoice::mail_parts(file));
    int pages = 0;
    for (const invoice::MailPart& part : parts) {
      if (!looks_like_pdf(part.bytes) || broken_) continue;
      MAILROOM_TRY(const int more, read_pdf(part.bytes));
      pages += more;
    }
    return pages;
  }

  Result<int> read_pdf(ByteView file) {
    MAILROOM_TRY(const PdfPages pdf, PdfPages::open(file));
    for (int number = 1; number <= pdf.count() && !broken_; ++number) {
      send_page(guarded([&]() -> Result<PageReport> {
        MAILROOM_TRY(const Pixels page, pdf.page(number));
        return analyse_page(page, request_, recogniser_);
      }));
    }
    return pdf.count();
  }

  Result<int> read_images(ByteView file) {
    MAILROOM_TRY(const auto images, decode_images(file));
    for (const Pixels& image : images) {
      if (broken_) break;
      send_page(guarded([&] { return analyse_page(image, request_, recogniser_); }));
    }
    return int(images.size());
  }

  void send_page(const Result<PageReport>& page) {
    nlohmann::json body = nlohmann::json::object();
    if (page) {
      body["report"] = mailroom::to_json(*page);
    } else {
      body["error"] = messages::to_json(page.error());
    }
    kill_point("worker.before_answer");
    if (auto sent = channel_.send({"page", std::move(body)}); !sent) broken_ = std::move(sent).error();
  }

  FrameChannel& channel_;
  Recogniser& recogniser_;
  const PageRequest request_;
  std::optional<Error> broken_;
};

/// The one image of a captured side, in grey.
Result<Pixels> one_grey(ByteView bytes) {
  MAILROOM_TRY(auto images, decode_grey(bytes));
  if (images.size() == 1) return std::move(images.front());
  return fail(Errc::invalid_input, "the image does not hold exactly one page");
}

Result<void> answer_compare(FrameChannel& channel, const Frame& frame) {
  const auto compared = guarded([&]() -> Result<Likeness> {
    const std::size_t size = frame.body.value("first_size", std::size_t(0));
    if (size > frame.payload.size()) return fail(Errc::invalid_input, "not two images to compare");
    const ByteView both(frame.payload);
    MAILROOM_TRY(const Pixels first, one_grey(both.first(size)));
    MAILROOM_TRY(const Pixels second, one_grey(both.subspan(size)));
    return compare_sides(first, second);
  });
  if (!compared) return channel.send({"error", messages::to_json(compared.error())});
  return channel.send({"likeness", mailroom::to_json(*compared)});
}

Result<void> answer_invoice(FrameChannel& channel, ByteView file) {
  const auto found = guarded([&]() -> Result<invoice::Reading> { return find_invoice(file); });
  if (!found) return channel.send({"error", messages::to_json(found.error())});
  nlohmann::json body = {{"line", invoice::line_of(*found)}};
  if (found->invoice) body["invoice"] = invoice::to_json(*found->invoice);
  return channel.send({"invoice", std::move(body)});
}

Result<void> answer(FrameChannel& channel, Recogniser& recogniser, const Frame& frame) {
  if (frame.type == "compare") return answer_compare(channel, frame);
  if (frame.type == "invoice") {
    if (const auto tried = self_test(frame.payload))
      return channel.send({"error", messages::to_json(*tried)});
    return answer_invoice(channel, frame.payload);
  }
  if (frame.type != "read")
    return fail(Errc::corrupt, "the page worker was asked for something it does not know");
  auto request = messages::page_request_from(frame.body);
  if (!request) return channel.send({"error", messages::to_json(request.error())});
  kill_point("worker.page_received");
  if (const auto tried = self_test(frame.payload)) return channel.send({"error", messages::to_json(*tried)});
  return Answer(channel, recogniser, *request).give(frame.payload);
}

Result<void> answer_picture(FrameChannel& channel, const Frame& frame) {
  if (frame.type != "picture") return fail(Errc::corrupt, "a worker for pictures was asked for something else");
  const auto request = messages::picture_request_from(frame.body);
  if (!request) return channel.send({"error", messages::to_json(request.error())});
  if (const auto tried = self_test(frame.payload)) return channel.send({"error", messages::to_json(*tried)});
  auto drawn = guarded([&] { return request->page > 0 ? draw_pdf_page(frame.payload, *request)
                                                      : draw_side(frame.payload, *request); });
  if (!drawn) return channel.send({"error", messages::to_json(drawn.error())});
  return channel.send({"picture", {{"pages", drawn->pages}}, std::move(drawn->jpeg)});
}

}  // namespace

Result<void> answer_requests(FrameChannel& channel, Recogniser& recogniser) {
  for (;;) {
    MAILROOM_TRY(const auto frame, channel.receive(kForever));
    if (!frame) return {};
    MAILROOM_TRY_VOID(answer(channel, recogniser, *frame));
  }
}

Result<void> answer_picture_requests(FrameChannel& channel) {
  for (;;) {
    MAILROOM_TRY(const auto frame, channel.receive(kForever));
    if (!frame) return {};
    MAILROOM_TRY_VOID(answer_picture(channel, *frame));
  }
}

}  // namespace mailroom::ocr
