#pragma once

#include <nlohmann/json.hpp>
#include <ostream>

/// Answers of the daemon as lines a person reads.
namespace mailroom::app::ctl {

void print_status(std::ostream& out, const nlohmann::json& status);
void print_scanners(std::ostream& out, const nlohmann::json& answer);
void print_batches(std::ostream& out, const nlohmann::json& answer);
void print_clarifications(std::ostream& out, const nlohmann::json& answer);
void print_details(std::ostream& out, const nlohmann::json& details);
void print_summary(std::ostream& out, const nlohmann::json& summary);
void print_progress(std::ostream& out, const nlohmann::json& event);
void print_verification(std::ostream& out, const nlohmann::json& answer);
void print_creditors(std::ostream& out, const nlohmann::json& answer);
void print_batch_state(std::ostream& out, const nlohmann::json& batch);

}  // namespace mailroom::app::ctl
