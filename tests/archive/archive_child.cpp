#include <unistd.h>

#include <iostream>
#include <string>

#include "daemon/archive/audit.h"
#include "daemon/archive/content_store.h"
#include "daemon/archive/database_lock.h"

using namespace mailroom;
using namespace mailroom::archive;

namespace {

int tell(const Error& error) {
  std::cout << error.message() << std::endl;
  return 1;
}

int put(const std::string& folder, const std::string& text) {
  auto store = ContentStore::open(folder);
  if (!store) return tell(store.error());
  const auto digest = store->put(as_bytes(text));
  if (!digest) return tell(digest.error());
  std::cout << *digest << std::endl;
  return 0;
}

int append(const std::string& file) {
  const Migration migrations[] = {{"audit", kAuditSchema}};
  auto database = Database::open(file, migrations);
  if (!database) return tell(database.error());
  auto transaction = database->begin();
  if (!transaction) return tell(transaction.error());
  const auto head = append_audit(*transaction, SystemClock().now(), {"daemon", "test.killed", {"x"}});
  if (!head) return tell(head.error());
  if (const auto done = transaction->commit(); !done) return tell(done.error());
  return 0;
}

int take_lock(const std::string& folder, bool hold) {
  const auto lock = DataFolderLock::take(folder);
  if (!lock) return tell(lock.error());
  std::cout << "held" << std::endl;
  while (hold) ::pause();
  return 0;
}

}  // namespace

/// One step of the archive in a process of its own, which a test may kill or compete with:
/// put FOLDER TEXT, append FILE, lock FOLDER, hold FOLDER.
int main(int count, char** arguments) {
  const std::string what = count > 2 ? arguments[1] : "";
  if (what == "put" && count == 4) return put(arguments[2], arguments[3]);
  if (what == "append") return append(arguments[2]);
  if (what == "lock" || what == "hold") return take_lock(arguments[2], what == "hold");
  return 2;
}
