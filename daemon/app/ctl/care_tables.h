#pragma once

#include <nlohmann/json.hpp>
#include <ostream>

/// Answers to those who look after the mailroom, as lines a person reads.
namespace mailroom::app::ctl {

void print_erasure(std::ostream& out, const nlohmann::json& erasure);
void print_erasures(std::ostream& out, const nlohmann::json& answer);
void print_deliveries(std::ostream& out, const nlohmann::json& answer);
void print_dead_letters(std::ostream& out, const nlohmann::json& answer);
void print_lost(std::ostream& out, const nlohmann::json& answer);

}  // namespace mailroom::app::ctl
