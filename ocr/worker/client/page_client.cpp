#include "ocr/worker/client/page_client.h"

#include <time.h>

#include <utility>

#include "daemon/base/child_process.h"
#include "daemon/base/frame_channel.h"
#include "ocr/worker/messages/messages.h"

namespace mailroom::ocr {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFarewell{1'000};   // for a worker to end by itself
constexpr milliseconds kLastWords{2'000};  // for the kernel to report the death of a worker

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : "+") + word;
  return text;
}

ChildCommand command_for(const PageWorkerOptions& options, UniqueFd channel) {
  ChildCommand command{options.program};
  command.arguments = {"--memory-mib", std::to_string(options.memory_mib)};
  if (options.pictures_only) {
    command.arguments.insert(command.arguments.end(), {"--only", "pictures"});
  } else {
    command.arguments.insert(command.arguments.end(), {"--languages", joined(options.languages)});
  }
  if (!options.tessdata.empty()) {
    command.arguments.insert(command.arguments.end(), {"--tessdata", options.tessdata.string()});
  }
  // Read when the library is loaded; Tesseract's OpenMP triples the CPU time and gains nothing.
  command.environment = {{"OMP_THREAD_LIMIT", "1"}};
  command.channel = std::move(channel);
  return command;
}

tl::unexpected<Error> protocol_broken() {
  return fail(Errc::crashed, "the page worker answered what was not asked", {}, "restart the page worker");
}

}  // namespace

class PageWorker::Session {
 public:
  explicit Session(PageWorkerOptions options) : options_(std::move(options)) {}

  ~Session() {
    channel_.reset();
    if (child_.running()) child_.wait(kFarewell);
  }

  Result<void> start() {
    child_.kill();
    MAILROOM_TRY(auto ends, FrameChannel::pair());
    channel_.emplace(std::move(ends.first));
    MAILROOM_TRY(child_, ChildProcess::start(command_for(options_, std::move(ends.second))));
    MAILROOM_TRY(const Frame answer, next_frame(options_.start_limit));
    if (answer.type == "ready") return {};
    kill();
    if (answer.type == "error") return fail(messages::error_from(answer.body));
    return protocol_broken();
  }

  Result<int> read(ByteView bytes, const PageRequest& request, const OnPage& on_page) {
    if (!alive()) return fail(Errc::crashed, "the page worker is gone", {}, "restart the page worker");
    Frame frame{"read", messages::to_json(request), Bytes(bytes.begin(), bytes.end())};
    if (auto sent = channel_->send(frame); !sent) return fail(end_of_worker(std::move(sent).error()));
    for (int page = 1;; ++page) {
      MAILROOM_TRY(const Frame answer, next_frame(options_.page_limit));
      if (answer.type == "end") return page - 1;
      if (answer.type == "error") return fail(messages::error_from(answer.body));
      if (answer.type != "page" || !hand_over(page, answer.body, on_page)) {
        kill();
        return protocol_broken();
      }
    }
  }

  Result<Likeness> compare(ByteView first, ByteView second) {
    if (!alive()) return fail(Errc::crashed, "the page worker is gone", {}, "restart the page worker");
    Bytes both(first.begin(), first.end());
    both.insert(both.end(), second.begin(), second.end());
    Frame frame{"compare", {{"first_size", first.size()}}, std::move(both)};
    if (auto sent = channel_->send(frame); !sent) return fail(end_of_worker(std::move(sent).error()));
    MAILROOM_TRY(const Frame answer, next_frame(options_.page_limit));
    if (answer.type == "error") return fail(messages::error_from(answer.body));
    auto likeness = answer.type == "likeness" ? likeness_from(answer.body) : Result<Likeness>(protocol_broken());
    if (likeness) return likeness;
    kill();
    return protocol_broken();
  }

  Result<nlohmann::json> read_invoice(ByteView bytes) {
    if (!alive()) return fail(Errc::crashed, "the page worker is gone", {}, "restart the page worker");
    Frame frame{"invoice", nlohmann::json::object(), Bytes(bytes.begin(), bytes.end())};
    if (auto sent = channel_->send(frame); !sent) return fail(end_of_worker(std::move(sent).error()));
    MAILROOM_TRY(Frame answer, next_frame(options_.page_limit));
    if (answer.type == "error") return fail(messages::error_from(answer.body));
    if (answer.type == "invoice" && answer.body.is_object() && answer.body.contains("line"))
      return std::move(answer.body);
    kill();
    return protocol_broken();
  }

  Result<Bytes> picture(ByteView image, const PictureRequest& request) {
    MAILROOM_TRY(auto drawn, draw(image, request));
    return std::move(drawn.jpeg);
  }

