#include <CLI/CLI.hpp>
#include <iostream>

#include "daemon/app/folders.h"
#include "daemon/assembly/routing_sheet.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/config/configuration.h"
#include "ocr/paper/sample_stack.h"

namespace {

using namespace mailroom;

ocr::SampleTarget target(const auto& thing) {
  return {thing.id, thing.code, thing.name_de};
}

/// The payload of a routing sheet made with the appliance's own key.
std::string payload(const RoutingKey& key, std::string_view kind, std::string_view class_code,
                    std::string_view department_code) {
  const auto routing_kind = assembly::routing_kind_from(kind);
  if (!routing_kind) throw std::logic_error(routing_kind.error().message());
  const auto payloads = assembly::encode_routing_sheet(
      {*routing_kind, std::string(class_code), std::string(department_code), 0, ""}, key);
  if (!payloads) throw std::logic_error(payloads.error().message());
  return payloads->code128;
}

Result<int> draw(const app::Folders& folders, const std::filesystem::path& out,
                 const std::filesystem::path& truth, const std::string& invoice_number) {
  MAILROOM_TRY(const Configuration configuration, load_configuration(folders.config));
  MAILROOM_TRY(const auto keys, read_routing_keys(folders.routing_key()));
  ocr::SampleStackRequest request;
  request.folder = out;
  request.truth = truth;
  request.letter = target(configuration.classes.at("letter"));
  request.invoice = target(configuration.classes.at("invoice"));
  request.personnel = target(configuration.classes.at("personnel"));
  request.first_department = target(configuration.departments.at("buergerbuero"));
  request.second_department = target(configuration.departments.at("bauamt"));
  request.finance_department = target(configuration.departments.at("kaemmerei"));
  request.personnel_department = target(configuration.departments.at("personal"));
  request.today = to_rfc3339(SystemClock().now()).substr(0, 10);
  request.invoice_number = invoice_number;
  request.payload = [&](std::string_view kind, std::string_view class_code,
                        std::string_view department_code) {
    return payload(keys.front(), kind, class_code, department_code);
  };
  MAILROOM_TRY(const auto stack, ocr::draw_sample_stack(request));
  return int(stack.sides.size());
}

}  // namespace

int main(int argc, char** argv) {
  log::open("mailroom-sample");
  CLI::App parser("Draws the sample stack with routing sheets of this appliance's key.", "mailroom-sample");
  app::Folders folders;
  std::filesystem::path out;
  std::filesystem::path truth;
  parser.add_option("--config", folders.config, "folder of the configuration")->capture_default_str();
  parser.add_option("--data", folders.data, "folder of the data")->capture_default_str();
  parser.add_option("--runtime", folders.runtime, "not used; every program takes the three folders");
  parser.add_option("--out", out, "folder for the page images; must be empty or missing")->required();
  parser.add_option("--truth", truth, "file for what must come out; else beside the folder");
  std::string invoice_number = ocr::SampleStackRequest().invoice_number;
  parser.add_option("--invoice-number", invoice_number, "an invoice that came before would be stopped")
      ->capture_default_str();
  CLI11_PARSE(parser, argc, argv);
  if (truth.empty()) truth = out.parent_path() / "truth.json";
  try {
    const auto sides = draw(folders, out, truth, invoice_number);
    if (!sides) {
      std::cerr << "mailroom-sample: " << sides.error().message() << '\n';
      return 1;
    }
    std::cout << *sides << " sides in " << out.string() << ", the truth in " << truth.string() << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "mailroom-sample: " << error.what()
              << " (the sample needs the shipped classes and departments)\n";
    return 1;
  }
}
