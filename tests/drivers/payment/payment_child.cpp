// payment_child PLACE CENTS RECORD OUTCOME: pays as the contract says: the record is durable before money is
// asked for, the outcome after it. Somebody kills it in between.

#include <string>

#include "daemon/base/durable_file.h"
#include "drivers/payment/zvt/zvt_terminal.h"

int main(int argc, char** argv) {
  using namespace mailroom;
  if (argc != 5) return 2;
  payment::zvt::ZvtSettings settings;
  settings.place = argv[1];
  payment::zvt::ZvtTerminal terminal(settings);
  const payment::PaymentOrder order{std::stoi(argv[2]), "5.0100.000001.7"};
  const auto record = terminal.prepare(order);
  if (!record || !write_durably(argv[3], as_bytes(*record))) return 1;
  const auto result = terminal.authorise(order, {}, {});
  return write_durably(argv[4], as_bytes(payment::name_of(result.outcome))) ? 0 : 1;
}