  Result<DrawnPage> draw(ByteView image, const PictureRequest& request) {
    if (!alive()) return fail(Errc::crashed, "the page worker is gone", {}, "restart the page worker");
    Frame frame{"picture", messages::to_json(request), Bytes(image.begin(), image.end())};
    if (auto sent = channel_->send(frame); !sent) return fail(end_of_worker(std::move(sent).error()));
    MAILROOM_TRY(Frame answer, next_frame(options_.page_limit));
    if (answer.type == "error") return fail(messages::error_from(answer.body));
    if (answer.type == "picture" && !answer.payload.empty())
      return DrawnPage{std::move(answer.payload), answer.body.value("pages", 1)};
    kill();
    return protocol_broken();
  }

  [[nodiscard]] bool alive() const { return child_.running() && channel_.has_value(); }

  [[nodiscard]] milliseconds cpu_time() const {
    clockid_t clock = 0;
    timespec time{};
    if (!child_.running() || ::clock_getcpuclockid(child_.pid(), &clock) != 0) return {};
    if (::clock_gettime(clock, &time) != 0) return {};
    return milliseconds(time.tv_sec * 1000 + time.tv_nsec / 1'000'000);
  }

 private:
  Result<Frame> next_frame(milliseconds limit) {
    auto answer = channel_->receive(limit);
    if (!answer) return fail(end_of_worker(std::move(answer).error()));
    if (!*answer) return fail(end_of_worker({Errc::crashed, "the page worker closed its channel"}));
    return std::move(**answer);
  }

  static bool hand_over(int page, const nlohmann::json& body, const OnPage& on_page) {
    if (!body.is_object()) return false;
    if (body.contains("error")) {
      on_page(page, fail(messages::error_from(body["error"])));
      return true;
    }
    if (!body.contains("report")) return false;
    auto report = page_report_from(body["report"]);
    if (!report) return false;
    on_page(page, std::move(report));
    return true;
  }

  /// The worker cannot be used any more; says how it ended.
  Error end_of_worker(Error cause) {
    if (cause.code == Errc::timed_out) {
      kill();
      return {Errc::timed_out, "the page was not read within the time limit and its worker was stopped"};
    }
    const auto status = child_.wait(kLastWords);
    kill();
    std::string how = cause.what;
    if (status && status->signal != 0) how = "signal " + std::to_string(status->signal);
    if (status && status->signal == 0) how = "exit code " + std::to_string(status->code);
    return {Errc::crashed, "the page worker died (" + how + ")"};
  }

  void kill() {
    child_.kill();
    channel_.reset();
  }

  PageWorkerOptions options_;
  ChildProcess child_;
  std::optional<FrameChannel> channel_;
};

PageWorker::PageWorker(std::unique_ptr<Session> session) : session_(std::move(session)) {}
PageWorker::PageWorker(PageWorker&&) noexcept = default;
PageWorker& PageWorker::operator=(PageWorker&&) noexcept = default;
PageWorker::~PageWorker() = default;

Result<PageWorker> PageWorker::start(const PageWorkerOptions& options) {
  auto session = std::make_unique<Session>(options);
  MAILROOM_TRY_VOID(session->start());
  return PageWorker(std::move(session));
}

Result<PageReport> PageWorker::read_page(ByteView image, const PageRequest& request) {
  std::vector<Result<PageReport>> pages;
  MAILROOM_TRY_VOID(session_->read(image, request, [&pages](int, Result<PageReport> report) {
    if (pages.size() < 2) pages.push_back(std::move(report));
  }));
  if (pages.size() == 1) return std::move(pages.front());
  return fail(Errc::invalid_input, "the image does not hold exactly one page");
}

Result<int> PageWorker::read_file(ByteView bytes, const PageRequest& request, const OnPage& on_page) {
  return session_->read(bytes, request, on_page);
}

Result<Likeness> PageWorker::compare(ByteView first, ByteView second) {
  return session_->compare(first, second);
}

Result<nlohmann::json> PageWorker::read_invoice(ByteView bytes) {
  return session_->read_invoice(bytes);
}

Result<Bytes> PageWorker::picture(ByteView image, const PictureRequest& request) {
  return session_->picture(image, request);
}

Result<DrawnPage> PageWorker::pdf_page(ByteView pdf, int page, int longest) {
  return session_->draw(pdf, {0, longest, page});
}

bool PageWorker::alive() const {
  return session_->alive();
}
Result<void> PageWorker::restart() {
  return session_->start();
}
milliseconds PageWorker::cpu_time() const {
  return session_->cpu_time();
}

}  // namespace mailroom::ocr
