#include "drivers/card/eid/identifiers.h"

namespace mailroom::card {

Bytes bsi_identifier(std::initializer_list<std::uint8_t> arcs) {
  Bytes content{0x04, 0x00, 0x7F, 0x00, 0x07};
  for (const std::uint8_t arc : arcs) content.push_back(arc);
  return content;
}

}  // namespace mailroom::card
