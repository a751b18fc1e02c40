#include <algorithm>
#include <fstream>

#include "tests/faults/fault_run.h"
#include "tests/faults/office/office.h"
#include "tests/faults/office/scratch.h"
#include "tests/support/text_file.h"

/// A file of the spool or the archive is changed behind the mailroom's back. It is found and named, its
/// batch waits for a person, no recipient gets anything wrong, and everything else goes on.
namespace mailroom::faults {
namespace {

namespace fs = std::filesystem;

enum class Moment { before_reading, before_sealing, before_delivery, after_all };

const char* name_of(Moment moment) {
  switch (moment) {
    case Moment::before_reading: return "spool, before the page is read";
    case Moment::before_sealing: return "spool, before the document is sealed";
    case Moment::before_delivery: return "archive, before the document is delivered";
    case Moment::after_all: return "archive or spool, after everything was delivered";
  }
  return "";
}

std::string damage(const fs::path& file, std::mt19937_64& random) {
  std::string bytes = test::text_of(file);
  switch (random() % 3) {
    case 0: fs::remove(file); return "missing";
    case 1: bytes.resize(random() % bytes.size()); break;
    default: bytes[random() % bytes.size()] ^= char(1U << (random() % 8)); break;
  }
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  return "changed";
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Damaged {
 public:
  Damaged(FaultRun& run, Moment moment) : run_(run), moment_(moment), office_(house_.path()) {}

  std::vector<std::string> one() {
    for (int stack = 0; stack < int(world_.stacks.size()); ++stack) office_.feed(world_, stack);
    reach(Moment::before_reading);
    office_.read_asked();
    reach(Moment::before_sealing);
    office_.seal_asked();
    reach(Moment::before_delivery);
    office_.deliver(world_);
    reach(Moment::after_all);
    check_named();
    if (moment_ != Moment::after_all) {
      check_rest();
      check_way_out();
    }
    for (auto& text : broken_) text += " [" + how_ + " " + victim_.string() + "]";
    return broken_;
  }

 private:
  /// Damages one file when the moment has come, of the stack that is the victim where that is known.
  void reach(Moment now) {
    if (now != moment_) return;
    stack_ = run_.below(int(world_.stacks.size()));
    const std::string& batch = world_.stacks[std::size_t(stack_)].batch;
    std::vector<fs::path> files;
    if (now == Moment::before_reading || now == Moment::before_sealing) {
      files = files_below(house_.path() / "spool" / batch);
      // A blank back is not sealed; before sealing only what the PDF takes is read again.
      if (now == Moment::before_sealing)
        std::erase_if(files,
                      [](const fs::path& file) { return file.string().find("-back") != std::string::npos; });
    } else if (now == Moment::before_delivery) {
      files = contents_of(batch);
    } else {
      files = files_below(house_.path() / (run_.below(2) == 0 ? "spool" : "content"));
    }
    victim_ = files[std::size_t(run_.below(int(files.size())))];
    how_ = damage(victim_, run_.random());
  }

  /// The files that a recipient fetches: small contents travel within the manifest.
  std::vector<fs::path> contents_of(const std::string& batch) {
    std::vector<fs::path> files;
    const auto documents = office_.catalogue().documents().of_batch(batch).value();
    for (const auto& document : documents) {
      const auto rows = office_.catalogue().documents().contents_of(document.id).value();
      for (const auto& row : rows) {
        const bool sent = row.recipient.empty() == (world_.stacks[std::size_t(stack_)].recipients != "hr");
        if (sent && row.size > 8192) files.push_back(office_.contents().path_of(row.sha256));
      }
    }
    return files;
  }

  void check_named() {
    const auto findings = office_.findings();
    const std::string name = victim_.filename().string();
    const bool named = std::any_of(findings.begin(), findings.end(), [&](const std::string& finding) {
      return finding.find(name) != std::string::npos;
    });
    if (!named) broken_.emplace_back("verify does not name the damaged file");
  }

  void check_rest() {
    for (int stack = 0; stack < int(world_.stacks.size()); ++stack) {
      const auto batch = office_.catalogue().batches().get(world_.stacks[std::size_t(stack)].batch).value();
      const bool done = batch.state == BatchState::finished;
      if (stack == stack_ && done) broken_.emplace_back("the damaged batch counts as finished");
      if (stack != stack_ && !done) broken_.push_back("batch " + batch.number + " does not go on");
      const int open = office_.catalogue().clarifications().open_count(batch.id).value();
      if (stack == stack_ && open == 0) broken_.emplace_back("nobody is asked about the damaged batch");
    }
    for (const auto& wrong : wrong_at_recipients(world_)) {
      // Copies of the damaged stack may be missing, never doubled or mixed up.
      const bool missing = wrong.find("has 0 copies of stack " + std::to_string(stack_)) != std::string::npos;
      if (!missing) broken_.push_back(wrong);
    }
  }

  /// What is damaged in the archive only is sealed again from the captured sides and delivered.
  void check_way_out() {
    if (moment_ != Moment::before_delivery) return;
    office_.expect_question("content_damaged", "reissue");
    office_.answer_questions(world_);
    office_.seal_asked();
    office_.deliver(world_);
    const auto open = office_.unfinished(world_);
    broken_.insert(broken_.end(), open.begin(), open.end());
  }

  FaultRun& run_;
  Moment moment_;
  Scratch house_;
  World world_ = small_world();
  Office office_;
  int stack_ = 0;
  fs::path victim_;
  std::string how_;
  std::vector<std::string> broken_;
};

}  // namespace

void damage(FaultRun& run) {
  for (const Moment moment :
       {Moment::before_reading, Moment::before_sealing, Moment::before_delivery, Moment::after_all}) {
    Row& row = run.row(std::string("damage: ") + name_of(moment), 500, 10);
    while (run.goes_on(row)) {
      try {
        run.count(row, Damaged(run, moment).one());
      } catch (const std::exception& error) {
        run.count(row, {error.what()});
      }
    }
  }
}

}  // namespace mailroom::faults
