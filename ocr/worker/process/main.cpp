// mailroom-page --memory-mib N (--languages deu+eng [--tessdata FOLDER] | --only pictures), with its channel at
// descriptor 3: the process in which every foreign byte is decoded (docs/formats/helper-protocol.md).

#include <iconv.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "daemon/base/frame_channel.h"
#include "ocr/codec/encode.h"
#include "ocr/recognition/recogniser.h"
#include "ocr/render/pdf_pages.h"
#include "ocr/worker/analysis/analyse_page.h"
#include "ocr/worker/messages/messages.h"
#include "ocr/worker/process/answer.h"
#include "ocr/worker/process/draw_picture.h"
#include "ocr/worker/sandbox/confine.h"
#include "ocr/worker/sandbox/file_shelf.h"

namespace {

using namespace mailroom;

constexpr int kUsage = 64;  // sysexits.h, EX_USAGE

struct Arguments {
  std::vector<std::string> languages;
  std::string tessdata;
  bool pictures_only = false;
  std::size_t memory_mib = 0;
};

std::vector<std::string> split_at_plus(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '+') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

bool parse(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--languages") arguments.languages = split_at_plus(argv[i + 1]);
    if (name == "--tessdata") arguments.tessdata = argv[i + 1];
    if (name == "--only") arguments.pictures_only = std::string(argv[i + 1]) == "pictures";
    if (name == "--memory-mib") arguments.memory_mib = std::strtoul(argv[i + 1], nullptr, 10);
  }
  return arguments.pictures_only == arguments.languages.empty() && arguments.memory_mib > 0;
}

/// OpenMP reads its limit when the library is loaded, so a start without it needs a second one with it.
void start_single_threaded(char** argv) {
  if (ocr::single_threaded()) return;
  ::setenv("OMP_THREAD_LIMIT", "1", 1);
  ::execv("/proc/self/exe", argv);
}

/// ZBar converts the text of QR codes with iconv, which loads its tables from files: keep them loaded.
void load_character_sets() {
  for (const char* const name : {"ISO8859-1", "ISO8859-15", "CP437", "SJIS", "BIG-5", "UTF-16BE", "WINDOWS-1252"}) {
    static_cast<void>(::iconv_open("UTF-8", name));  // stays open as long as the process lives
  }
}

/// A page of noise through the whole pipeline: whatever a library loads at its first use is loaded now.
void warm_up(ocr::Recogniser& recogniser) {
  ocr::Pixels page{.width = 400, .height = 400, .dpi = 300, .channels = 1, .data = Bytes(400 * 400, 255)};
  for (std::size_t i = 0; i < page.data.size(); ++i) {
    if ((i / 13 + i / 400 / 17) % 5 == 0) page.data[i] = 0;
  }
  static_cast<void>(ocr::analyse_page(page, {.full_search = true}, recogniser));
  ocr::warm_up_fonts();
  load_character_sets();
}

Result<ocr::Recogniser> prepare(const Arguments& arguments) {
  MAILROOM_TRY(auto recogniser, ocr::Recogniser::load(arguments.languages, arguments.tessdata));
  warm_up(recogniser);
  ocr::file_shelf::fill(ocr::files_for_drawing());
  MAILROOM_TRY_VOID(ocr::confine(arguments.memory_mib));
  return recogniser;
}

int tell_why_not(FrameChannel& channel, const Error& error) {
  static_cast<void>(channel.send({"error", ocr::messages::to_json(error)}));  // exit code 1 tells too
  return 1;
}

/// Whatever the libraries load at their first use is loaded now.
void warm_up_drawing() {
  const Bytes grey(64 * 64, 200);
  const auto side = ocr::encode_capture({64, 64, 72, 1, 8, 64, grey}, 75);
  if (side) static_cast<void>(ocr::draw_side(side->bytes, {90, 16}));
  ocr::warm_up_fonts();
}

int draw(FrameChannel& channel, const Arguments& arguments) {
  warm_up_drawing();
  ocr::file_shelf::fill(ocr::files_for_drawing());
  const auto confined = ocr::confine(arguments.memory_mib, ocr::Answers::large);
  if (!confined) return tell_why_not(channel, confined.error());
  if (!channel.send({"ready"})) return 1;
  return ocr::answer_picture_requests(channel) ? 0 : 1;
}

int serve(FrameChannel& channel, const Arguments& arguments) {
  auto recogniser = prepare(arguments);
  if (!recogniser) return tell_why_not(channel, recogniser.error());
  if (!channel.send({"ready"})) return 1;
  return ocr::answer_requests(channel, *recogniser) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  start_single_threaded(argv);
  ::signal(SIGPIPE, SIG_IGN);
  Arguments arguments;
  if (!parse(argc, argv, arguments)) {
    std::fputs("mailroom-page is started by mailroomd or mailroomctl, with its channel at descriptor 3\n",
               stderr);
    return kUsage;
  }
  FrameChannel channel{UniqueFd(kHelperChannelFd)};
  const int code = arguments.pictures_only ? draw(channel, arguments) : serve(channel, arguments);
  ::_exit(code);  // nothing to keep; the libraries' clean-up would ask for calls that are forbidden now
}
