#include "daemon/document/terms.h"

#include <array>

namespace mailroom {
namespace {

template <typename Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<PageRole, 7> kPageRoles = {{{PageRole::content, "content"}, {PageRole::envelope, "envelope"},
    {PageRole::attachment, "attachment"}, {PageRole::note, "note"}, {PageRole::separator, "separator"},
    {PageRole::blank, "blank"}, {PageRole::copy, "copy"}}};
constexpr Names<Priority, 3> kPriorities = {{{Priority::ordinary, "ordinary"}, {Priority::urgent, "urgent"},
    {Priority::deadline, "deadline"}}};
constexpr Names<Channel, 7> kChannels = {{{Channel::letter, "letter"},
    {Channel::deadline_letterbox, "deadline_letterbox"}, {Channel::hand_in, "hand_in"},
    {Channel::kiosk, "kiosk"}, {Channel::email, "email"}, {Channel::upload, "upload"},
    {Channel::phone_note, "phone_note"}}};
constexpr Names<Originals, 4> kOriginals = {{{Originals::destroy, "destroy"}, {Originals::keep, "keep"},
    {Originals::forward, "forward"}, {Originals::give_back, "return"}}};
constexpr Names<Confidentiality, 2> kConfidentialities = {{{Confidentiality::normal, "normal"},
    {Confidentiality::high, "high"}}};
constexpr Names<Reading, 5> kReadings = {{{Reading::none, "none"}, {Reading::invoice, "invoice"},
    {Reading::outgoing_invoice, "outgoing_invoice"}, {Reading::order, "order"}, {Reading::asset, "asset"}}};
constexpr Names<Gate, 3> kGates = {{{Gate::none, "none"}, {Gate::review, "review"},
    {Gate::quality_control, "quality_control"}}};

template <typename Enum, std::size_t N>
std::string_view name_in(const Names<Enum, N>& names, Enum value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return "unknown";
}

template <typename Enum, std::size_t N>
Result<Enum> value_in(const Names<Enum, N>& names, std::string_view wanted, const char* what) {
  std::string known;
  for (const auto& [value, name] : names) {
    if (name == wanted) return value;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  return fail(Errc::invalid_input, "'" + std::string(wanted) + "' is not a " + what, {}, "use one of: " + known);
}

}  // namespace

std::string_view name_of(PageRole v) { return name_in(kPageRoles, v); }
std::string_view name_of(Priority v) { return name_in(kPriorities, v); }
std::string_view name_of(Channel v) { return name_in(kChannels, v); }
std::string_view name_of(Originals v) { return name_in(kOriginals, v); }
std::string_view name_of(Confidentiality v) { return name_in(kConfidentialities, v); }
std::string_view name_of(Gate v) { return name_in(kGates, v); }
std::string_view name_of(Reading v) { return name_in(kReadings, v); }

Result<PageRole> page_role_from(std::string_view n) { return value_in(kPageRoles, n, "page role"); }
Result<Priority> priority_from(std::string_view n) { return value_in(kPriorities, n, "priority"); }
Result<Channel> channel_from(std::string_view n) { return value_in(kChannels, n, "channel"); }
Result<Originals> originals_from(std::string_view n) { return value_in(kOriginals, n, "fate of originals"); }
Result<Confidentiality> confidentiality_from(std::string_view n) {
  return value_in(kConfidentialities, n, "confidentiality");
}
Result<Gate> gate_from(std::string_view n) { return value_in(kGates, n, "gate"); }
Result<Reading> reading_from(std::string_view n) { return value_in(kReadings, n, "way of reading"); }

}  // namespace mailroom
