#include "daemon/delivery/broker_config.h"

#include <map>

#include "daemon/base/bytes.h"
#include "daemon/base/durable_file.h"
#include "daemon/delivery/broker_templates.h"

namespace mailroom::delivery {
namespace {

using Words = std::map<std::string, std::string>;

std::string filled(std::string_view text, const Words& words) {
  std::string result(text);
  for (const auto& [name, value] : words) {
    const auto mark = "@" + name + "@";
    for (auto at = result.find(mark); at != std::string::npos; at = result.find(mark, at + value.size())) {
      result.replace(at, mark.size(), value);
    }
  }
  return result;
}

bool is_name(const std::string& text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

bool is_line(const std::string& text) {
  return !text.empty() && text.find_first_of("\n\r@") == std::string::npos;
}

Result<void> check(const BrokerPlan& plan) {
  auto names = plan.recipients;
  names.insert(names.end(), {plan.site, plan.node, plan.service});
  if (!plan.system_user.empty()) names.push_back(plan.system_user);
  for (const auto& name : names) {
    if (!is_name(name)) {
      return fail(Errc::invalid_input, "'" + name + "' cannot be a name of the broker's access list", {},
                  "use only a-z, 0-9 and '-'");
    }
  }
  for (const auto& path : {plan.ca, plan.certificate, plan.key}) {
    if (!is_line(path)) return fail(Errc::invalid_input, "a certificate's path has a line break or '@'");
  }
  if (!is_line(plan.address) || plan.port < 1 || plan.port > 65535) {
    return fail(Errc::invalid_input, "the broker's address or port is not valid");
  }
  return {};
}

std::string access_list(const BrokerPlan& plan) {
  auto text = filled(kServiceAccess, {{"SERVICE", plan.service}, {"SITE", plan.site}, {"NODE", plan.node}});
  for (const auto& recipient : plan.recipients) {
    text += filled(kRecipientAccess, {{"RECIPIENT", recipient}, {"SITE", plan.site}});
  }
  return text;
}

std::string configuration(const std::filesystem::path& folder, const std::filesystem::path& acl,
                          const BrokerPlan& plan) {
  return filled(kBrokerConfiguration, {{"PORT", std::to_string(plan.port)},
                                       {"ADDRESS", plan.address},
                                       {"CA", plan.ca},
                                       {"CERTIFICATE", plan.certificate},
                                       {"KEY", plan.key},
                                       {"ACL", acl},
                                       {"FOLDER", folder},
                                       {"USER", plan.system_user.empty() ? "" : "user " + plan.system_user}});
}

}  // namespace

Result<BrokerFiles> write_broker_config(const std::filesystem::path& folder, const BrokerPlan& plan) {
  if (auto checked = check(plan); !checked) return fail(checked.error());
  if (!is_line(folder)) return fail(Errc::invalid_input, "the broker's folder has a line break or '@'");
  if (auto made = create_folder_durably(folder); !made) return fail(made.error());
  const BrokerFiles files{folder / "mosquitto.conf", folder / "access.acl"};
  if (auto written = write_durably(files.access_list, as_bytes(access_list(plan))); !written) {
    return fail(written.error());
  }
  const auto text = configuration(folder, files.access_list, plan);
  if (auto written = write_durably(files.configuration, as_bytes(text)); !written) {
    return fail(written.error());
  }
  return files;
}

}  // namespace mailroom::delivery
