#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "daemon/app/control_server.h"
#include "daemon/app/ctl/commands.h"
#include "daemon/app/ctl/tables.h"
#include "daemon/app/foundation.h"
#include "daemon/app/separators.h"
#include "daemon/app/setup.h"
#include "daemon/app/views.h"
#include "ocr/worker/client/read_files.h"
#include "ocr/worker/client/read_invoices.h"

namespace mailroom::app::ctl {
namespace {

int complain(const Error& error) {
  std::cerr << "mailroomctl: " << error.message() << '\n';
  return kFailed;
}

int set_up_here(const Folders& folders) {
  const auto configuration = load_configuration(folders.config);
  if (!configuration) return complain(configuration.error());
  const auto done = set_up(folders, *configuration, std::cout);
  return done ? kDone : complain(done.error());
}

int print_separators(const Folders& folders, const SeparatorWish& wish, const std::string& file) {
  const auto configuration = load_configuration(folders.config);
  if (!configuration) return complain(configuration.error());
  const auto keys = read_routing_keys(folders.routing_key());
  if (!keys) return complain(keys.error());
  const auto pdf = separators_pdf(*configuration, keys->front(), wish);
  if (!pdf) return complain(pdf.error());
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(pdf->data()), std::streamsize(pdf->size()));
  if (!out.flush()) return complain({Errc::io, "the sheets cannot be written", Place::in_file(file)});
  std::cout << file << '\n';
  return kDone;
}

/// With the daemon stopped the data folder is opened under its lock.
Result<nlohmann::json> verify_alone(const Folders& folders, bool deep) {
  MAILROOM_TRY(auto base, lay_foundation(folders));
  const intake::Spool spool(folders.spool());
  WorkThread core;
  intake::Verification verification(core, base.catalogue, base.contents, spool, base.trusted);
  using Depth = intake::Verification::Depth;
  MAILROOM_TRY(const auto report, verification.run(deep ? Depth::deep : Depth::usual));
  return verification_view(report);
}

int verify(const Folders& folders, bool as_json, bool deep) {
  auto answer = send_command(folders.control_socket(), "verify", {{"deep", deep}}, [](const auto&) {});
  if (!answer && answer.error().code == Errc::unreachable) answer = verify_alone(folders, deep);
  if (!answer) return complain(answer.error());
  if (as_json) {
    std::cout << answer->dump(2) << '\n';
  } else {
    print_verification(std::cout, *answer);
  }
  return answer->at("findings").empty() ? kDone : kFound;
}

int read(const std::vector<std::filesystem::path>& files, const std::vector<std::string>& languages,
         int workers) {
  ocr::ReadOptions options;
  options.worker.program = companion_program("mailroom-page");
  options.worker.languages = languages;
  options.workers = workers;
  return ocr::read_files(files, std::cout, options);
}

int read_invoices(const std::vector<std::filesystem::path>& files) {
  ocr::PageWorkerOptions worker;
  worker.program = companion_program("mailroom-page");
  return ocr::read_invoices(files, std::cout, worker);
}

void add_setup(CLI::App& parser, Chosen& chosen) {
  parser
      .add_subcommand("setup", "make folders, identities and the broker's configuration; keeps what is there")
      ->callback([&chosen] { chosen.run = [&chosen] { return set_up_here(chosen.folders); }; });
}

void add_separators(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("separators", "print routing sheets for every class and department");
  struct Words {
    SeparatorWish wish;
    std::string file = "separators.pdf";
  };
  auto words = std::make_shared<Words>();
  command->add_option("--out", words->file, "PDF to write")->capture_default_str();
  command->add_option("--class", words->wish.document_class, "only this class");
  command->add_option("--department", words->wish.department, "only this department");
  command->add_option("--kind", words->wish.kind,
                      "only this kind: document, class, batch, urgent, label, ...");
  command->add_option("--reference", words->wish.reference, "free reference, in the QR code only");
  command->add_option("--count", words->wish.count, "number of sheets, for --kind count");
  command->callback([&chosen, words] {
    chosen.run = [&chosen, words] { return print_separators(chosen.folders, words->wish, words->file); };
  });
}

void add_verify(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand("verify", "prove the archive; exit code 2 when something is wrong");
  struct Words {
    bool as_json = false;
    bool deep = false;
  };
  auto words = std::make_shared<Words>();
  command->add_flag("--json", words->as_json, "print the answer as JSON");
  command->add_flag("--deep", words->deep, "check the invariants between rows and for stray files as well");
  command->callback([&chosen, words] {
    chosen.run = [&chosen, words] { return verify(chosen.folders, words->as_json, words->deep); };
  });
}

void add_read(CLI::App& parser, Chosen& chosen) {
  auto* command =
      parser.add_subcommand("read", "read images and PDF files, one JSON line a page; needs no daemon");
  struct Words {
    std::vector<std::filesystem::path> files;
    std::vector<std::string> languages = {"deu"};
    int workers = 2;
  };
  auto words = std::make_shared<Words>();
  command->add_option("files", words->files, "images or PDF files")->required();
  command->add_option("--language", words->languages, "Tesseract models")->capture_default_str();
  command->add_option("--workers", words->workers, "processes side by side")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  command->callback([&chosen, words] {
    chosen.run = [words] { return read(words->files, words->languages, words->workers); };
  });
}

void add_invoice(CLI::App& parser, Chosen& chosen) {
  auto* command = parser.add_subcommand(
      "invoice",
      "read and check electronic invoices (XML, PDF, e-mail), one JSON line a file; needs no daemon");
  auto files = std::make_shared<std::vector<std::filesystem::path>>();
  command->add_option("files", *files, "files of any kind")->required();
  command->callback([&chosen, files] { chosen.run = [files] { return read_invoices(*files); }; });
}

}  // namespace

void add_local_commands(CLI::App& parser, Chosen& chosen) {
  add_setup(parser, chosen);
  add_separators(parser, chosen);
  add_verify(parser, chosen);
  add_read(parser, chosen);
  add_invoice(parser, chosen);
}

}  // namespace mailroom::app::ctl
