#include "drivers/scanner/sane/sane_options.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

namespace mailroom::drivers {
namespace {

double number_of(const SANE_Option_Descriptor& descriptor, SANE_Word word) {
  return descriptor.type == SANE_TYPE_FIXED ? SANE_UNFIX(word) : word;
}

SANE_Word word_of(const SANE_Option_Descriptor& descriptor, double number) {
  if (descriptor.type == SANE_TYPE_FIXED)
    return SANE_Word(std::lround(number * (1 << SANE_FIXED_SCALE_SHIFT)));
  return SANE_Word(std::lround(number));
}

bool is_number(const SANE_Option_Descriptor& descriptor) {
  return (descriptor.type == SANE_TYPE_INT || descriptor.type == SANE_TYPE_FIXED) &&
         descriptor.size == SANE_Int(sizeof(SANE_Word));
}

/// What an option takes, as a person reads it: "100, 200, 300" or "0 to 215.9".
std::string offer_of(const SANE_Option_Descriptor& descriptor) {
  std::ostringstream offer;
  if (descriptor.constraint_type == SANE_CONSTRAINT_STRING_LIST) {
    for (auto entry = descriptor.constraint.string_list; *entry != nullptr; ++entry) {
      offer << (entry == descriptor.constraint.string_list ? "" : ", ") << *entry;
    }
  } else if (descriptor.constraint_type == SANE_CONSTRAINT_WORD_LIST) {
    for (SANE_Word i = 1; i <= descriptor.constraint.word_list[0]; i++) {
      offer << (i == 1 ? "" : ", ") << number_of(descriptor, descriptor.constraint.word_list[i]);
    }
  } else if (descriptor.constraint_type == SANE_CONSTRAINT_RANGE) {
    offer << number_of(descriptor, descriptor.constraint.range->min) << " to "
          << number_of(descriptor, descriptor.constraint.range->max);
  } else {
    offer << "no list of values";
  }
  return offer.str();
}

/// True when the constraint allows `word`; a value off the steps of a range is for the device to round.
bool allowed(const SANE_Option_Descriptor& descriptor, SANE_Word word) {
  if (descriptor.constraint_type == SANE_CONSTRAINT_RANGE) {
    return word >= descriptor.constraint.range->min && word <= descriptor.constraint.range->max;
  }
  if (descriptor.constraint_type != SANE_CONSTRAINT_WORD_LIST) return true;
  const SANE_Word* list = descriptor.constraint.word_list;
  return std::find(list + 1, list + 1 + list[0], word) != list + 1 + list[0];
}

std::string short_text(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

}  // namespace

std::optional<double> upper_bound(const SANE_Option_Descriptor& descriptor) {
  if (descriptor.constraint_type != SANE_CONSTRAINT_RANGE) return std::nullopt;
  return number_of(descriptor, descriptor.constraint.range->max);
}

std::optional<SaneOptions::Found> SaneOptions::find(const std::string& name) const {
  // Asked anew each time: setting one option may change which others there are.
  SANE_Int count = 0;
  if (sane_control_option(device_.handle(), 0, SANE_ACTION_GET_VALUE, &count, nullptr) != SANE_STATUS_GOOD)
    return {};
  for (SANE_Int i = 1; i < count; i++) {
    const auto* descriptor = sane_get_option_descriptor(device_.handle(), i);
    if (descriptor == nullptr || descriptor->name == nullptr || descriptor->name != name) continue;
    if (SANE_OPTION_IS_ACTIVE(descriptor->cap)) return Found{i, descriptor};
  }
  return std::nullopt;
}

bool SaneOptions::settable(const std::string& name) const {
  const auto found = find(name);
  return found && SANE_OPTION_IS_SETTABLE(found->descriptor->cap);
}

bool SaneOptions::in_pixels(const std::string& name) const {
  const auto found = find(name);
  return found && found->descriptor->unit == SANE_UNIT_PIXEL;
}

std::vector<std::string> SaneOptions::choices(const std::string& name) const {
  std::vector<std::string> offered;
  const auto found = find(name);
  if (!found || found->descriptor->constraint_type != SANE_CONSTRAINT_STRING_LIST) return offered;
  for (auto entry = found->descriptor->constraint.string_list; *entry != nullptr; ++entry)
    offered.emplace_back(*entry);
  return offered;
}

std::vector<double> SaneOptions::numbers(const std::string& name) const {
  std::vector<double> offered;
  const auto found = find(name);
  if (!found || found->descriptor->constraint_type != SANE_CONSTRAINT_WORD_LIST) return offered;
  const SANE_Word* list = found->descriptor->constraint.word_list;
  for (SANE_Word i = 1; i <= list[0]; i++) offered.push_back(number_of(*found->descriptor, list[i]));
  return offered;
}

std::optional<SaneOptions::Range> SaneOptions::range(const std::string& name) const {
  const auto found = find(name);
  if (!found || found->descriptor->constraint_type != SANE_CONSTRAINT_RANGE) return std::nullopt;
  const SANE_Range& bounds = *found->descriptor->constraint.range;
  return Range{number_of(*found->descriptor, bounds.min), number_of(*found->descriptor, bounds.max),
               number_of(*found->descriptor, bounds.quant)};
}

bool SaneOptions::offers(const OptionValues& values) const {
  return std::all_of(values.begin(), values.end(), [this](const OptionValue& wanted) {
    if (!settable(wanted.option)) return false;
    const auto listed = choices(wanted.option);
    return listed.empty() || std::find(listed.begin(), listed.end(), wanted.value) != listed.end();
  });
}

/// Sets an option of any type from a word of a quirk file.
Result<void> SaneOptions::set_one(const OptionValue& wanted) {
  const auto found = find(wanted.option);
  if (found->descriptor->type == SANE_TYPE_STRING) {
    return choices(wanted.option).empty() ? set_free_text(wanted.option, wanted.value)
                                          : set_text(wanted.option, wanted.value);
  }
  if (found->descriptor->type != SANE_TYPE_BOOL)
    return set_number(wanted.option, std::strtod(wanted.value.c_str(), nullptr), 0);
  SANE_Word word = wanted.value == "yes" ? SANE_TRUE : SANE_FALSE;
  const auto status =
      sane_control_option(device_.handle(), found->index, SANE_ACTION_SET_VALUE, &word, nullptr);
  if (status == SANE_STATUS_GOOD) return {};
  return fail(error_of(status, "setting " + wanted.option, Place::on_device(device_.name())));
}

Result<void> SaneOptions::set_where_offered(const OptionValues& values) {
  for (const OptionValue& wanted : values) {
    if (settable(wanted.option)) MAILROOM_TRY_VOID(set_one(wanted));
  }
  return {};
}

std::optional<std::string> SaneOptions::value(const std::string& name) const {
  const auto found = find(name);
  if (!found || found->descriptor->size < 1) return std::nullopt;
  std::vector<char> buffer(std::max(std::size_t(found->descriptor->size), sizeof(SANE_Word)) + 1);
  const auto status =
      sane_control_option(device_.handle(), found->index, SANE_ACTION_GET_VALUE, buffer.data(), nullptr);
  if (status != SANE_STATUS_GOOD) return std::nullopt;
  if (found->descriptor->type == SANE_TYPE_STRING) return std::string(buffer.data());
  SANE_Word word = 0;
  std::copy_n(buffer.data(), sizeof word, reinterpret_cast<char*>(&word));
  return short_text(number_of(*found->descriptor, word));
}

int SaneOptions::longest_text(const std::string& name) const {
  const auto found = find(name);
  const bool text = found && found->descriptor->type == SANE_TYPE_STRING;
  return text ? std::max(0, int(found->descriptor->size) - 1) : 0;
}

bool SaneOptions::answers() const {
  SANE_Int count = 0;
  const auto status = sane_control_option(device_.handle(), 0, SANE_ACTION_GET_VALUE, &count, nullptr);
  // Some drivers give no option away between a fault and the cancel; that is an answer too.
  return status != SANE_STATUS_IO_ERROR;
}

tl::unexpected<Error> SaneOptions::refusal(const Found& found, const std::string& value) const {
  return fail(Errc::unsupported,
              "the scanner does not offer " + std::string(found.descriptor->name) + " = " + value +
                  "; it offers: " + offer_of(*found.descriptor),
              Place::on_device(device_.name()), "choose a profile that fits this scanner");
}

Result<void> SaneOptions::set_text(const std::string& name, const std::string& value) {
  const auto found = find(name);
  const auto offered = choices(name);
  if (!found || !SANE_OPTION_IS_SETTABLE(found->descriptor->cap)) {
    return fail(Errc::unsupported, "the scanner has no setting '" + name + "'",
                Place::on_device(device_.name()));
  }
  if (std::find(offered.begin(), offered.end(), value) == offered.end()) return refusal(*found, value);
  return write_text(*found, value);
}

Result<void> SaneOptions::set_free_text(const std::string& name, const std::string& value) {
  const auto found = find(name);
  if (!found || !SANE_OPTION_IS_SETTABLE(found->descriptor->cap) || int(value.size()) > longest_text(name)) {
    return fail(Errc::unsupported, "the scanner does not take the text '" + value + "' as " + name,
                Place::on_device(device_.name()));
  }
  return write_text(*found, value);
}

Result<void> SaneOptions::write_text(const Found& found, const std::string& value) {
  std::vector<char> buffer(std::max(std::size_t(found.descriptor->size), value.size() + 1));
  std::copy(value.begin(), value.end(), buffer.begin());
  const auto status =
      sane_control_option(device_.handle(), found.index, SANE_ACTION_SET_VALUE, buffer.data(), nullptr);
  if (status == SANE_STATUS_GOOD) return {};
  if (status == SANE_STATUS_INVAL) return refusal(found, value);
  return fail(
      error_of(status, "setting " + std::string(found.descriptor->name), Place::on_device(device_.name())));
}

/// Sets a number and returns what the device made of it.
Result<double> SaneOptions::write_number(const Found& found, double value) {
  SANE_Word word = word_of(*found.descriptor, value);
  auto status = sane_control_option(device_.handle(), found.index, SANE_ACTION_SET_VALUE, &word, nullptr);
  if (status == SANE_STATUS_INVAL) return refusal(found, short_text(value));
  if (status == SANE_STATUS_GOOD) {
    status = sane_control_option(device_.handle(), found.index, SANE_ACTION_GET_VALUE, &word, nullptr);
  }
  if (status == SANE_STATUS_GOOD) return number_of(*found.descriptor, word);
  return fail(
      error_of(status, "setting " + std::string(found.descriptor->name), Place::on_device(device_.name())));
}

Result<void> SaneOptions::set_number(const std::string& name, double value, double tolerance) {
  const auto found = find(name);
  if (!found || !SANE_OPTION_IS_SETTABLE(found->descriptor->cap) || !is_number(*found->descriptor)) {
    return fail(Errc::unsupported, "the scanner has no setting '" + name + "'",
                Place::on_device(device_.name()));
  }
  const double bound = upper_bound(*found->descriptor).value_or(value);
  const double wanted = value > bound && value - bound <= tolerance ? bound : value;
  if (!allowed(*found->descriptor, word_of(*found->descriptor, wanted)))
    return refusal(*found, short_text(value));
  MAILROOM_TRY(const double taken, write_number(*found, wanted));
  if (std::abs(taken - value) > tolerance + 1e-4) return refusal(*found, short_text(value));
  return {};
}

Result<std::optional<int>> SaneOptions::sensor(const std::string& name, bool twice) const {
  if (name.empty()) return std::optional<int>{};
  const auto found = find(name);
  if (!found || found->descriptor->size != SANE_Int(sizeof(SANE_Word))) return std::optional<int>{};
  SANE_Word word = 0;
  for (int reading = 0; reading < (twice ? 2 : 1); reading++) {
    const auto status =
        sane_control_option(device_.handle(), found->index, SANE_ACTION_GET_VALUE, &word, nullptr);
    if (status != SANE_STATUS_GOOD) {
      return fail(error_of(status, "reading " + name, Place::on_device(device_.name())));
    }
  }
  return std::optional<int>{int(number_of(*found->descriptor, word))};
}

}  // namespace mailroom::drivers
