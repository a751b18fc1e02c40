// mailroom-bench-invoice FOLDER: figures about the electronic invoices of the shared samples, a name and a
// value a line.

#include <time.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <set>
#include <thread>

#include "daemon/invoice/rules/check_invoice.h"
#include "daemon/invoice/xml/read_xml.h"
#include "tests/invoice/samples.h"

namespace {

using namespace mailroom;
using namespace mailroom::invoice;
using namespace mailroom::test;

/// Rules of the syntax bindings that are not implemented (docs/invoice-rules.md).
const std::set<std::string> kNotImplemented{"CII-DT-037", "CII-SR-046", "CII-SR-450", "CII-SR-465",
                                            "CII-SR-475", "CII-SR-476", "UBL-SR-13"};

std::set<std::string> found_in(const std::string& xml) {
  std::set<std::string> rules;
  const auto invoice = read_xml(as_bytes(xml));
  if (!invoice) return {"unreadable"};
  for (const Finding& finding : check_invoice(*invoice).findings)
    if (!finding.rule.starts_with("MR-") && finding.rule != "BR-CO-25") rules.insert(finding.rule);
  return rules;
}

void print_agreement(const std::filesystem::path& folder) {
  std::set<std::string> fired, missing;
  int files = 0, different = 0;
  for (const auto& row : table((folder / "expected.tsv").string(), 8)) {
    std::set<std::string> expected;
    for (std::size_t column = 3; column < row.size(); ++column)
      for (const auto& rule : split(row[column], ',')) expected.insert(rule);
    expected.erase("-");
    ++files;
    if (expected.count("!ERROR") != 0) continue;  // the Schematron itself stopped
    fired.insert(expected.begin(), expected.end());
    for (const auto& rule : kNotImplemented)
      if (expected.erase(rule) != 0) missing.insert(rule);
    if (found_in(text_of((folder / row[0]).string())) != expected) ++different;
  }
  std::cout << "files\t" << files << "\ndifferent\t" << different << "\nfired\t" << fired.size()
            << "\nimplemented\t" << fired.size() - missing.size() << '\n';
}

double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

void print_speed(const std::filesystem::path& folder) {
  std::vector<std::string> invoices;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".xml") invoices.push_back(text_of(entry.path().string()));
  constexpr int kRounds = 3;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (auto i = next++; i < invoices.size() * kRounds; i = next++) found_in(invoices[i % invoices.size()]);
  };
  const auto begin = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  {
    const std::jthread other(work);
    work();
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const double count = double(invoices.size() * kRounds);
  std::cout << "invoices_a_second\t" << int(count / seconds.count()) << "\ncpu_ms\t"
            << (cpu_seconds() - cpu) * 1000 / count << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 64;
  const auto rules = std::filesystem::path(argv[1]) / "rules";
  print_agreement(rules);
  print_speed(rules);
}
