#include "daemon/document/states.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace mailroom {
namespace {

constexpr std::array<std::pair<BatchState, std::string_view>, 7> kBatchNames = {{
    {BatchState::feeding, "feeding"}, {BatchState::interrupted, "interrupted"},
    {BatchState::closed, "closed"}, {BatchState::held, "held"}, {BatchState::released, "released"},
    {BatchState::finished, "finished"}, {BatchState::discarded, "discarded"}}};

constexpr std::array<std::pair<DocumentState, std::string_view>, 8> kDocumentNames = {{
    {DocumentState::open, "open"}, {DocumentState::held, "held"},
    {DocumentState::released, "released"}, {DocumentState::sealed, "sealed"},
    {DocumentState::owed, "owed"}, {DocumentState::receipted, "receipted"},
    {DocumentState::superseded, "superseded"}, {DocumentState::withdrawn, "withdrawn"}}};

template <typename State>
struct Steps {
  State from;
  std::vector<State> to;
};

const std::vector<Steps<BatchState>>& batch_steps() {
  using enum BatchState;
  static const std::vector<Steps<BatchState>> steps = {
      {feeding, {interrupted, closed, held, discarded}},
      {interrupted, {feeding, closed, held, discarded}},
      {closed, {held, released, discarded}},
      {held, {closed, feeding, released, discarded}},
      {released, {finished}},
      {finished, {released}},  // a returned document puts its batch back to work
      {discarded, {}}};
  return steps;
}

const std::vector<Steps<DocumentState>>& document_steps() {
  using enum DocumentState;
  static const std::vector<Steps<DocumentState>> steps = {
      {open, {held, released, withdrawn}},
      {held, {open, released, withdrawn}},
      {released, {sealed, held}},
      {sealed, {owed}},
      {owed, {receipted, superseded, withdrawn}},
      {receipted, {superseded}},
      {superseded, {}},
      {withdrawn, {}}};
  return steps;
}

template <typename State>
Result<void> check(const std::vector<Steps<State>>& table, State from, State to, const char* what) {
  const auto row = std::find_if(table.begin(), table.end(), [&](const auto& r) { return r.from == from; });
  if (row != table.end() && std::find(row->to.begin(), row->to.end(), to) != row->to.end()) return {};
  return fail(Errc::illegal_state, std::string("a ") + what + " that is " + std::string(name_of(from)) +
                                       " cannot become " + std::string(name_of(to)));
}

template <typename State, std::size_t N>
Result<State> state_in(const std::array<std::pair<State, std::string_view>, N>& names, std::string_view wanted) {
  for (const auto& [state, name] : names) {
    if (name == wanted) return state;
  }
  return fail(Errc::corrupt, "'" + std::string(wanted) + "' is not a known state");
}

}  // namespace

std::string_view name_of(BatchState state) { return kBatchNames.at(std::size_t(state)).second; }
std::string_view name_of(DocumentState state) { return kDocumentNames.at(std::size_t(state)).second; }
Result<BatchState> batch_state_from(std::string_view name) { return state_in(kBatchNames, name); }
Result<DocumentState> document_state_from(std::string_view name) { return state_in(kDocumentNames, name); }

Result<void> check_step(BatchState from, BatchState to) { return check(batch_steps(), from, to, "batch"); }
Result<void> check_step(DocumentState from, DocumentState to) {
  return check(document_steps(), from, to, "document");
}

}  // namespace mailroom
